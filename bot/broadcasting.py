"""Hands messages to many to the outbox, a few each second, so that answers to people are never behind them.

Who still waits stands in the database: after a restart, or when another process takes over, it goes on where it was, and the
outbox takes a message for a conversation once.
"""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from actions.broadcasts import Reach, push_to
from actions.live import LiveHouse
from actions.texts import Texts
from bot.conversation import Clock
from bot.pushes import put
from store import broadcasts
from store.database import Database
from store.tables import BroadcastRow

log = structlog.get_logger()

SECONDS_BETWEEN_ROUNDS = 1.0
_MOST_UNSENT = 3
"""Rounds that may lie in the outbox unsent: where the service is slow or away, the rest waits outside, where it can be stopped."""
_SWEPT_FOR = timedelta(minutes=10)
_TOLD = "told"


class Broadcasting:
    """Works through what was approved, until cancelled; one process at a time has this duty."""

    def __init__(
        self,
        database: Database,
        live: LiveHouse,
        texts: Texts,
        reach: Reach,
        *,
        per_second: float,
        clock: Clock,
        on_push: Callable[[int], None] = lambda conversation_id: None,
    ) -> None:
        self._database = database
        self._live = live
        self._texts = texts
        self._reach = reach
        self._per_second = per_second
        self._clock = clock
        self._on_push = on_push
        self._owed = 0.0

    async def run(self) -> None:
        """Works until cancelled."""
        while True:
            try:
                await self.run_once()
            except Exception as error:
                log.error("message to many not handed on", error=type(error).__name__)
                log.debug("message to many not handed on", exc_info=error)
            await asyncio.sleep(SECONDS_BETWEEN_ROUNDS)

    async def run_once(self) -> int:
        """One round: what a second allows; the number of messages handed to the outbox."""
        self._owed = min(self._owed + self._per_second * SECONDS_BETWEEN_ROUNDS, max(self._per_second, 1.0))
        told: list[int] = []
        async with self._database.transaction() as session:
            for stopped in await broadcasts.ended_since(session, self._clock() - _SWEPT_FOR):
                # A send that was under way when it was stopped, and failed, lies in the outbox again.
                await broadcasts.take_back(session, stopped)
            for broadcast in await broadcasts.under_way(session):
                told += await self._hand_on(session, broadcast, int(self._owed) - len(told))
        self._owed -= len(told)
        for conversation_id in told:
            self._on_push(conversation_id)
        return len(told)

    async def _hand_on(self, session: AsyncSession, broadcast: BroadcastRow, most: int) -> list[int]:
        if most < 1 or await broadcasts.unsent(session, broadcast.id) > self._per_second * _MOST_UNSENT:
            return []
        next_ones = await broadcasts.waiting(session, broadcast.id, limit=most)
        told: list[int] = []
        for recipient, way in zip(next_ones, await self._reach(session, next_ones), strict=True):
            reason = None if way.arrives else way.value
            if way.arrives and await put(
                session, self._texts, push_to(self._live.house, broadcast, recipient), now=self._clock()
            ):
                told.append(recipient.conversation_id)
            elif way.arrives:
                reason = _TOLD
            await broadcasts.settle(session, broadcast.id, recipient.conversation_id, reason)
        if len(next_ones) < most:
            broadcast.state, broadcast.ended_at = "done", self._clock()
            broadcast.counts = await broadcasts.counts(session, broadcast.id)
        return told
