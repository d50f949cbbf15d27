"""What happens to a request is written down and told to every follower once, in their language."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from actions.desk import Desk
from actions.push import Push
from actions.requests import changes
from actions.requests.changes import Draft
from actions.requests.life import CITIZEN, Actor, ImpossibleChange, RequestState, Who
from actions.texts import Texts
from bot.assistant import load_desk
from bot.pushes import put
from bot.settings import Settings
from nlu.times import CASABLANCA
from nlu.understanding import Language
from store import history
from store import requests as requests_store
from store.conversations import conversation_of
from store.database import Database
from store.tables import ServiceRequestRow

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=CASABLANCA)
SAMIRA = Actor(Who.STAFF, "samira")


@pytest.fixture(scope="module")
def desk() -> Desk:
    return load_desk(Settings(_env_file=None))


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = await Database.open(f"sqlite+aiosqlite:///{tmp_path}/casa.sqlite3")
    yield database
    await database.close()


async def person(database: Database, name: str, language: Language) -> int:
    async with database.transaction() as session:
        row = await conversation_of(session, "phone", name, now=NOON)
        row.state = {"language": language.value}
        return row.id


async def filed(database: Database, desk: Desk, who: int | None, *, category: str = "report/road") -> str:
    draft = Draft(category, "une grande 7ofra", Language.FRENCH, who, "devant l'école", None, "sbata")
    async with database.transaction() as session:
        return (await changes.file_request(session, desk, draft, now=NOON)).number


async def found(session: changes.AsyncSession, number: str) -> ServiceRequestRow:
    row = await requests_store.request_by_number(session, number)
    assert row
    return row


def spoken(texts: Texts, pushes: list[Push], language: Language) -> list[str]:
    return [part["text"] for push in pushes for part in texts.render(push.reply, language) if part["type"] == "text"]


async def test_filing_writes_number_office_deadline_and_the_first_line_of_the_trail(
    database: Database, desk: Desk
) -> None:
    who = await person(database, "aicha", Language.FRENCH)
    number = await filed(database, desk, who)
    async with database.transaction() as session:
        row = await found(session, number)
        assert (row.status, row.body, row.supporters) == ("received", "Commune de Casablanca", 1)
        assert row.due_at == NOON + timedelta(days=60)
        events = await requests_store.events_of(session, row.id)
        assert [(e.kind, e.actor, e.to_status) for e in events] == [("filed", "citizen", "received")]
        assert [f.id for f in await requests_store.followers_of(session, row.id)] == [who]


async def test_every_follower_is_told_once_in_their_language(database: Database, desk: Desk, texts: Texts) -> None:
    author = await person(database, "aicha", Language.DARIJA_LATIN)
    number = await filed(database, desk, author)
    neighbour = await person(database, "omar", Language.FRENCH)
    async with database.transaction() as session:
        row = await found(session, number)
        assert await changes.support(session, row, neighbour, now=NOON)
        assert not await changes.support(session, row, neighbour, now=NOON)
        pushes = await changes.change_state(session, desk, row, RequestState.IN_PROGRESS, actor=SAMIRA, now=NOON)
        stored = [await put(session, texts, push, now=NOON) for push in [*pushes, *pushes]]
    assert stored == [True, True, False, False]
    async with database.transaction() as session:
        said = {who: (await history.newest(session, who)).replies[0].parts[0] for who in (author, neighbour)}
    assert said == {
        author: {
            "type": "text",
            "text": f"Talab {number} (7ofra f tri9): rahom khddamin 3lih.",
            "language": "ary-Latn",
        },
        neighbour: {
            "type": "text",
            "text": f"Demande {number} (Trou, route abîmée) : le travail a commencé.",
            "language": "fr",
        },
    }


async def test_a_rejection_tells_its_reason(database: Database, desk: Desk, texts: Texts) -> None:
    number = await filed(database, desk, await person(database, "aicha", Language.FRENCH))
    async with database.transaction() as session:
        row = await found(session, number)
        with pytest.raises(ImpossibleChange, match="needs a reason"):
            await changes.change_state(session, desk, row, RequestState.REJECTED, actor=SAMIRA, now=NOON)
        assert row.status == "received"
        pushes = await changes.change_state(
            session, desk, row, RequestState.REJECTED, actor=SAMIRA, now=NOON, note="Route privée."
        )
        last = (await requests_store.events_of(session, row.id))[-1]
    assert spoken(texts, pushes, Language.FRENCH)[-1] == "Le service précise : « Route privée. »"
    assert (last.actor, last.from_status, last.to_status, last.note) == (
        "staff:samira",
        "received",
        "rejected",
        "Route privée.",
    )


async def test_a_person_who_works_on_it_is_not_told_of_an_office_is(database: Database, desk: Desk) -> None:
    number = await filed(database, desk, await person(database, "aicha", Language.FRENCH))
    async with database.transaction() as session:
        row = await found(session, number)
        first = await changes.assign(session, desk, row, actor=SAMIRA, now=NOON, assignee="Omar")
        second = await changes.assign(session, desk, row, actor=SAMIRA, now=NOON, assignee="Hind")
        third = await changes.assign(session, desk, row, actor=SAMIRA, now=NOON, body="SRM Casablanca-Settat")
        assert (len(first), len(second), len(third)) == (1, 0, 1)
        assert (row.status, row.body, row.assignee) == ("assigned", "SRM Casablanca-Settat", "Hind")


async def test_an_internal_note_is_told_to_nobody(database: Database, desk: Desk) -> None:
    number = await filed(database, desk, await person(database, "aicha", Language.FRENCH))
    async with database.transaction() as session:
        row = await found(session, number)
        assert await changes.add_note(session, desk, row, "à vérifier", actor=SAMIRA, now=NOON, public=False) == []
        assert len(await changes.add_note(session, desk, row, "demain", actor=SAMIRA, now=NOON, public=True)) == 1
        public = await requests_store.events_of(session, row.id, public_only=True)
    assert [(event.kind, event.note) for event in public] == [("filed", None), ("note", "demain")]


async def test_merging_moves_the_followers_and_tells_them_the_other_number(
    database: Database, desk: Desk, texts: Texts
) -> None:
    aicha = await person(database, "aicha", Language.FRENCH)
    omar = await person(database, "omar", Language.FRENCH)
    one, other = await filed(database, desk, aicha), await filed(database, desk, omar)
    async with database.transaction() as session:
        duplicate, into = await found(session, other), await found(session, one)
        pushes = await changes.merge(session, desk, duplicate, into, actor=SAMIRA, now=NOON)
        assert [push.conversation_id for push in pushes] == [omar]
        assert f"numéro {one}" in spoken(texts, pushes, Language.FRENCH)[0]
        assert (duplicate.status, duplicate.merged_into_id, into.supporters) == ("merged", into.id, 2)
        told = await changes.change_state(session, desk, into, RequestState.FIXED, actor=SAMIRA, now=NOON)
        assert sorted(push.conversation_id for push in told) == sorted([aicha, omar])


async def test_a_request_that_others_follow_goes_on_when_its_author_leaves(database: Database, desk: Desk) -> None:
    aicha = await person(database, "aicha", Language.FRENCH)
    omar = await person(database, "omar", Language.FRENCH)
    number = await filed(database, desk, aicha)
    async with database.transaction() as session:
        row = await found(session, number)
        await changes.support(session, row, omar, now=NOON)
        assert not await changes.withdraw(session, desk, row, aicha, now=NOON)
        assert (row.status, row.conversation_id, row.supporters) == ("received", None, 1)
        assert await requests_store.own_request(session, aicha, number) is None
        assert await changes.withdraw(session, desk, row, omar, now=NOON)
        assert row.status == "withdrawn"


async def test_reopening_gives_the_office_its_time_again(database: Database, desk: Desk) -> None:
    aicha = await person(database, "aicha", Language.FRENCH)
    number = await filed(database, desk, aicha)
    later = NOON + timedelta(days=40)
    async with database.transaction() as session:
        row = await found(session, number)
        await changes.change_state(session, desk, row, RequestState.FIXED, actor=SAMIRA, now=later)
        pushes = await changes.change_state(
            session, desk, row, RequestState.REOPENED, actor=CITIZEN, now=later, by_conversation=aicha
        )
        assert (pushes, row.due_at) == ([], later + timedelta(days=60))
