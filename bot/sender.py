"""Sends what waits in the outbox: each chat in its order, at the provider's pace, each message once."""

import asyncio
import contextlib
import itertools
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.channels.channel import Channel, Failure, SendFailed
from bot.metrics import Metrics
from bot.pacing import OLDEST, Throttle, after_sending, wait_before_retry
from bot.presence import Presence
from bot.reception import Reception
from nlu.understanding import Language
from store import inbox, outbox
from store.database import Database

log = structlog.get_logger()
T = TypeVar("T")

_SECONDS_BETWEEN_LOOKS = 0.25
_SLOW_SECONDS = 1.5
_SECONDS_TO_SEND = 60.0
_UNDER_WAY = timedelta(seconds=_SECONDS_TO_SEND)
_MOST_SLOW = 32
_TRIES_TO_STORE = 600
_CHATS_THAT_SPEAK_FOR_ALL = 3
"""So many chats in a row told to wait: the provider means the whole channel."""


@dataclass(frozen=True, slots=True)
class Sent:
    """The provider took the message."""

    provider_id: str | None


class Sender:
    """Sends until it is stopped.

    A message is sent, then what became of it is stored. Killed in between, nobody can know; it is sent again, for silence
    would be worse. That is why `at_once` is small: at most so many people can get a message twice after a crash. A send
    that is slow does not hold up the others: it is noted as uncertain, which is never sent again, and the next one goes.
    """

    def __init__(
        self,
        database: Database,
        channels: Mapping[str, Channel],
        presence: Presence,
        *,
        at_once: int = 1,
        metrics: Metrics | None = None,
        reception: Reception | None = None,
    ) -> None:
        """New messages at `reception` go before sends."""
        self._database = database
        self._channels = channels
        self._presence = presence
        self._at_once = at_once
        self._metrics = metrics or Metrics()
        self._reception = reception
        self._throttles = {name: Throttle(channel.pace.per_second) for name, channel in channels.items()}
        self._told_to_wait: dict[str, set[int]] = {name: set() for name in channels}
        self._slow: set[asyncio.Task[None]] = set()
        self._wake = asyncio.Event()
        self._stopping = False

    @property
    def stopping(self) -> bool:
        """Whether it was told to stop."""
        return self._stopping

    def wake(self) -> None:
        """Tells that a reply was stored."""
        self._wake.set()

    def stop(self) -> None:
        """Lets `run` end once what is under way has its answer."""
        self._stopping = True
        self._wake.set()

    async def run(self) -> None:
        """Works until stopped."""
        if not self._channels:
            return
        await asyncio.gather(*(self._run_lane() for _ in range(self._at_once)))
        await asyncio.gather(*self._slow, return_exceptions=True)

    async def _run_lane(self) -> None:
        while not self._stopping:
            self._wake.clear()
            claim: outbox.Claim | None = None
            try:
                async with self._database.transaction(urgent=True) as session:
                    claim = await self._claim_in(session)
                while claim is not None:
                    claim = await self._send(claim)
            except Exception as error:
                log.error("sender stumbled", exc_info=error)
                await self._give_back(claim)
            if self._stopping:
                return
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), timeout=self._until_next_look())

    async def _claim_in(self, session: AsyncSession) -> outbox.Claim | None:
        ready = [name for name, throttle in self._throttles.items() if throttle.delay() <= 0]
        if self._stopping or not ready or not self._presence.sure or len(self._slow) >= _MOST_SLOW:
            return None
        await session.flush()
        return await outbox.claim_next(session, self._presence.holder(), channels=ready)

    def _until_next_look(self) -> float:
        delays = [delay for throttle in self._throttles.values() if (delay := throttle.delay()) > 0]
        return min([_SECONDS_BETWEEN_LOOKS, *delays])

    async def _give_back(self, claim: outbox.Claim | None) -> None:
        """After a failure, whatever it was and however long the database is away: the chat must not stay ours for ever."""
        await asyncio.sleep(1)
        if claim is None:
            return

        async def release(session: AsyncSession) -> None:
            await outbox.release(session, claim, self._presence.id, after=None, pace=claim.pace)

        try:
            await self._persistently(release, tries=None)
        except Exception as error:
            log.error("a chat not given back", reply=claim.outbox_id, exc_info=error)

    async def _persistently(
        self, action: Callable[[AsyncSession], Awaitable[T]], *, tries: int | None = _TRIES_TO_STORE
    ) -> T:
        """Runs `action` in a transaction, again and again while the database is away: what was sent must be noted."""
        for attempt in itertools.count(1):
            try:
                async with self._database.transaction(urgent=True) as session:
                    return await action(session)
            except SQLAlchemyError as error:
                if attempt == tries:
                    raise
                log.error("cannot store", error=type(error).__name__)
                await asyncio.sleep(1)
        raise AssertionError("unreachable")

    async def _send(self, claim: outbox.Claim) -> outbox.Claim | None:
        """Sends one message of a reply, stores what became of it and takes the next one in the same transaction."""
        claim = self._rendered(claim)
        if claim.outgoing is None:
            return await self._store(claim, SendFailed(Failure.REFUSED, "cannot be rendered"))
        if claim.position >= len(claim.outgoing):
            return await self._store(claim, Sent(None))
        outgoing, channel = claim.outgoing, self._channels[claim.channel]
        if self._reception is not None:
            await self._reception.quiet()
        self._throttles[claim.channel].count(self._presence.alive)
        task = asyncio.create_task(self._attempt(channel, claim.address, outgoing[claim.position]))
        await asyncio.wait({task}, timeout=_SLOW_SECONDS)
        if task.done():
            return await self._store(claim, task.result())

        async def put_to_doubt(session: AsyncSession) -> outbox.Claim | None:
            await self._advance(session, claim, None, "uncertain", datetime.now(UTC))
            return await self._claim_in(session)

        following = await self._persistently(put_to_doubt)
        slow = asyncio.create_task(self._finish_slow(claim, task))
        self._slow.add(slow)
        slow.add_done_callback(self._slow.discard)
        return following

    async def _attempt(self, channel: Channel, address: str, message: Mapping[str, Any]) -> Sent | SendFailed:
        try:
            async with asyncio.timeout(_SECONDS_TO_SEND):
                return Sent(await channel.send(address, message))
        except SendFailed as failed:
            return failed
        except Exception as error:
            log.error("send failed", channel=channel.name, exc_info=error)
            return SendFailed(Failure.UNCERTAIN, type(error).__name__)

    async def _finish_slow(self, claim: outbox.Claim, task: "asyncio.Task[Sent | SendFailed]") -> None:
        try:
            await self._store(claim, await task, was_slow=True)
        except Exception as error:
            log.error("sender stumbled", exc_info=error)
            await self._give_back(claim)
        self._wake.set()

    async def _store(
        self, claim: outbox.Claim, outcome: Sent | SendFailed, *, was_slow: bool = False
    ) -> outbox.Claim | None:
        """Stores what became of a message and takes the next reply to send (unless it was a slow one)."""
        now = datetime.now(UTC)
        self._note(claim, outcome)

        async def store(session: AsyncSession) -> outbox.Claim | None:
            pace: datetime | None
            after: datetime | None
            pace, after = after_sending(self._channels[claim.channel].pace, claim.pace, now)
            match outcome:
                case Sent(provider_id=provider_id) if was_slow:
                    await outbox.settle_doubt(session, claim, provider_id=provider_id, now=now)
                case Sent(provider_id=provider_id):
                    await self._advance(session, claim, provider_id, "accepted", now)
                case SendFailed(failure=Failure.UNCERTAIN):
                    if not was_slow:
                        await self._advance(session, claim, None, "uncertain", now)
                case SendFailed():
                    pace = claim.pace
                    after = await self._store_failure(session, claim, outcome, now)
            await session.flush()
            await outbox.release(session, claim, self._presence.id, after=after, pace=pace)
            return None if was_slow else await self._claim_in(session)

        return await self._persistently(store)

    async def _advance(
        self, session: AsyncSession, claim: outbox.Claim, provider_id: str | None, state: str, now: datetime
    ) -> None:
        outgoing = claim.outgoing or []
        await outbox.advance(session, claim, outgoing=outgoing, provider_id=provider_id, state=state, now=now)

    async def _store_failure(
        self, session: AsyncSession, claim: outbox.Claim, failed: SendFailed, now: datetime
    ) -> datetime | None:
        """Stores a failure after which the message is certainly not there; when the chat may be tried again."""
        outgoing, reason = claim.outgoing or [], str(failed)
        match failed.failure:
            case Failure.MOVED if failed.address:
                await outbox.stumble(session, claim, outgoing=outgoing, state="new", reason=reason)
                await session.flush()
                await outbox.move(session, claim, failed.address, now=now)
                return None
            case Failure.RETRY if now - claim.created_at < OLDEST:
                await outbox.stumble(session, claim, outgoing=outgoing, state="new", reason=reason)
                seconds = failed.wait if failed.wait is not None else wait_before_retry(claim.attempts)
                return now + timedelta(seconds=seconds)
            case Failure.CLOSED:
                # They may have written while this send was under way; then there is nothing to wait for.
                wrote = await inbox.wrote_since(session, claim.conversation_id, now - _UNDER_WAY)
                state = "new" if wrote else "waiting"
                await outbox.stumble(session, claim, outgoing=outgoing, state=state, reason=reason)
                return now + timedelta(seconds=1) if wrote else None
            case Failure.UNREACHABLE:
                await outbox.stumble(session, claim, outgoing=outgoing, state="new", reason=reason)
                await session.flush()
                await outbox.put_aside(session, claim.conversation_id)
                return None
            case _:
                await outbox.stumble(session, claim, outgoing=outgoing, state="failed", reason=reason)
                return None

    def _note(self, claim: outbox.Claim, outcome: Sent | SendFailed) -> None:
        told = self._told_to_wait[claim.channel]
        if isinstance(outcome, Sent):
            told.clear()
            self._metrics.sent(claim.channel, "sent", throttled=False)
            return
        failure = outcome.failure
        throttled = failure is Failure.RETRY and outcome.wait is not None
        self._metrics.sent(claim.channel, failure.value, throttled=throttled)
        log.warning(
            "not sent",
            channel=claim.channel,
            person=f"{claim.channel}:{claim.address}",
            reply=claim.outbox_id,
            failure=failure.value,
            reason=outcome.reason,
        )
        if throttled and outcome.wait is not None:
            told.add(claim.conversation_id)
            if len(told) >= _CHATS_THAT_SPEAK_FOR_ALL:
                self._throttles[claim.channel].pause(outcome.wait)
                told.clear()

    def _rendered(self, claim: outbox.Claim) -> outbox.Claim:
        """The claim with the provider's messages, as they were fixed at the first attempt or made now."""
        if claim.outgoing is not None:
            return claim
        try:
            language = Language(_language(claim))
            rendered = self._channels[claim.channel].render(claim.parts, language=language, occasion=claim.occasion)
            return replace(claim, outgoing=[dict(message) for message in rendered])
        except Exception as error:
            log.error("cannot be rendered", channel=claim.channel, reply=claim.outbox_id, exc_info=error)
            return claim


def _language(claim: outbox.Claim) -> str:
    written = (str(part["language"]) for part in claim.parts if part.get("language"))
    return next(written, claim.language or Language.FRENCH.value)
