"""Works through the inbox: each message is handled in one transaction; one that cannot be is parked with an apology."""

import asyncio
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from actions.turn import Incoming
from bot.attachments import Attachments
from bot.channels.channel import Channel
from bot.conversation import Clock, Conversations
from bot.metrics import Metrics
from bot.presence import Presence
from store import inbox, outbox
from store.database import Database

log = structlog.get_logger()

LANES = 4
"""Conversations handled side by side: while one waits for the download of a photo, the others go on."""
_SECONDS_BETWEEN_LOOKS = 0.25
"""How often an idle worker looks for what other processes accepted."""
_SECONDS_TO_PARSE = 120.0


def wall_clock() -> datetime:
    return datetime.now(UTC)


def as_one(messages: Sequence[Incoming]) -> Incoming | None:
    """What messages that were sent together say: all their photos, and the words under one of them."""
    first = next((message for message in messages if message.photo), messages[0] if messages else None)
    if first is None:
        return None
    photos = tuple(photo for message in messages for photo in message.photos)
    words = next((message.text for message in messages if message.text), None)
    return replace(first, text=words, further_photos=photos[1:])


def _kept(payload: Mapping[str, Any], incoming: Incoming | None) -> dict[str, Any]:
    """What the inbox keeps of a message: not its raw form, and nothing of what needs no reply."""
    if "raw" not in payload:
        return dict(payload)
    return {} if incoming is None else incoming.as_dict()


class Worker:
    """Handles messages until it is stopped: of one conversation one after another, in the order they were accepted."""

    def __init__(
        self,
        database: Database,
        conversations: Conversations,
        attachments: Attachments,
        *,
        presence: Presence | None = None,
        channels: Mapping[str, Channel] | None = None,
        serves: Collection[str] | None = None,
        clock: Clock = wall_clock,
        metrics: Metrics | None = None,
        retry_after: Sequence[float] = (1.0, 10.0),
        on_reply: Callable[[int], None] = lambda conversation_id: None,
    ) -> None:
        """`channels` parse what they stored raw; `serves` names the channels whose messages are taken, None for all.

        `retry_after`: seconds before the second and the third attempt.
        """
        self._database = database
        self._conversations = conversations
        self._attachments = attachments
        self._presence = presence or Presence(database)
        self._channels = channels or {}
        self._serves = serves
        self._clock = clock
        self._metrics = metrics or Metrics()
        self._retry_after = retry_after
        self._on_reply = on_reply
        self._wake = asyncio.Event()
        self._stopping = False

    def stop(self) -> None:
        """Lets `run` end after the messages it is handling: a turn is never cut in the middle."""
        self._stopping = True
        self._wake.set()

    def wake(self) -> None:
        """Tells that a message was stored."""
        self._wake.set()

    async def run(self) -> None:
        """Works until stopped."""
        await asyncio.gather(*(self._run_lane(scout=lane == 0) for lane in range(LANES)))

    async def handle_next(self) -> bool:
        """Handles the oldest waiting message; false when there is none."""
        claim = await self._claim()
        if claim is None:
            return False
        await self._handle(claim, go_on=False)
        return True

    async def _run_lane(self, *, scout: bool) -> None:
        """One of several; only the scout looks by itself, it wakes the others when there is something."""
        while not self._stopping:
            self._wake.clear()
            try:
                claim = await self._claim()
                while claim is not None:
                    claim = await self._handle(claim)
            except Exception as error:  # The database is away.
                log.error("worker stumbled", exc_info=error)
                await asyncio.sleep(1)
            if self._stopping:
                return
            try:
                await asyncio.wait_for(self._wake.wait(), timeout=_SECONDS_BETWEEN_LOOKS if scout else None)
            except TimeoutError:
                continue

    async def _claim(self) -> inbox.Claim | None:
        async with self._database.transaction() as session:
            return await self._claim_in(session)

    async def _claim_in(self, session: AsyncSession) -> inbox.Claim | None:
        if self._stopping:
            return None
        return await inbox.claim_next(session, self._presence.holder(), channels=self._serves)

    async def _handle(self, claim: inbox.Claim, *, go_on: bool = True) -> inbox.Claim | None:
        """Handles one message and, with `go_on`, takes the next one in the same transaction."""
        following: inbox.Claim | None = None
        try:
            parsed = [
                await self._parsed(claim, payload) for payload in (claim.payload, *(p for _, p in claim.together))
            ]
            said = as_one([incoming for incoming in parsed if incoming is not None])
            forgotten: list[str] | None = None
            started = time.monotonic()
            meaning = self._conversations.understand(said) if said is not None else None
            async with self._database.transaction() as session:
                rows = await inbox.claimed(session, claim, self._presence.id)
                if rows is None:
                    return None
                message, conversation = rows
                for row, incoming in zip(await inbox.album_of(session, claim), parsed[1:], strict=True):
                    row.payload, row.state = _kept(row.payload, incoming), "done"
                if said is None:
                    message.payload, message.state = {}, "done"
                    conversation.turn_holder, conversation.turn_after = None, None
                else:
                    forgotten = await self._conversations.handle(
                        session,
                        message,
                        conversation,
                        said,
                        payload=_kept(message.payload, parsed[0]),
                        meaning=meaning,
                        now=self._clock(),
                    )
                taken = await self._claim_in(session) if go_on else None
            following = taken
            seconds = time.monotonic() - started
            self._metrics.turns.labels("done").inc()
            self._metrics.turn_seconds.observe(seconds)
            log.info("turn done", person=claim.person, channel=claim.channel, seconds=round(seconds, 3))
            if forgotten is not None:
                self._attachments.delete(forgotten)
                await self._database.scrub()
        except asyncio.CancelledError:
            raise
        except Exception as error:
            log.error("turn failed", person=claim.person, message=claim.message_id, exc_info=error)
            await self._after_failure(claim)
        self._on_reply(claim.conversation_id)
        return following

    async def _parsed(self, claim: inbox.Claim, payload: Mapping[str, Any]) -> Incoming | None:
        """What to handle; None for what needs no reply. Media are fetched here, outside of any transaction."""
        if "raw" not in payload:
            return Incoming.from_dict(payload)
        async with asyncio.timeout(_SECONDS_TO_PARSE):
            return await self._channels[claim.channel].parse(payload["raw"])

    async def _after_failure(self, claim: inbox.Claim) -> None:
        """Lets the message be tried again or parks it, however long the database is away: the chat must not stay ours."""
        while True:
            try:
                await self._count_failure(claim)
                return
            except SQLAlchemyError as error:
                log.error("cannot store", error=type(error).__name__)
                await asyncio.sleep(1)

    async def _count_failure(self, claim: inbox.Claim) -> None:
        async with self._database.transaction() as session:
            rows = await inbox.claimed(session, claim, self._presence.id)
            if rows is None:
                return
            message, conversation = rows
            message.attempts += 1
            conversation.turn_holder = None
            if message.attempts < inbox.MAX_ATTEMPTS:
                seconds = self._retry_after[min(message.attempts, len(self._retry_after)) - 1]
                conversation.turn_after = datetime.now(UTC) + timedelta(seconds=seconds)
                self._metrics.turns.labels("failed").inc()
                return
            message.state, conversation.turn_after = "parked", None
            self._metrics.turns.labels("parked").inc()
            parts = self._conversations.apology(conversation)
            outbox.put(session, conversation.id, message.id, parts, now=self._clock())
