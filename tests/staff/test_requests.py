"""Requests at the desk: found, shown, changed through the same functions as everywhere, followers told."""

import csv
import io
import re
from datetime import UTC, datetime, timedelta

import pytest

from actions.requests.changes import Draft, file_request
from actions.requests.life import CITIZEN
from nlu.understanding import Language
from staff.roles import Role
from store import history
from store import requests as requests_store
from store.conversations import conversation_of
from tests.staff.conftest import Office


async def filed(office: Office, category: str = "report/road", *, days_ago: int = 0, name: str = "somebody") -> str:
    """The number of a new request of a citizen on the terminal."""
    now = datetime.now(UTC) - timedelta(days=days_ago)
    async with office.database.transaction() as session:
        conversation = await conversation_of(session, "terminal", name, now=now)
        draft = Draft(
            category=category,
            description="un grand trou",
            language=Language.FRENCH,
            conversation_id=conversation.id,
            place_text="Rue <Jean> Jaurès",
            arrondissement="maarif",
            lat=33.5745,
            lon=-7.6405,
        )
        return (await file_request(session, office.app.state.live.house.desk, draft, now=now, actor=CITIZEN)).number


async def state_of(office: Office, number: str) -> tuple[str, str | None]:
    async with office.database.transaction() as session:
        row = await requests_store.request_by_number(session, number)
        assert row
        return row.status, row.assignee


async def told(office: Office, name: str = "somebody") -> list[str]:
    """What the citizen was told."""
    async with office.database.transaction() as session:
        conversation = await conversation_of(session, "terminal", name, now=datetime.now(UTC))
        rows = (await history.newest(session, conversation.id)).replies
        return ["\n".join(part["text"] for part in row.parts if part["type"] == "text") for row in rows]


@pytest.mark.parametrize("view", ["list", "board", "map"])
async def test_a_request_is_found_in_every_view(office: Office, view: str) -> None:
    number = await filed(office)
    agent = await office.enter(Role.AGENT)
    page = await agent.get("/staff/requests", view=view)
    elsewhere = await agent.get("/staff/requests", view=view, arrondissement="anfa")
    assert (f"/staff/requests/{number}" in page.text, f"/staff/requests/{number}" in elsewhere.text) == (True, False)
    assert "<Jean>" not in page.text


async def test_overdue_requests_are_found_by_their_deadline(office: Office) -> None:
    old, new = await filed(office, "report/water", days_ago=60), await filed(office, "report/water")
    agent = await office.enter(Role.AGENT)
    page = (await agent.get("/staff/requests", due="overdue")).text
    due = [await state_with_due(office, number) for number in (old, new)]
    assert (f"/staff/requests/{old}" in page, f"/staff/requests/{new}" in page) == (due[0], due[1])


async def state_with_due(office: Office, number: str) -> bool:
    async with office.database.transaction() as session:
        row = await requests_store.request_by_number(session, number)
        return bool(row and row.due_at and row.due_at <= datetime.now(UTC))


async def test_a_change_of_state_is_told_to_the_citizen_and_kept_in_the_history(office: Office) -> None:
    number = await filed(office)
    agent = await office.enter(Role.AGENT)
    await agent.get(f"/staff/requests/{number}")
    page = await agent.post(f"/staff/requests/{number}/state", {"target": "in_progress"})
    assert (await state_of(office, number))[0] == "in_progress"
    assert ("Personnes prévenues : 1" in page.text, "le bureau (agent)" in page.text) == (True, True)
    assert len(await told(office)) == 1


async def test_a_refusal_without_a_reason_is_refused_itself(office: Office) -> None:
    number = await filed(office)
    agent = await office.enter(Role.AGENT)
    await agent.get(f"/staff/requests/{number}")
    page = await agent.post(f"/staff/requests/{number}/state", {"target": "rejected"})
    assert (page.status_code, "Un refus demande une raison" in page.text) == (400, True)
    assert (await state_of(office, number), await told(office)) == (("received", None), [])


async def test_a_reply_goes_to_the_citizen_and_an_internal_note_does_not(office: Office) -> None:
    number = await filed(office)
    agent = await office.enter(Role.AGENT)
    template = await agent.get(f"/staff/requests/{number}", use="more")
    await agent.post(f"/staff/requests/{number}/note", {"text": "Une équipe passe lundi.", "public": "1"})
    page = await agent.post(f"/staff/requests/{number}/note", {"text": "Voir avec la voirie."})
    said = await told(office)
    assert "il nous manque une précision" in template.text
    assert ("Voir avec la voirie." in page.text, len(said), "Une équipe passe lundi." in said[0]) == (True, 1, True)


async def test_what_was_answered_to_the_extra_question_is_shown(office: Office) -> None:
    number = await filed(office, "report/waste")
    async with office.database.transaction() as session:
        row = await requests_store.request_by_number(session, number)
        assert row
        row.answers = {"since": "weeks", "gone": "A <12>"}
    agent = await office.enter(Role.AGENT)
    page = (await agent.get(f"/staff/requests/{number}")).text
    await agent.post("/staff/account/language", {"language": "ar", "back": "/staff"})
    arabic = (await agent.get(f"/staff/requests/{number}")).text
    assert ("Depuis</dt>" in page, "Plus d&#39;une semaine</dd>" in page, "A &lt;12&gt;</dd>" in page) == (
        True,
        True,
        True,
    )
    assert "كثر من سيمانة</dd>" in arabic


async def test_duplicates_are_offered_and_merged(office: Office) -> None:
    first, second = await filed(office, name="first"), await filed(office, name="second")
    agent = await office.enter(Role.AGENT)
    page = await agent.get(f"/staff/requests/{second}")
    await agent.post(f"/staff/requests/{second}/merge", {"into": first})
    assert f"Réunir avec {first}" in page.text
    assert [(await state_of(office, n))[0] for n in (first, second)] == ["received", "merged"]


