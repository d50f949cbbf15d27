"""The real service as processes that can be killed."""

import asyncio
import os
import random
import signal
import socket
import sys
from dataclasses import dataclass, field
from pathlib import Path

import httpx


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@dataclass
class Process:
    """A `casa` process; started again after each kill."""

    command: tuple[str, ...]
    environment: dict[str, str]
    log: Path
    kills: int = 0
    running: asyncio.subprocess.Process | None = field(default=None)

    async def start(self) -> None:
        with self.log.open("ab") as log:
            self.running = await asyncio.create_subprocess_exec(
                sys.executable,
                "-c",
                "from bot.cli import main; main()",
                *self.command,
                env={**os.environ, **self.environment},
                stdout=log,
                stderr=log,
            )

    async def kill(self) -> None:
        """SIGKILL: no handler runs, nothing is flushed."""
        assert self.running is not None
        self.running.send_signal(signal.SIGKILL)
        await self.running.wait()
        self.kills += 1

    async def end(self) -> None:
        """Whatever happened: nothing is left running."""
        if self.running is not None and self.running.returncode is None:
            self.running.kill()
            await self.running.wait()

    async def stop(self) -> int:
        assert self.running is not None
        if self.running.returncode is None:
            self.running.terminate()
        return await asyncio.wait_for(self.running.wait(), 40)


async def until_ready(url: str) -> None:
    async with asyncio.timeout(60), httpx.AsyncClient() as client:
        while True:
            try:
                if (await client.get(f"{url}/readyz")).status_code == 200:
                    return
            except httpx.TransportError:
                pass
            await asyncio.sleep(0.1)


async def kill_at_random(
    processes: list[Process], url: str, *, kills: int, chance: random.Random, pause: float
) -> None:
    """Kills one of the processes after a random pause (seconds, at most) of work, and starts it again, `kills` times."""
    for _ in range(kills):
        await until_ready(url)
        await asyncio.sleep(chance.uniform(0.1, pause))
        process = chance.choice(processes)
        await process.kill()
        await process.start()
