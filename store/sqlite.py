"""Connections to SQLite that do not send every little step through a thread."""

import sqlite3
from collections.abc import Callable
from functools import partial
from typing import Any

import aiosqlite

BEGIN_WRITING = "BEGIN IMMEDIATE"
_FETCHED_TOGETHER = 64
_WAITS = ("BEGIN", "PRAGMA WAL_CHECKPOINT")
"""Statements that wait for other processes or for the disk."""
MILLISECONDS_TO_WAIT = 10_000
"""For the lock of another process."""


class DirectConnection(aiosqlite.Connection):
    """Runs a step of a writing transaction where it is called; what waits for a lock or the disk goes to the thread.

    A statement takes some 30 microseconds, its way to the thread and back five times as long, and a turn has dozens of
    such steps. A reading transaction may look through a whole table, so all of its steps go to the thread.
    """

    direct = True
    """False while a reading transaction is under way."""

    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if not self.direct:
            return await super()._execute(fn, *args, **kwargs)  # type: ignore[no-untyped-call]
        if args[:1] == (BEGIN_WRITING,) and (begun := self._begun(fn, *args)) is not None:
            return begun
        if self._waits(fn, args):
            return await super()._execute(fn, *args, **kwargs)  # type: ignore[no-untyped-call]
        return fn(*args, **kwargs)

    def _begun(self, begin: Callable[..., Any], *statement: Any) -> Any | None:
        """A writing transaction, begun without a wait; None while another process writes."""
        if self._connection is None:
            return None
        self._connection.execute("PRAGMA busy_timeout=0")
        try:
            return begin(*statement)
        except sqlite3.OperationalError:  # Locked; what else may be wrong shows when it is tried with patience.
            return None
        finally:
            self._connection.execute(f"PRAGMA busy_timeout={MILLISECONDS_TO_WAIT}")

    def _waits(self, fn: Callable[..., Any], args: tuple[Any, ...]) -> bool:
        if self._connection is None or fn in (self._connection.commit, self._connection.close):
            return True
        return bool(args) and isinstance(args[0], str) and args[0].lstrip().upper().startswith(_WAITS)


def connect(database: str, **settings: Any) -> DirectConnection:
    """As `aiosqlite.connect`."""
    # The thread and the event loop never use the connection at once: each step is awaited.
    settings["check_same_thread"] = False
    return DirectConnection(partial(sqlite3.connect, database, **settings), _FETCHED_TOGETHER)
