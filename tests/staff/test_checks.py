"""Checks of drafts in a process of their own, which a kernel short of memory may kill."""

import asyncio
import multiprocessing
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from actions.live import LiveHouse
from actions.turn import House
from bot.settings import PROJECT
from staff.checks import Checks
from store.database import Database


@pytest.fixture
async def checks(house: House, model: Path, tmp_path: Path) -> AsyncIterator[Checks]:
    database = await Database.open(f"sqlite+aiosqlite:///{tmp_path}/casa.sqlite3")
    found = Checks(database, LiveHouse(house, PROJECT, model))
    yield found
    await found.stop()
    await database.close()


async def test_after_its_process_was_killed_the_next_check_gets_a_new_one(checks: Checks, model: Path) -> None:
    before = set(multiprocessing.active_children())
    await checks.train([], model)
    (child,) = set(multiprocessing.active_children()) - before
    child.kill()
    await asyncio.to_thread(child.join)
    await checks.train([], model)
    assert model.is_file()


async def test_a_check_whose_process_is_killed_is_done_again(checks: Checks, model: Path) -> None:
    before = set(multiprocessing.active_children())
    checking = asyncio.create_task(checks.train([], model))
    while not (children := set(multiprocessing.active_children()) - before):
        await asyncio.sleep(0.01)
    for child in children:
        child.kill()
    await checking
    assert model.is_file()
