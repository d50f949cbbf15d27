"""The real service as processes that can be killed."""

import asyncio
import multiprocessing
import os
import random
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import httpx

_STARTER = multiprocessing.get_context("forkserver")
_SECONDS_TO_START = 180.0


@dataclass
class Process:
    """A `casa` process; started again after each kill.

    It is forked off a process that has imported the program and done nothing else: a dozen starts would else spend most
    of a trial on importing.
    """

    command: tuple[str, ...]
    environment: dict[str, str]
    log: Path
    kills: int = 0
    _running: ForkServerProcess | None = None

    async def start(self) -> None:
        _STARTER.set_forkserver_preload(["bot.cli", "bot.web", "bot.commands.talk"])
        self._running = _STARTER.Process(target=_casa, args=(self.command, self.environment, str(self.log)))
        await asyncio.to_thread(self._running.start)

    async def kill(self) -> None:
        """SIGKILL: no handler runs, nothing is flushed."""
        await self.end()
        self.kills += 1

    async def end(self) -> None:
        """Whatever happened: nothing is left running."""
        if self._running is not None:
            self._running.kill()
            await asyncio.to_thread(self._running.join)

    async def stop(self) -> None:
        """As an operator stops it; whoever does not end in time is killed."""
        assert self._running is not None
        self._running.terminate()
        await asyncio.to_thread(self._running.join, 40)
        await self.end()


def _casa(command: Sequence[str], environment: dict[str, str], log: str) -> None:
    os.environ.update(environment)
    with open(log, "ab") as file:  # noqa: PTH123 - it stays open as standard output.
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    sys.argv = ["casa", *command]
    from bot.cli import main

    main()


async def until_ready(url: str) -> None:
    async with asyncio.timeout(_SECONDS_TO_START), httpx.AsyncClient() as client:
        while True:
            try:
                if (await client.get(f"{url}/readyz")).status_code == 200:
                    return
            except httpx.TransportError:
                pass
            await asyncio.sleep(0.1)


async def kill_at_random(
    processes: Sequence[Process], url: str, *, kills: int, chance: random.Random, done: Callable[[], int], of: int
) -> None:
    """Kills one of the processes and starts it again, `kills` times, spread at random over `of` pieces of work.

    Moments are drawn from the work that is `done`, not from the clock: on a slow machine the clock would spend all kills
    on the start.
    """
    moments = sorted(chance.uniform(0, 0.9 * of) for _ in range(kills))
    for moment in moments:
        await until_ready(url)
        while done() < moment:
            await asyncio.sleep(0.01)
        await asyncio.sleep(chance.uniform(0.0, 0.3))  # Else always right after a message arrived.
        process = chance.choice(processes)
        await process.kill()
        await process.start()