async def test_many_are_changed_at_once_and_what_is_impossible_is_counted(office: Office) -> None:
    numbers = [await filed(office, name=str(i)) for i in range(3)]
    agent = await office.enter(Role.AGENT)
    await agent.get(f"/staff/requests/{numbers[0]}")
    await agent.post(f"/staff/requests/{numbers[0]}/state", {"target": "fixed"})
    nothing = await agent.post("/staff/requests/bulk", {"target": "in_progress"})
    page = await agent.post(
        "/staff/requests/bulk",
        {"number": numbers, "target": "in_progress", "filter": "category=report%2Froad&state=all"},
    )
    assert "Rien n’a changé" in nothing.text
    assert "Demandes changées : 2. Refusées : 1." in page.text
    assert f"Impossible dans leur état : {numbers[0]}." in page.text
    assert dict(page.url.params) == {"category": "report/road", "state": "all"}
    assert [(await state_of(office, n))[0] for n in numbers] == ["fixed", "in_progress", "in_progress"]


@pytest.mark.parametrize(
    ("page", "field"),
    [("note", {"text": ""}), ("note", {"text": "", "public": "1"}), ("state", {"note": "", "target": "in_progress"})],
)
async def test_a_text_that_is_too_long_is_refused_and_kept(office: Office, page: str, field: dict[str, str]) -> None:
    number = await filed(office)
    agent = await office.enter(Role.AGENT)
    before = await agent.get(f"/staff/requests/{number}")
    (box,) = (name for name, value in field.items() if not value)
    long = "Une équipe passe demain. " * 60
    refused = await agent.post(f"/staff/requests/{number}/{page}", field | {box: long})
    assert re.findall(r'<textarea[^>]* name="(\w+)"[^>]* maxlength="1000"', before.text) == ["text", "note"]
    assert (refused.status_code, "1499 caractères, 1000 au plus" in refused.text) == (400, True)
    assert long.strip() in refused.text
    # What was to stay at the desk does not go to citizens once it is shorter.
    assert ('name="public" value="1" checked' in refused.text) == (page == "state" or "public" in field)
    assert (await state_of(office, number), await told(office)) == (("received", None), [])
    assert (await agent.post(f"/staff/requests/{number}/{page}", field | {box: "x" * 1_000})).status_code == 200


async def test_a_text_for_many_that_is_too_long_is_refused_and_kept(office: Office) -> None:
    numbers = [await filed(office, name=str(i)) for i in range(2)]
    agent = await office.enter(Role.AGENT)
    await agent.get("/staff/requests")
    form = {"number": numbers[0], "target": "in_progress", "note": "x" * 1_001, "filter": "state=open"}
    refused = await agent.post("/staff/requests/bulk", form)
    assert (refused.status_code, "1001 caractères, 1000 au plus" in refused.text) == (400, True)
    assert f'maxlength="1000" value="{form["note"]}"' in refused.text
    assert re.findall(r'value="([^"]+)" checked', refused.text) == [numbers[0]]
    assert '<option value="in_progress" selected>' in refused.text
    assert 'name="filter" value="state=open"' in refused.text
    assert ([(await state_of(office, number))[0] for number in numbers], await told(office)) == (["received"] * 2, [])


@pytest.mark.parametrize(
    ("form", "problem"),
    [
        ({"target": "rejected"}, "Un refus demande une raison"),
        ({"note": "Une équipe passe demain.", "assignee": "Samira"}, "choisissez-en un, ou effacez le message"),
    ],
)
async def test_what_would_lose_words_or_fail_for_all_is_said_before(
    office: Office, form: dict[str, str], problem: str
) -> None:
    number = await filed(office)
    agent = await office.enter(Role.AGENT)
    await agent.get("/staff/requests")
    refused = await agent.post("/staff/requests/bulk", {"number": number, **form})
    assert (refused.status_code, problem in refused.text) == (400, True)
    assert re.findall(r'value="([^"]+)" checked', refused.text) == [number]
    assert form.get("note", "") in refused.text
    assert (await state_of(office, number), await told(office)) == (("received", None), [])


async def test_a_number_that_nobody_has_is_said_to_be_unknown(office: Office) -> None:
    agent = await office.enter(Role.AGENT)
    page = (await agent.get("/staff/requests", number="ZZZ-999")).text
    assert "Aucune demande n’a ce numéro." in page


async def test_an_export_has_no_formula_in_it(office: Office) -> None:
    agent = await office.enter(Role.AGENT)
    number = await filed(office)
    await agent.post(f"/staff/requests/{number}/assign", {"body": "=HYPERLINK(1)", "assignee": ""})
    table = (await agent.get("/staff/requests.csv")).text
    (row,) = csv.DictReader(io.StringIO(table.removeprefix("\ufeff")))
    assert (row["body"], float(row["lon"]) < 0) == ("'=HYPERLINK(1)", True)


async def test_exports_hold_the_filtered_requests_and_no_words_of_citizens(office: Office) -> None:
    number, other = await filed(office), await filed(office, "report/waste", name="other")
    agent = await office.enter(Role.AGENT)
    table = await agent.get("/staff/requests.csv", category="report/road")
    places = (await agent.get("/staff/requests.geojson")).json()
    rows = list(csv.DictReader(io.StringIO(table.text.removeprefix("\ufeff"))))
    assert [row["number"] for row in rows] == [number]
    assert sorted(f["properties"]["number"] for f in places["features"]) == sorted([number, other])
    assert places["features"][0]["geometry"] == {"type": "Point", "coordinates": [-7.6405, 33.5745]}
    assert "grand trou" not in table.text + str(places)
