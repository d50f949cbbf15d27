"""Steps of a writing transaction run where they are called; what may take long does not hold up the event loop."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from store.database import Database

LONG = "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 2000000) SELECT max(n) FROM c"


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = await Database.open(f"sqlite:///{tmp_path}/casa.sqlite3")
    yield opened
    await opened.close()


async def turns_of_the_loop(task: "asyncio.Task[None]", enough: Callable[[int], None]) -> int:
    """How often the event loop came round until the task was done; `enough` hears of each."""
    count = 0
    while not task.done():
        await asyncio.sleep(0.001)
        count += 1
        enough(count)
    await task
    return count


async def test_waiting_for_another_process_holds_up_nobody(database: Database, tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "casa.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    async def write() -> None:
        async with database.transaction() as session:
            await session.execute(text("UPDATE conversations SET blocked = blocked"))

    def let_go(count: int) -> None:
        if count == 5:
            other.execute("ROLLBACK")

    assert await turns_of_the_loop(asyncio.create_task(write()), let_go) >= 5
    other.close()


async def test_a_long_reading_holds_up_nobody(database: Database) -> None:
    async def read() -> None:
        async with database.reading() as session:
            assert await session.scalar(text(LONG)) == 2_000_000

    assert await turns_of_the_loop(asyncio.create_task(read()), lambda count: None) >= 5


async def test_a_connection_that_read_writes_directly_again(database: Database) -> None:
    async def read() -> None:
        async with database.reading() as session:
            await session.scalar(text("SELECT count(*) FROM inbox"))

    async def write() -> int:
        steps = 0
        task = asyncio.create_task(asyncio.sleep(0))
        async with database.transaction() as session:  # Nobody else writes, so its beginning does not wait either.
            for _ in range(10):
                await session.execute(text("UPDATE conversations SET blocked = blocked"))
                steps += not task.done()
        return steps

    await read()
    assert await write() == 10
    await read()
