"""Works through the inbox: each message is handled in one transaction; one that cannot be is parked with an apology."""

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from actions.turn import Incoming
from bot.attachments import Attachments
from bot.channels.channel import Channel
from bot.conversation import Answer, Clock, Conversations, Rows
from bot.metrics import Metrics
from bot.presence import Presence
from bot.reception import Reception
from nlu.understanding import Understanding
from store import inbox, outbox
from store.database import Database

log = structlog.get_logger()

MOST_TOGETHER = 8
"""Messages that are understood and answered together, in one transaction, when so many people wait.

Not more: whoever hands in a new message waits for that transaction.
"""
_SECONDS_UNTIL_SLOW = 0.1
_MOST_SLOW = 16
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


@dataclass(frozen=True, slots=True)
class _Read:
    """A message that was claimed, and what it says; `said` is None for what needs no reply."""

    claim: inbox.Claim
    parsed: Sequence[Incoming | None]
    """It, and the further photos that were sent with it."""

    @property
    def said(self) -> Incoming | None:
        return as_one([incoming for incoming in self.parsed if incoming is not None])


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
        reception: Reception | None = None,
    ) -> None:
        """`channels` parse what they stored raw; `serves` names the channels whose messages are taken, None for all.

        `retry_after`: seconds before the second and the third attempt. New messages at `reception` go before turns.
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
        self._reception = reception
        self._wake = asyncio.Event()
        self._slow: set[asyncio.Task[None]] = set()
        self._stopping = False

    def stop(self) -> None:
        """Lets `run` end after the messages it is handling: a turn is never cut in the middle."""
        self._stopping = True
        self._wake.set()

    @property
    def stopping(self) -> bool:
        """Whether it was told to stop."""
        return self._stopping

    def wake(self) -> None:
        """Tells that a message was stored."""
        self._wake.set()

    async def run(self) -> None:
        """Works until stopped."""
        while not self._stopping:
            self._wake.clear()
            try:
                claims = await self._claim(MOST_TOGETHER)
                while claims:
                    claims = await self._answer(await self._read_quickly(claims), go_on=MOST_TOGETHER)
            except Exception as error:  # The database is away.
                log.error("worker stumbled", exc_info=error)
                await asyncio.sleep(1)
            if not self._stopping:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), timeout=_SECONDS_BETWEEN_LOOKS)
        await asyncio.gather(*self._slow, return_exceptions=True)

    async def handle_next(self) -> bool:
        """Handles the oldest waiting message; false when there is none."""
        claims = await self._claim(1)
        for claim in claims:
            await self._answer_once_read(claim, self._read(claim))
        return bool(claims)

    async def _claim(self, most: int) -> list[inbox.Claim]:
        async with self._database.transaction() as session:
            return await self._claim_in(session, most)

    async def _claim_in(self, session: AsyncSession, most: int) -> list[inbox.Claim]:
        """The oldest waiting messages of as many people, `most` at most."""
        claims: list[inbox.Claim] = []
        await session.flush()
        while not self._stopping and len(claims) < most and len(self._slow) < _MOST_SLOW:
            claim = await inbox.claim_next(session, self._presence.holder(), channels=self._serves)
            if claim is None:
                break
            claims.append(claim)
        return claims

    async def _read_quickly(self, claims: Sequence[inbox.Claim]) -> list[_Read]:
        """What the messages say; one whose photo is still on its way is left to itself, so that nobody waits for it."""
        reading = [(claim, asyncio.create_task(self._read(claim))) for claim in claims]
        await asyncio.wait([task for _, task in reading], timeout=_SECONDS_UNTIL_SLOW)
        known: list[_Read] = []
        for claim, task in reading:
            if task.done() and not task.exception():
                known.append(task.result())
            else:
                slow = asyncio.create_task(self._answer_once_read(claim, task))
                self._slow.add(slow)
                slow.add_done_callback(self._slow.discard)
        return known

    async def _answer_once_read(self, claim: inbox.Claim, reading: Awaitable[_Read]) -> None:
        try:
            read = await reading
        except Exception as error:
            await self._give_up(claim, error)
            return
        await self._answer([read])

    async def _read(self, claim: inbox.Claim) -> _Read:
        payloads = (claim.payload, *(payload for _, payload in claim.together))
        return _Read(claim, [await self._parsed(claim, payload) for payload in payloads])

    async def _answer(self, messages: Sequence[_Read], *, go_on: int = 0) -> list[inbox.Claim]:
        """Answers messages; in the transaction of the last one as many as `go_on` further ones are taken.

        When that fails, each is answered by itself: one that cannot be does not take the others with it.
        """
        waiting = deque(messages)
        try:
            await self._let_in()
            meanings = deque(self._conversations.understand([message.said for message in messages]))
            while True:
                await self._let_in()
                following = await self._answer_together(waiting, meanings, go_on=go_on)
                if not waiting:
                    return following
        except Exception as error:
            if len(messages) == 1:
                await self._give_up(messages[0].claim, error)
            else:
                log.warning("answering one by one", error=type(error).__name__)
                for message in waiting:
                    await self._answer([message])
            return await self._claim(go_on) if go_on else []

    async def _let_in(self) -> None:
        """Whoever hands in a message now."""
        if self._reception is not None:
            await self._reception.quiet()

    async def _answer_together(
        self, waiting: deque[_Read], meanings: deque[Understanding | None], *, go_on: int
    ) -> list[inbox.Claim]:
        """Answers as many as nobody minds in one transaction, and takes them off what waits."""
        started = time.monotonic()
        answers: list[Answer] = []
        count = 0
        async with self._database.transaction() as session:
            now = self._clock()
            for read, meaning in zip(waiting, meanings, strict=True):
                if count:
                    await asyncio.sleep(0)  # Webhooks that came meanwhile are heard.
                    if self._reception and self._reception.waits:
                        break
                answer = await self._turn(session, read, meaning, now)
                answers += [answer] if answer is not None else []
                count += 1
            await self._conversations.store(session, answers, now=now)
            following = await self._claim_in(session, go_on) if count == len(waiting) else []
        seconds = time.monotonic() - started
        for _ in range(count):
            claim = waiting.popleft().claim
            meanings.popleft()
            self._metrics.turns.labels("done").inc()
            self._metrics.turn_seconds.observe(seconds)
            log.info("turn done", person=claim.person, channel=claim.channel, seconds=round(seconds, 3))
            self._on_reply(claim.conversation_id)
        await self._clean_up([answer.files for answer in answers if answer.files is not None])
        return following

    async def _clean_up(self, forgotten: Sequence[Sequence[str]]) -> None:
        """After people who asked to be forgotten. The answers are stored: what fails here undoes nothing."""
        try:
            for files in forgotten:
                self._attachments.delete(files)
            if forgotten:
                await self._database.scrub()
        except (OSError, SQLAlchemyError) as error:
            log.error("not all was cleaned up", exc_info=error)

    async def _turn(
        self, session: AsyncSession, read: _Read, meaning: Understanding | None, now: datetime
    ) -> Answer | None:
        """The answer to one message, within the caller's transaction; None where there is nothing to answer."""
        claim, said = read.claim, read.said
        claimed = await inbox.claimed(session, claim, self._presence.id)
        if claimed is None:
            return None
        message, conversation = claimed
        for row, incoming in zip(await inbox.album_of(session, claim), read.parsed[1:], strict=True):
            row.payload, row.state = _kept(row.payload, incoming), "done"
        rows = Rows(message, conversation, _kept(message.payload, read.parsed[0]) if said is not None else {})
        if said is None:
            rows.done()
            return None
        return await self._conversations.answer(session, rows, said, meaning=meaning, now=now)

    async def _parsed(self, claim: inbox.Claim, payload: Mapping[str, Any]) -> Incoming | None:
        """What to handle; None for what needs no reply. Media are fetched here, outside of any transaction."""
        if "raw" not in payload:
            return Incoming.from_dict(payload)
        async with asyncio.timeout(_SECONDS_TO_PARSE):
            return await self._channels[claim.channel].parse(payload["raw"])

    async def _give_up(self, claim: inbox.Claim, error: Exception) -> None:
        """For now; after some attempts the message is parked."""
        log.error("turn failed", person=claim.person, message=claim.message_id, exc_info=error)
        await self._after_failure(claim)
        self._on_reply(claim.conversation_id)

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
            outbox.put(session, conversation, message.id, parts, now=self._clock())
