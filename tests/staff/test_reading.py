"""What is only looked at waits for nobody who writes, and counts where the rows lie."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from staff import signing_in
from staff.roles import Role
from store.tables import StaffSessionRow
from tests.staff.conftest import Office
from tests.staff.test_requests import filed

LOOKED_AT = (
    "/staff",
    "/staff/requests",
    "/staff/requests?view=map",
    "/staff/requests.csv",
    "/staff/conversations",
    "/staff/faq",
    "/staff/queue",
    "/staff/figures",
    "/staff/figures.csv",
    "/staff/notices",
    "/staff/broadcasts",
    "/staff/journal",
    "/open311/v2/requests.json",
)


@contextmanager
def somebody_writes(office: Office) -> Iterator[None]:
    """Another process has SQLite's only write lock."""
    other = sqlite3.connect(office.settings.database_url.partition(":///")[2], isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


async def test_pages_and_the_public_feed_are_read_while_somebody_writes(office: Office) -> None:
    await filed(office)
    supervisor, stranger = await office.enter(Role.SUPERVISOR), await office.browser()
    await supervisor.get("/staff")
    with somebody_writes(office):
        async with asyncio.timeout(8):  # A writer would wait for ten seconds, and fail.
            answers = [(await supervisor.get(path)).status_code for path in LOOKED_AT]
            answers.append((await stranger.get("/staff/login")).status_code)
    assert answers == [200] * (len(LOOKED_AT) + 1)


async def test_looking_at_pages_keeps_a_session_open(office: Office) -> None:
    agent = await office.enter(Role.AGENT)
    async with office.database.transaction() as session:
        mine = (await session.scalars(select(StaffSessionRow))).one()
        mine.seen_at = before = datetime.now(UTC) - signing_in.IDLE + timedelta(minutes=5)
    assert (await agent.get("/staff")).status_code == 200
    async with office.database.reading() as session:
        assert (await session.scalars(select(StaffSessionRow))).one().seen_at > before + timedelta(hours=1)


async def test_what_a_change_has_to_tell_is_told_once(office: Office) -> None:
    agent, number = await office.enter(Role.AGENT), await filed(office)
    page = await agent.post(f"/staff/requests/{number}/note", {"text": "vu", "public": ""})
    assert "C’est fait." in page.text
    assert "C’est fait." not in (await agent.get(f"/staff/requests/{number}")).text


async def test_tiles_and_list_count_all_requests(office: Office) -> None:
    agent = await office.enter(Role.AGENT)
    for days in (0, 0, 400):
        await filed(office, days_ago=days)
    home = (await agent.get("/staff")).text
    assert '<strong class="num">1</strong> demandes en retard' in home
    assert '<strong class="num">3</strong> demandes ouvertes' in home
    assert "Demandes (3)" in (await agent.get("/staff/requests")).text


async def test_a_request_whose_category_left_the_data_has_its_page(office: Office) -> None:
    supervisor, number = await office.enter(Role.SUPERVISOR), await filed(office, "report/waste")
    live = office.app.state.live
    kept = {name: category for name, category in live.house.categories.items() if name != "report/waste"}
    live.house = replace(live.house, categories=kept)
    for path in (f"/staff/requests/{number}", "/staff/requests", "/staff/requests?view=map", "/staff/figures"):
        assert (await supervisor.get(path)).status_code == 200
