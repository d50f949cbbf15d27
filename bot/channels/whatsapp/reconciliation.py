"""Messages of people that no webhook brought: Twilio gives up after its retries, but lists what it has."""

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
_SETTLING = timedelta(seconds=20)
"""A younger message may still be on its way by webhook, which tells more than the list does."""
_MOST = 2_000


class Reconciliation:
    """Takes in what was missed, oldest first."""

    def __init__(self, database: Database, client: Client, intake: Intake, *, sender: str) -> None:
        self._database = database
        self._client = client
        self._intake = intake
        self._sender = sender

    async def run_once(self, *, now: datetime | None = None) -> int:
        """How many messages were taken in. A service that never had a message begins with those of the last minutes."""
        now = now or datetime.now(UTC)
        async with self._database.transaction() as session:
            newest = await store.newest_seen_at(session)
        since = max(now - LONGEST, (newest or now) - OVERLAP)
        listed = await self._client.messages.list_async(to=self._sender, date_sent_after=since, limit=_MOST)
        inbound = [
            message
            for message in listed
            if message.direction == "inbound"
            and str(message.from_).startswith(PREFIX)
            and since <= _sent_at(message) <= now - _SETTLING
        ]
        async with self._database.transaction() as session:
            unseen = await store.unseen(session, [str(message.sid) for message in inbound])
        missed = sorted((message for message in inbound if message.sid in unseen), key=_sent_at)
        for message in missed:
            await self._intake.accept(await self._form(message), written_at=_sent_at(message))
        if missed:
            log.info("missed messages taken in", count=len(missed))
        return len(missed)

    async def _form(self, message: Any) -> dict[str, str]:
        """The fields of the webhook, as far as the list knows them: a button's words but not its payload, no place."""
        form = {"MessageSid": str(message.sid), "From": str(message.from_), "Body": str(message.body or "")}
        if int(message.num_media or 0):
            for number, medium in enumerate(await self._client.messages(message.sid).media.list_async(limit=10)):
                form[f"MediaUrl{number}"] = f"https://api.twilio.com{str(medium.uri).removesuffix('.json')}"
                form[f"MediaContentType{number}"] = str(medium.content_type)
        async with self._database.transaction() as session:
            address = await store.address_of(session, form["From"])
        if address is not None and address != form["From"].removeprefix(PREFIX):
            form["ExternalUserId"] = address
        return form


def _sent_at(message: Any) -> datetime:
    at = message.date_sent or message.date_created
    return at if isinstance(at, datetime) else datetime.now(UTC)
