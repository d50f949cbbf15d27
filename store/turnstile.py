"""One at a time, the urgent ones first, but not only them."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

URGENT_IN_A_ROW = 4
"""So many urgent ones go before somebody patient: under a steady rush of messages turns must go on all the same."""


class Turnstile:
    """A lock whose waiters queue in two lines: who is urgent goes before who is not, otherwise first come first served."""

    def __init__(self) -> None:
        self._in_a_row = 0
        self._taken = False
        self._urgent: deque[asyncio.Future[None]] = deque()
        self._patient: deque[asyncio.Future[None]] = deque()

    @asynccontextmanager
    async def passed(self, *, urgent: bool = False) -> AsyncIterator[None]:
        """Nobody else is inside meanwhile."""
        if self._taken:
            await self._wait(self._urgent if urgent else self._patient)
        self._taken = True
        try:
            yield
        finally:
            self._let_next_in()

    async def _wait(self, line: "deque[asyncio.Future[None]]") -> None:
        mine = asyncio.get_running_loop().create_future()
        line.append(mine)
        try:
            await mine
        except asyncio.CancelledError:
            if mine.done() and not mine.cancelled():
                self._let_next_in()  # It was our turn, and we do not take it.
            raise

    def _let_next_in(self) -> None:
        lines = (self._urgent, self._patient)
        if self._in_a_row >= URGENT_IN_A_ROW:
            lines = (self._patient, self._urgent)
        for line in lines:
            while line:
                waiting = line.popleft()
                if not waiting.done():
                    self._in_a_row = self._in_a_row + 1 if line is self._urgent else 0
                    waiting.set_result(None)  # Stays taken: nobody slips in between.
                    return
        self._in_a_row = 0
        self._taken = False
