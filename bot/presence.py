"""This process among others that share the database: its name, its pulse, and duties that one process at a time has."""

import asyncio
import os
import secrets
import time
from datetime import UTC, datetime
from pathlib import Path

import structlog

from bot.supervision import Supervision, Work
from store import processes
from store.database import Database
from store.processes import FRESH, Holder

log = structlog.get_logger()

SECONDS_BETWEEN_BEATS = 1.0
_SURE_SECONDS = FRESH.total_seconds() - 2
"""After so long without a beat of our own, others may soon take us for dead: nothing more is sent."""


class Presence:
    """The pulse of this process.

    A process that dies leaves what it held to the others: on the same machine within a second or so, as they see that it no
    longer runs, elsewhere after `FRESH`. One that is merely slow is left alone for as long: taking over what it is just
    sending would send it twice.
    """

    def __init__(
        self, database: Database, *, machine: str | None = None, supervision: Supervision | None = None
    ) -> None:
        self.id = secrets.token_hex(8)
        self.alive = 1
        """How many processes share the work."""
        self._database = database
        self._machine = machine or this_machine()
        self._supervision = supervision or Supervision()
        self._last_beat = 0.0

    def holder(self) -> Holder:
        """This process as the one who asks the store, now."""
        return Holder(self.id, datetime.now(UTC))

    @property
    def sure(self) -> bool:
        """Whether the others still count on us."""
        return time.monotonic() - self._last_beat < _SURE_SECONDS

    async def arrive(self) -> None:
        """The first beat; whoever had our number before us is gone, as after the restart of a container."""
        async with self._database.transaction(urgent=True) as session:
            for process in await processes.processes_on(session, self._machine):
                if process.pid == os.getpid():
                    await processes.leave(session, process.id)
        await self.beat()

    async def run(self) -> None:
        """Beats until cancelled."""
        while True:
            await asyncio.sleep(SECONDS_BETWEEN_BEATS)
            try:
                await self.beat()
            except Exception as error:
                log.error("no pulse", error=type(error).__name__)

    async def depart(self) -> None:
        """Frees all that this process holds."""
        async with self._database.transaction(urgent=True) as session:
            await processes.leave(session, self.id)

    async def on_duty(self, name: str, work: Work) -> None:
        """Does `work` until cancelled, while this process is the one that has the duty. What fails, be it the work or the
        database when the duty is taken, is begun again."""
        await self._supervision.keep(name, lambda: self._take_turns(name, work))

    async def _take_turns(self, name: str, work: Work) -> None:
        while True:
            async with self._database.transaction(urgent=True) as session:
                mine = await processes.take_duty(session, name, self.holder())
            if mine:
                await self._work_while_sure(work)
            await asyncio.sleep(SECONDS_BETWEEN_BEATS)

    async def _work_while_sure(self, work: Work) -> None:
        """Raises what `work` raises."""
        task = asyncio.ensure_future(work())
        try:
            while self.sure and not task.done():
                await asyncio.wait({task}, timeout=SECONDS_BETWEEN_BEATS)
            if task.done():
                task.result()
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def beat(self) -> None:
        """Shows that this process lives; those of its machine that no longer run are declared gone."""
        started = time.monotonic()
        async with self._database.transaction(urgent=True) as session:
            for process in await processes.processes_on(session, self._machine):
                if process.id != self.id and not _runs(process.pid):
                    await processes.leave(session, process.id)
            self.alive = await processes.beat(
                session, self.id, machine=self._machine, pid=os.getpid(), now=datetime.now(UTC)
            )
        self._last_beat = started


def this_machine() -> str:
    """Kernel and process namespace, within which a process number means one process; unique where Linux does not tell."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{boot} {Path('/proc/self/ns/pid').readlink()}"
    except OSError:
        return secrets.token_hex(16)


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
