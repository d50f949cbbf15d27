"""Messages of people that no webhook brought: Twilio gives up after its retries, but lists what it has."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from twilio.rest import Client

from bot.channels.whatsapp.incoming import PREFIX
from bot.channels.whatsapp.intake import Intake
from store import whatsapp as store
from store.database import Database

log = structlog.get_logger()

LONGEST = timedelta(hours=24)
"""Older messages could not be answered freely any more."""
OVERLAP = timedelta(minutes=10)
"""For clocks that differ, and for a list that is not quite in its order."""
_SETTLING = timedelta(seconds=20)
"""A younger message may still be on its way by webhook, which tells more than the list does."""
_PAGE = 200
"""Messages asked for at a time. However many there are, all are looked at; only what was missed is kept in memory."""


@dataclass(frozen=True, slots=True)
class _Listed:
    """What the list tells of a message."""

    sid: str
    sender: str
    body: str
    media: int
    sent_at: datetime


class Reconciliation:
    """Takes in what was missed, oldest first, since the last round that was done to its end.

    What webhooks bring says nothing about it: the first one after an outage comes before what the outage swallowed.
    """

    def __init__(self, database: Database, client: Client, intake: Intake, *, sender: str) -> None:
        self._database = database
        self._client = client
        self._intake = intake
        self._sender = sender

    async def run_once(self, *, now: datetime | None = None) -> int:
        """How many messages were taken in. A service that never had a message begins with those of the last minutes."""
        now = now or datetime.now(UTC)
        async with self._database.reading() as session:
            known = min(await store.reconciled_up_to(session, self._sender) or now, now)
        if now - known > LONGEST:
            log.warning("messages older than a day are not looked for", since=known.isoformat())
        since, until = max(now - LONGEST, known - OVERLAP), now - _SETTLING
        missed = await self._missed(since, until)
        taken = 0
        for message in missed:
            taken += await self._take(message)
        if taken == len(missed):
            async with self._database.transaction() as session:
                await store.note_reconciled(session, self._sender, until)
        if taken:
            log.info("missed messages taken in", count=taken)
        return taken

    async def _missed(self, since: datetime, until: datetime) -> list[_Listed]:
        missed: list[_Listed] = []
        async for page in self._pages(since):
            inbound = [message for message in page if since <= message.sent_at <= until]
            async with self._database.reading() as session:
                unseen = await store.unseen(session, [message.sid for message in inbound])
            missed += [message for message in inbound if message.sid in unseen]
        return sorted(missed, key=lambda message: message.sent_at)

    async def _pages(self, since: datetime) -> AsyncIterator[Sequence[_Listed]]:
        """What people sent us, newest first. The list may begin days earlier, for Twilio goes by dates: it is left where
        it has come to what is surely older."""
        page = await self._client.messages.page_async(to=self._sender, date_sent_after=since, page_size=_PAGE)
        while page is not None:
            listed = [_listed(message) for message in page if message.direction == "inbound"]
            yield [message for message in listed if message.sender.startswith(PREFIX)]
            if listed and listed[-1].sent_at < since - OVERLAP:
                return
            page = await page.next_page_async()

    async def _take(self, message: _Listed) -> bool:
        """False where it did not come right: the others are taken in all the same, and it is looked for again."""
        try:
            await self._intake.accept(await self._form(message), written_at=message.sent_at)
        except Exception as error:
            log.warning("missed message not taken in", error=type(error).__name__)
            return False
        return True

    async def _form(self, message: _Listed) -> dict[str, str]:
        """The fields of the webhook, as far as the list knows them: a button's words but not its payload, no place."""
        form = {"MessageSid": message.sid, "From": message.sender, "Body": message.body}
        if message.media:
            for number, medium in enumerate(await self._client.messages(message.sid).media.list_async(limit=10)):
                form[f"MediaUrl{number}"] = f"https://api.twilio.com{str(medium.uri).removesuffix('.json')}"
                form[f"MediaContentType{number}"] = str(medium.content_type)
        async with self._database.reading() as session:
            address = await store.address_of(session, form["From"])
        if address is not None and address != form["From"].removeprefix(PREFIX):
            form["ExternalUserId"] = address
        return form


def _listed(message: Any) -> _Listed:
    at = message.date_sent or message.date_created
    return _Listed(
        sid=str(message.sid),
        sender=str(message.from_),
        body=str(message.body or ""),
        media=int(message.num_media or 0),
        sent_at=at if isinstance(at, datetime) else datetime.now(UTC),
    )
