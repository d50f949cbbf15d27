"""Connections to SQLite that do not send every little step through a thread."""

import sqlite3
from collections.abc import Callable
from functools import partial
from typing import Any

import aiosqlite

_FETCHED_TOGETHER = 64
_WAITS = ("BEGIN", "PRAGMA WAL_CHECKPOINT")
"""Statements that wait for other processes or for the disk."""


class DirectConnection(aiosqlite.Connection):
    """Runs a step of a writing transaction where it is called; what waits for a lock or the disk goes to the thread.

    A statement takes some 30 microseconds, its way to the thread and back five times as long, and a turn has dozens of
    such steps. A reading transaction may look through a whole table, so all of its steps go to the thread.
    """

    direct = True
    """False while a reading transaction is under way."""

    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if not self.direct or self._waits(fn, args):
            return await super()._execute(fn, *args, **kwargs)  # type: ignore[no-untyped-call]
        return fn(*args, **kwargs)

    def _waits(self, fn: Callable[..., Any], args: tuple[Any, ...]) -> bool:
        if self._connection is None or fn in (self._connection.commit, self._connection.close):
            return True
        return bool(args) and isinstance(args[0], str) and args[0].lstrip().upper().startswith(_WAITS)


def connect(database: str, **settings: Any) -> DirectConnection:
    """As `aiosqlite.connect`."""
    # The thread and the event loop never use the connection at once: each step is awaited.
    settings["check_same_thread"] = False
    return DirectConnection(partial(sqlite3.connect, database, **settings), _FETCHED_TOGETHER)
