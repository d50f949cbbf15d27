"""What happens by the clock: reminders at their share of the time, the survey after four weeks, closing after six."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from actions.push import Push
from actions.requests import changes
from actions.requests.changes import Draft
from actions.requests.clock import ask_whether_fixed, close_after_silence, remind_of_deadlines
from actions.requests.deadlines import due_date, reminder_due
from actions.requests.life import Actor, RequestState, Who
from actions.texts import Texts
from actions.turn import House
from bot.chores import CHORES, Chores
from nlu.times import CASABLANCA
from nlu.understanding import Language
from store import requests as requests_store
from tests.conftest import NOON, Person, Talk, payloads_of, text_of

SAMIRA = Actor(Who.STAFF, "samira")


@pytest.mark.parametrize(
    ("hours", "reminded", "expected"),
    [(11.9, 0, None), (12, 0, 50), (12, 50, None), (18, 50, 75), (24, 0, 100), (90, 75, 100), (90, 100, None)],
)
def test_reminders_at_50_75_and_100_percent(hours: float, reminded: int, expected: int | None) -> None:
    now = NOON + timedelta(hours=hours)
    due = NOON + timedelta(hours=24)
    assert reminder_due(received=NOON, due=due, now=now, reminded_percent=reminded) == expected


def test_days_are_counted_on_the_calendar_of_casablanca(house: House) -> None:
    """Ramadan 2027 begins on 8 February: clocks go back an hour, noon stays noon."""
    received = datetime(2027, 1, 10, 12, 0, tzinfo=CASABLANCA)
    assert due_date(house.categories["report/road"], received) == datetime(2027, 3, 11, 12, 0, tzinfo=CASABLANCA)
    assert due_date(house.categories["report/water"], received) is None


async def _filed(person: Person, house: House, category: str) -> str:
    await person.says("salam")
    async with person.database.transaction() as session:
        draft = Draft(category, "zbel bezzaf", Language.FRENCH, 1, "rue 14", None, "sbata")
        return (await changes.file_request(session, house.desk, draft, now=person.at)).number


async def _round(person: Person, house: House, texts: Texts) -> int:
    return await Chores(person.database, house, texts, clock=lambda: person.at).run_once()


async def _state(person: Person, number: str) -> str:
    async with person.database.transaction() as session:
        row = await requests_store.request_by_number(session, number)
        assert row
        return row.status


def test_they_are_chores() -> None:
    assert {remind_of_deadlines, ask_whether_fixed, close_after_silence} <= set(CHORES)


async def test_when_the_time_has_passed_the_text_of_a_complaint_is_offered_once(
    talk: Talk, house: House, texts: Texts
) -> None:
    async with talk() as person:
        await person.says("bonjour, je parle français")
        number = await _filed(person, house, "report/road")
        told = []
        for days in (31, 46, 61, 62):
            person.at = NOON + timedelta(days=days)
            told.append(await _round(person, house, texts))
        assert told == [0, 0, 1, 0]
        async with person.database.transaction() as session:
            row = await requests_store.request_by_number(session, number)
            assert row
            events = await requests_store.events_of(session, row.id)
        assert [e.detail for e in events if e.kind == "reminder"] == [{"percent": p} for p in (50, 75, 100)]
        text = text_of(await person.sends(choice=f"ck:{number}"))
        assert "selon chikaya.ma, 60 jours au plus" in text
        assert f"demande {number} du 23 novembre 2026" in text


@pytest.mark.parametrize(
    ("answer", "state"), [("oui", "closed"), ("non", "reopened"), ("mazal ma tsle7ch", "reopened")]
)
async def test_four_weeks_after_fixed_the_answer_decides(
    talk: Talk, house: House, texts: Texts, answer: str, state: str
) -> None:
    async with talk() as person:
        number = await _filed(person, house, "report/road")
        async with person.database.transaction() as session:
            row = await requests_store.request_by_number(session, number)
            assert row
            await changes.change_state(session, house.desk, row, RequestState.FIXED, actor=SAMIRA, now=NOON)
        told = []
        for days in (27, 28, 29):
            person.at = NOON + timedelta(days=days)
            told.append(await _round(person, house, texts))
        assert told == [0, 1, 0]
        await person.says(answer)
        assert await _state(person, number) == state


async def test_silence_of_six_weeks_closes(talk: Talk, house: House, texts: Texts) -> None:
    async with talk() as person:
        number = await _filed(person, house, "report/road")
        async with person.database.transaction() as session:
            row = await requests_store.request_by_number(session, number)
            assert row
            await changes.change_state(session, house.desk, row, RequestState.FIXED, actor=SAMIRA, now=NOON)
        for days in (28, 42):
            person.at = NOON + timedelta(days=days)
            await _round(person, house, texts)
        assert await _state(person, number) == "closed"


def _conversations(pushes: Sequence[Push]) -> list[int]:
    return [push.conversation_id for push in pushes]


async def test_a_tap_on_not_fixed_by_somebody_who_does_not_follow_changes_nothing(talk: Talk, house: House) -> None:
    async with talk() as person:
        number = await _filed(person, house, "report/road")
        async with person.database.transaction() as session:
            row = await requests_store.request_by_number(session, number)
            assert row
            pushes = await changes.change_state(session, house.desk, row, RequestState.FIXED, actor=SAMIRA, now=NOON)
        assert _conversations(pushes) == [1]
        async with talk(name="stranger") as stranger:
            assert "s:" not in "".join(payloads_of(await stranger.sends(choice=f"fn:{number}")))
        assert await _state(person, number) == "fixed"
