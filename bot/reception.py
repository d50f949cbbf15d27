"""Where channels hand in what came: stored once, then the worker is woken. Only after that may a message be confirmed."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.channels.channel import Raw
from bot.metrics import Metrics
from store import inbox, outbox
from store.database import Database

_WAITED_TOO_LONG = {
    "": timedelta(days=7),
    "request": timedelta(days=7),
    "change": timedelta(days=2),
    "remind": timedelta(minutes=15),
}
"""How long what waits for a person's next message is worth saying, by the first word of a push key; "" is for answers."""
_PUSH_WAITED_TOO_LONG = timedelta(hours=6)
"""For all other pushes: a reminder of a talk is of no use on the next day."""
_MOST_TOGETHER = 64
_LONGEST_QUIET = 0.02
"""Seconds; under a steady rush of messages replies must go on all the same."""
_TURNS_UNTIL_ANSWERED = 3
"""Of the event loop, from a message stored to the webhook's answer on its way."""

Beside = Callable[[AsyncSession], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class _Handed:
    """A message that was handed in, and whoever waits to hear that it is stored."""

    arrival: inbox.Arrival
    beside: Beside | None
    stored: "asyncio.Future[bool]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Reception:
    """Accepts messages of all channels.

    What comes while a transaction is under way goes together into the next one: a rush of messages costs one commit,
    and a few statements, for many of them.
    """

    def __init__(self, database: Database, metrics: Metrics) -> None:
        self._database = database
        self._metrics = metrics
        self._handed: list[_Handed] = []
        self._storing: asyncio.Task[None] | None = None
        self._accepting = 0
        self._told = asyncio.Event()
        """Set when nobody waits any more."""
        self.on_message: Callable[[], None] = lambda: None
        """Called when there is a new message."""

    @property
    def waits(self) -> bool:
        """Whether somebody waits to hear that a message is stored."""
        return self._accepting > 0

    async def quiet(self) -> None:
        """Comes back once nobody waits to hear that a message is stored, or soon in any case.

        Who has something longer to do asks for it first: a webhook needs several turns of the event loop, and would wait
        for that work in each of them.
        """
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_LONGEST_QUIET):
                while self._accepting:
                    self._told.clear()
                    await self._told.wait()
                    for _ in range(_TURNS_UNTIL_ANSWERED):
                        await asyncio.sleep(0)

    async def accept(
        self,
        channel: str,
        address: str,
        message_id: str,
        raw: Raw,
        *,
        beside: Beside | None = None,
        album: str | None = None,
    ) -> bool:
        """Stores a message as the provider sent it; false when it was stored before. Once it returns, no crash loses it.

        `beside` is what the channel itself has to note in the same transaction; `album` names what photos were sent together in.
        What waited for this person's next message is sent from now on.
        """
        handed = _Handed(inbox.Arrival(channel, address, message_id, {"raw": dict(raw)}, album), beside)
        self._handed.append(handed)
        if self._storing is None:
            self._storing = asyncio.create_task(self._store_all())
        self._accepting += 1
        try:
            new = await handed.stored
        finally:
            self._accepting -= 1
            if not self._accepting:
                self._told.set()
        (self._metrics.received if new else self._metrics.repeated).labels(channel).inc()
        return new

    async def _store_all(self) -> None:
        """Until nothing is left."""
        try:
            while self._handed:
                together, self._handed = self._handed[:_MOST_TOGETHER], self._handed[_MOST_TOGETHER:]
                await self._store_or_tell(together)
        finally:
            self._storing = None

    async def _store_or_tell(self, together: Sequence[_Handed]) -> None:
        """One message that cannot be stored does not take the others with it."""
        try:
            new = await self._store(together)
        except Exception as error:
            if len(together) > 1:
                for handed in together:
                    await self._store_or_tell([handed])
            else:
                _answer(together[0], error)
            return
        if any(new):
            self.on_message()
        for handed, is_new in zip(together, new, strict=True):
            _answer(handed, is_new)

    async def _store(self, together: Sequence[_Handed]) -> list[bool]:
        now = datetime.now(UTC)
        async with self._database.transaction(urgent=True) as session:
            for handed in together:
                if handed.beside is not None:
                    await handed.beside(session)
            accepted = await inbox.accept_all(session, [handed.arrival for handed in together], now=now)
            writers = {conversation for conversation in accepted if conversation is not None}
            kinds = {kind: now - age for kind, age in _WAITED_TOO_LONG.items()}
            await outbox.resume(session, writers, kinds=kinds, since=now - _PUSH_WAITED_TOO_LONG)
        return [conversation is not None for conversation in accepted]


def _answer(handed: _Handed, outcome: bool | Exception) -> None:
    if handed.stored.done():
        return  # Whoever handed it in has gone.
    if isinstance(outcome, Exception):
        handed.stored.set_exception(outcome)
    else:
        handed.stored.set_result(outcome)
