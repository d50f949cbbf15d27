"""`make bench`: how soon a webhook is acknowledged, how many messages a second are answered, and how that compares.

All in one run, on SQLite: beside us (a) a bare python-telegram-bot echo bot on the same local Telegram, and (b) the official
Rasa's server answering one intent over its REST channel, where it is installed (`make bench` tries to bring it).
"""

import asyncio
import contextlib
import os
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import httpx

from bench.stock_rasa import rest
from bot.assistant import ensure_model
from bot.channels.telegram.api import webhook_secret
from bot.channels.telegram.intake import WEBHOOK
from bot.settings import PROJECT
from tests.bot.fake_telegram.server import TOKEN
from tests.bot.fake_telegram.updates import message
from tests.faults.service import until_ready
from tests.listening import free_port

PER_SECOND = 50
SECONDS = 20
SUSTAINED = 600
"""Messages, of 60 people, that wait when the clock starts."""
PEOPLE = 60
TEXTS = ("prix du tram", "salam", "acte de naissance", "merci", "fin kayn l expo")


@contextlib.asynccontextmanager
async def process(*command: str, **environment: str) -> AsyncIterator[asyncio.subprocess.Process]:
    started = await asyncio.create_subprocess_exec(
        sys.executable, "-m", *command, env={**os.environ, **environment}, stdout=asyncio.subprocess.PIPE, cwd=PROJECT
    )
    try:
        yield started
    finally:
        if started.returncode is None:
            started.terminate()
        await started.wait()


@contextlib.asynccontextmanager
async def local_telegram() -> AsyncIterator[str]:
    async with process("tests.bot.fake_telegram") as server:
        assert server.stdout is not None
        yield (await server.stdout.readline()).decode().strip()


@contextlib.asynccontextmanager
async def service(telegram: str, folder: Path, *, public: bool) -> AsyncIterator[str]:
    """The service over the local Telegram: with webhook, or polling."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    environment = {
        "DATABASE_URL": f"sqlite:///{folder}/casa.sqlite3",
        "DATA_DIR": str(folder),
        "PUBLIC_URL": url if public else "",
        "TELEGRAM_TOKEN": TOKEN,
        "TELEGRAM_API_URL": telegram,
    }
    async with process("bench.service", str(port), **environment):
        await until_ready(url)
        yield url


async def acknowledgements() -> list[float]:
    """Milliseconds from a webhook call to its answer, at a steady rate, while the replies are made and sent."""
    with tempfile.TemporaryDirectory() as folder:
        async with (
            local_telegram() as telegram,
            service(telegram, Path(folder), public=True) as url,
            httpx.AsyncClient(limits=httpx.Limits(max_keepalive_connections=40)) as client,
        ):
            headers = {"X-Telegram-Bot-Api-Secret-Token": webhook_secret(TOKEN, "")}

            async def call(number: int) -> float:
                chat = 1_000 + number % PEOPLE
                update = {"update_id": number, "message": message(chat, number, text=TEXTS[number % len(TEXTS)])}
                started = time.perf_counter()
                answer = await client.post(f"{url}{WEBHOOK}", json=update, headers=headers)
                assert answer.status_code == 200
                return (time.perf_counter() - started) * 1000

            for number in range(1, 51):
                await call(number)  # Warm.
            begin, calls = time.perf_counter(), []
            for number in range(PER_SECOND * SECONDS):
                await asyncio.sleep(begin + number / PER_SECOND - time.perf_counter())
                calls.append(asyncio.create_task(call(1_000 + number)))
            return await asyncio.gather(*calls)


async def sustained(bot: Callable[[str, Path], contextlib.AbstractAsyncContextManager[object]]) -> float:
    """Messages answered a second, from the first poll to the last reply."""
    with tempfile.TemporaryDirectory() as folder:
        async with local_telegram() as telegram, httpx.AsyncClient(timeout=60) as client:

            async def count() -> int:
                return len((await client.post(f"{telegram}/_fake/sent")).json()["sent"])

            async def write(number: int) -> None:
                text = TEXTS[number % len(TEXTS)]
                await client.post(f"{telegram}/_fake/says", json={"chat": 1_000 + number % PEOPLE, "text": text})

            async with bot(telegram, Path(folder)):
                await write(0)
                while not await count():
                    await asyncio.sleep(0.05)
                await asyncio.sleep(1)
                before = await count()
                started = time.perf_counter()
                for number in range(SUSTAINED):
                    await write(number)
                while (done := await count() - before) < SUSTAINED:
                    await asyncio.sleep(0.1)
                return done / (time.perf_counter() - started)


@contextlib.asynccontextmanager
async def salam_casa(telegram: str, folder: Path) -> AsyncIterator[object]:
    async with service(telegram, folder, public=False) as url:
        yield url


@contextlib.asynccontextmanager
async def echo_bot(telegram: str, folder: Path) -> AsyncIterator[object]:
    async with process("bench.echo", telegram, TOKEN) as bot:
        yield bot


async def main() -> None:
    times = sorted(await acknowledgements())
    print(f"Webhook acknowledged, {PER_SECOND} messages a second, SQLite, {len(times)} calls:")
    print(
        f"  p50 {statistics.median(times):.1f} ms   p99 {times[int(len(times) * 0.99)]:.1f} ms   most {times[-1]:.1f} ms"
    )
    ours = await sustained(salam_casa)
    print(f"Answered, end to end: {ours:.0f} messages a second ({SUSTAINED} messages of {PEOPLE} people)")
    echo = await sustained(echo_bot)
    print(f"  a bare python-telegram-bot echo bot: {echo:.0f} a second; ratio {ours / echo:.2f}")
    if not rest.OFFICIAL.exists():
        sys.exit("  the official Rasa is not installed, so it was not measured: make rasa ARGS=--version")
    official = await rest.answers_a_second(PEOPLE, SUSTAINED)
    print(
        f"  the official Rasa over its REST channel, one intent: {official:.0f} a second; ratio {ours / official:.2f}"
    )


if __name__ == "__main__":
    ensure_model(PROJECT, print)
    asyncio.run(main())
