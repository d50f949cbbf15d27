"""Two who change one request at the same moment: neither undoes the other."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import datetime

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from actions.desk import Desk
from actions.requests import changes
from actions.requests.changes import Draft
from actions.requests.life import Actor, RequestState, Who
from bot.assistant import load_desk
from bot.settings import Settings
from nlu.times import CASABLANCA
from nlu.understanding import Language
from store import requests as requests_store
from store.conversations import conversation_of
from store.database import Database
from store.tables import ServiceRequestRow

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=CASABLANCA)
Step = Callable[[ServiceRequestRow, AsyncSession], Awaitable[None]]
SAMIRA, OMAR = Actor(Who.STAFF, "samira"), Actor(Who.STAFF, "omar")


@pytest.fixture(scope="module")
def desk() -> Desk:
    return load_desk(Settings(_env_file=None))


async def test_every_me_too_counts(database: Database, desk: Desk) -> None:
    number = await _filed(database, desk)

    async def me_too(row: ServiceRequestRow, session: AsyncSession, name: str) -> None:
        person = await conversation_of(session, "phone", name, now=NOON)
        await changes.support(session, row, person.id, now=NOON)

    async def unknown(row: ServiceRequestRow, session: AsyncSession) -> None:
        await changes.support_unknown(session, row, now=NOON)

    await _at_once(
        database,
        number,
        lambda row, session: me_too(row, session, "amina"),
        lambda row, session: me_too(row, session, "karim"),
        unknown,
    )
    async with database.reading() as session:
        row = await requests_store.request_by_number(session, number)
        assert row is not None
        assert row.supporters == 4


async def test_of_two_who_decide_the_second_sees_the_first(database: Database, desk: Desk) -> None:
    number = await _filed(database, desk)

    async def decide(row: ServiceRequestRow, session: AsyncSession, target: RequestState, who: Actor) -> None:
        await changes.change_state(session, desk, row, target, actor=who, now=NOON, note="parce que")

    ends = await _at_once(
        database,
        number,
        lambda row, session: decide(row, session, RequestState.REJECTED, SAMIRA),
        lambda row, session: decide(row, session, RequestState.ACKNOWLEDGED, OMAR),
    )
    assert sorted(type(end).__name__ for end in ends) in (
        ["ImpossibleChange", "NoneType"],  # Rejected first: nobody works on it any more.
        ["NoneType", "NoneType"],  # Taken up first, then rejected.
    )
    async with database.reading() as session:
        row = await requests_store.request_by_number(session, number)
        assert row is not None
        steps = [(event.from_status, event.to_status) for event in await requests_store.events_of(session, row.id)]
        assert row.status == steps[-1][1]
    assert [source for source, _ in steps[1:]] == [target for _, target in steps[:-1]]


async def _filed(database: Database, desk: Desk) -> str:
    draft = Draft("report/road", "une grande 7ofra", Language.FRENCH, None, "devant l'école", None, "sbata")
    async with database.transaction() as session:
        return (await changes.file_request(session, desk, draft, now=NOON)).number


async def _at_once(database: Database, number: str, *steps: Step) -> list[BaseException | None]:
    """Does each step in a transaction of its own and gives what it raised. All have read the request before one changes it,
    except on SQLite, where the second may not even begin."""
    everybody_read, readers = asyncio.Event(), list[str]()

    async def do(step: Step) -> None:
        async with database.transaction() as session:
            row = await requests_store.request_by_number(session, number)
            assert row is not None
            readers.append(row.number)
            if len(readers) == len(steps):
                everybody_read.set()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(everybody_read.wait(), timeout=0.2)
            await step(row, session)

    return list(await asyncio.gather(*(do(step) for step in steps), return_exceptions=True))
