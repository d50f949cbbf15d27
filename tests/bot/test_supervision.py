"""Work in the background outlives its failures and those of the database, and the monitoring hears of what does not go."""

import asyncio
import contextlib
import itertools
import sqlite3
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from bot import presence as presence_module
from bot import supervision
from bot.presence import Presence
from bot.settings import Settings
from bot.supervision import Supervision
from bot.web import create_app
from store import database as database_module
from store import sqlite as sqlite_module
from store.database import Database
from tests.bot.loopback import Loopback
from tests.bot.test_worker import service


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waits of hundredths of a second in place of seconds."""
    monkeypatch.setattr(supervision, "FIRST_WAIT", 0.01)
    monkeypatch.setattr(supervision, "LONGEST_WAIT", 0.05)
    monkeypatch.setattr(presence_module, "SECONDS_BETWEEN_BEATS", 0.01)
    for module in (sqlite_module, database_module):
        monkeypatch.setattr(module, "MILLISECONDS_TO_WAIT", 20)


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Another process has SQLite's only lock."""
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("COMMIT")
        other.close()


@contextlib.asynccontextmanager
async def running(*works: asyncio.Task[None]) -> AsyncIterator[None]:
    try:
        yield
    finally:
        for work in works:
            work.cancel()
        await asyncio.gather(*works, return_exceptions=True)


async def test_a_duty_outlives_a_database_that_is_away(tmp_path: Path) -> None:
    path, rounds = tmp_path / "casa.sqlite3", asyncio.Semaphore(0)
    database = await Database.open(f"sqlite+aiosqlite:///{path}")
    presence = Presence(database)
    await presence.arrive()

    async def work() -> None:
        rounds.release()

    duty = asyncio.create_task(presence.on_duty("polling", work))
    async with running(duty, asyncio.create_task(presence.run())):
        await asyncio.wait_for(rounds.acquire(), 10)
        with locked(path):
            await asyncio.sleep(0.3)
            while not rounds.locked():
                await rounds.acquire()
        await asyncio.wait_for(rounds.acquire(), 10)
        assert not duty.done()
    await database.close()


async def test_work_that_fails_is_begun_again_and_waits_longer_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    began = asyncio.get_running_loop().time

    async def work() -> None:
        waits.append(began())
        if len(waits) == 5:
            await asyncio.Event().wait()
        raise OSError

    names: list[str] = []
    watched = Supervision(on_failure=names.append)
    async with running(asyncio.create_task(watched.keep("polling", work))):
        while len(waits) < 5:
            await asyncio.sleep(0.005)
        assert names == ["polling"] * 4
        assert watched.failing == ["polling"]
        monkeypatch.setattr(supervision, "STEADY", 0.05)
        await asyncio.sleep(0.1)
        assert watched.failing == []
    gaps = [later - earlier for earlier, later in itertools.pairwise(waits)]
    assert all(gap >= wait for gap, wait in zip(gaps, (0.01, 0.02, 0.04, 0.05), strict=True))


async def test_work_that_was_told_to_end_ends() -> None:
    told = False

    async def work() -> None:
        nonlocal told
        told = True

    await asyncio.wait_for(Supervision().keep("worker", work, until=lambda: told), 5)


async def test_a_service_without_channels_is_ready_and_has_nothing_to_repair(tmp_path: Path, model: Path) -> None:
    settings = Settings(
        _env_file=None, database_url=f"sqlite+aiosqlite:///{tmp_path}/casa.sqlite3", data_dir=tmp_path / "var"
    )
    app = create_app(settings, model=model, channels=[])
    transport = httpx.ASGITransport(app=app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client,
    ):
        await asyncio.sleep(0.5)
        assert (await client.get("/readyz")).json() == {"status": "ready"}
        assert "casa_background_failures_total{" not in (await client.get("/metrics")).text


async def test_the_monitoring_hears_of_work_that_fails_and_of_its_recovery(
    tmp_path: Path, model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel, mended = Loopback(), asyncio.Event()

    async def poll() -> None:
        if not mended.is_set():
            raise LookupError
        await asyncio.Event().wait()

    channel.duties["polling"] = poll
    async with service(tmp_path, model, channel) as client:
        async with asyncio.timeout(30):
            while (ready := await client.get("/readyz")).status_code == 200:
                await asyncio.sleep(0.02)
        assert ready.json() == {"status": "work in the background fails", "failing": ["polling"]}
        assert 'casa_background_failures_total{work="polling"}' in (await client.get("/metrics")).text
        mended.set()
        monkeypatch.setattr(supervision, "STEADY", 0.2)
        async with asyncio.timeout(30):
            while (await client.get("/readyz")).status_code != 200:
                await asyncio.sleep(0.02)
