"""Work in the background: what fails, or ends though it should not, is logged and begun again after a wait."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog

log = structlog.get_logger()

Work = Callable[[], Awaitable[None]]

FIRST_WAIT = 1.0
LONGEST_WAIT = 15.0
"""Seconds before work that failed is begun again; doubled each time. A database is often back within seconds."""
STEADY = 60.0
"""Seconds after which work that was begun again counts as healthy; longer than the database lets anybody wait."""
_FAILURES_THAT_COUNT = 3
"""In a row: less is a hiccup, which nobody has to be told of at once."""


@dataclass(slots=True)
class _Watched:
    """One piece of work."""

    failures: int = 0
    """In a row."""
    since: float = 0.0
    """When it was begun, or failed, last."""

    def began(self) -> None:
        self.since = time.monotonic()

    def failed(self) -> float:
        """Seconds to wait before it is begun again."""
        now = time.monotonic()
        self.failures = 1 if now - self.since >= STEADY else self.failures + 1
        self.since = now
        return float(min(FIRST_WAIT * 2 ** min(self.failures - 1, 10), LONGEST_WAIT))

    @property
    def is_failing(self) -> bool:
        return self.failures >= _FAILURES_THAT_COUNT and time.monotonic() - self.since < STEADY


class Supervision:
    """Keeps work going, and knows what does not go."""

    def __init__(self, *, on_failure: Callable[[str], None] = lambda name: None) -> None:
        """`on_failure` is told the name of work that failed, each time."""
        self._on_failure = on_failure
        self._watched: dict[str, _Watched] = {}

    @property
    def failing(self) -> list[str]:
        """Names of work that fails again and again."""
        return sorted(name for name, watched in self._watched.items() if watched.is_failing)

    async def keep(self, name: str, work: Work, *, until: Callable[[], bool] = lambda: False) -> None:
        """Does `work` until cancelled, or until it ends when `until` says that it was told to."""
        watched = self._watched.setdefault(name, _Watched())
        while True:
            watched.began()
            try:
                await work()
            except Exception as error:
                log.error("background work failed", work=name, exc_info=error)
            else:
                if until():
                    return
                log.error("background work ended", work=name)
            self._on_failure(name)
            await asyncio.sleep(watched.failed())
            if until():
                return
