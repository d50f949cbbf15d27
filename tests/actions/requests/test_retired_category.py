"""A category that left `categories.yml` while requests of it are open: they go on, and hold up nobody else."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from actions.requests import changes
from actions.requests.categories import Category
from actions.requests.changes import Draft
from actions.requests.export import as_record
from actions.requests.life import Actor, RequestState, Who
from actions.texts import Texts
from actions.turn import House
from bot.chores import Chores
from bot.service import tell_of_retired_categories
from nlu.understanding import Language
from staff.open311 import documents
from store import requests as requests_store
from tests.conftest import NOON, Person, Talk, text_of

GONE, KEPT = "report/waste", "report/road"
SAMIRA = Actor(Who.STAFF, "samira")


@pytest.fixture
def smaller(house: House) -> House:
    categories: Mapping[str, Category] = {name: found for name, found in house.categories.items() if name != GONE}
    return replace(house, categories=categories)


async def test_reminders_of_all_others_are_given(talk: Talk, house: House, smaller: House, texts: Texts) -> None:
    async with talk() as person:
        await person.says("salam")
        numbers = [await _filed(person, house, category) for category in (GONE, KEPT)]
        for days in (46, 400):
            at = NOON + timedelta(days=days)
            await Chores(person.database, smaller, texts, clock=lambda at=at: at).run_once()  # type: ignore[misc]
        reminders = [len([e for e in await _events(person, number) if e == "reminder"]) for number in numbers]
    assert reminders[1] == 2


async def test_the_request_is_shown_changed_and_exported(talk: Talk, house: House, smaller: House) -> None:
    async with talk(in_house=smaller) as person:
        await person.says("salam")
        number = await _filed(person, house, GONE)
        assert number in text_of(await person.sends(choice=f"s:{number}"))
        assert number in text_of(await person.sends(choice=f"ck:{number}"))
        async with person.database.transaction() as session:
            row = await requests_store.request_by_number(session, number)
            assert row is not None
            for target in (RequestState.FIXED, RequestState.REOPENED):
                await changes.change_state(session, smaller.desk, row, target, actor=SAMIRA, now=NOON)
            reader = documents.Reader(Language.FRENCH, trusted=True, extensions=False)
            shown: dict[str, Any] = documents.request(smaller.desk, row, reader, note=None, photo_url=None)
            assert (shown["service_code"], as_record(smaller.desk, row, now=NOON)["code"]) == ("waste", "waste")
            assert (row.due_at, smaller.desk.category(row).private) == (None, True)


async def test_a_report_of_it_in_the_making_is_given_up(talk: Talk, house: House, smaller: House) -> None:
    async with talk(in_house=house) as person:
        assert "Où" in text_of(await person.says("il y a un tas d'ordures"))
    async with talk(in_house=smaller) as person:
        told = text_of(await person.says("devant l'école, à Sbata"))
        assert told
        assert "je n'ai pas pu traiter" not in told


async def test_whoever_starts_the_assistant_is_told(talk: Talk, house: House, smaller: House) -> None:
    async with talk() as person:
        await person.says("salam")
        for category in (GONE, GONE, KEPT):
            await _filed(person, house, category)
        async with person.database.reading() as session:
            with capture_logs() as logs:
                await tell_of_retired_categories(session, house.desk)
                assert logs == []
                await tell_of_retired_categories(session, smaller.desk)
    assert [(line["category"], line["requests"]) for line in logs] == [(GONE, 2)]


async def _filed(person: Person, house: House, category: str) -> str:
    async with person.database.transaction() as session:
        draft = Draft(category, "zbel bezzaf", Language.FRENCH, 1, "rue 14", None, "sbata")
        return (await changes.file_request(session, house.desk, draft, now=NOON)).number


async def _events(person: Person, number: str) -> list[str]:
    async with person.database.reading() as session:
        row = await requests_store.request_by_number(session, number)
        assert row is not None
        return [event.kind for event in await requests_store.events_of(session, row.id)]


@pytest.mark.parametrize(
    "text",
    ["il y a un tas d'ordures", "zbel 3amer w dow tafi f hay mohammadi", "ordures et bac cassé rue 12", "bennes?"],
)
async def test_what_only_the_model_still_knows_is_answered(talk: Talk, smaller: House, text: str) -> None:
    async with talk(in_house=smaller) as person:
        told = text_of(await person.says(text))
        assert told
        assert "je n'ai pas pu traiter" not in told
