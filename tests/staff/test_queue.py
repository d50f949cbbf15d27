"""What was not understood: masked, grouped, settled in one step, never back. Figures and the weekly sample."""

import csv
import io
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from sqlalchemy import select

from actions.faq_text import languages, read_fields
from actions.likeness import grouped
from staff.counts import count_requests, count_turns
from staff.roles import Role
from store import turns
from store.conversations import conversation_of
from store.review import Alike
from store.tables import FaqDraftRow, ServiceRequestRow, TurnRow
from tests.staff.conftest import Office
from tests.staff.phone import says

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def turn(text: str, outcome: str = "lost", **fields: object) -> TurnRow:
    values: dict[str, object] = {
        "at": datetime.now(UTC) - timedelta(hours=2),
        "conversation_id": 1,
        "channel": "phone",
        "language": "fr",
        "text": text,
        "intent": "faq/parks",
        "confidence": 0.2,
        "ranking": [["faq/parks", 0.2]],
        "outcome": outcome,
        "complained": False,
    }
    return TurnRow(**{**values, **fields})


async def logged(office: Office, *rows: TurnRow) -> None:
    async with office.database.transaction() as session:
        conversation = await conversation_of(session, "phone", "somebody", now=datetime.now(UTC))
        for row in rows:
            row.conversation_id = conversation.id
            turns.add(session, row)


def test_messages_that_say_nearly_the_same_are_one_group_in_both_scripts() -> None:
    said = ["fin njedded lpermis", "فين نجدد البيرمي", "fin njeded lpermi", "je veux un chien"]
    groups = grouped([(text, text) for text in said])
    assert [group.members for group in groups] == [said[:3], said[3:]]


async def test_a_lost_message_stands_in_the_queue_masked(office: Office) -> None:
    editor = await office.enter(Role.EDITOR)
    await says(office, "zerzouria mbowwqa 0661234567")
    async with office.database.transaction() as session:
        # Whatever the present model makes of it.
        (await session.scalars(select(TurnRow))).one().outcome = "lost"
    page = unescape((await editor.get("/staff/queue")).text)
    assert ("zerzouria mbowwqa ▇numéro" in page, "0661234567" in page) == (True, False)


async def test_a_complaint_brings_the_answer_before_it_into_the_queue(office: Office) -> None:
    editor = await office.enter(Role.EDITOR)
    await says(office, "les parcs de Casablanca")
    calm = (await editor.get("/staff/queue")).text
    await says(office, "ce n'est pas la bonne réponse")
    assert (
        "les parcs de Casablanca" in calm,
        "les parcs de Casablanca" in (await editor.get("/staff/queue")).text,
    ) == (
        False,
        True,
    )


async def test_an_example_goes_to_the_draft_and_the_group_never_comes_back(office: Office) -> None:
    editor = await office.enter(Role.EDITOR)
    await logged(office, turn("jnanat dyal lwlidat"), turn("jnanat dyal lwlidatt"), turn("autre chose entièrement"))
    page = (await editor.get("/staff/queue")).text
    await editor.post("/staff/queue", {"id": ["2", "1"], "how": "example", "intent": "faq/parks"})
    after = (await editor.get("/staff/queue")).text
    async with office.database.transaction() as session:
        draft = await session.get_one(FaqDraftRow, "faq/parks")
    assert page.count('name="id"') == 3
    assert ("jnanat" in after, "autre chose" in after) == (False, True)
    assert read_fields(draft.text).examples["fr"][-1] == "jnanat dyal lwlidatt"


@pytest.mark.parametrize("how", ["scope", "fine"])
async def test_every_way_of_settling_keeps_it_away(office: Office, how: str) -> None:
    editor = await office.enter(Role.EDITOR)
    await logged(office, turn("une question jamais vue"))
    await editor.get("/staff/queue")
    landed = await editor.post("/staff/queue", {"id": "1", "how": how})
    assert landed.url.path == "/staff/queue"
    assert "une question jamais vue" not in (await editor.get("/staff/queue")).text


async def test_a_new_question_settles_its_messages_once_its_draft_begins(office: Office) -> None:
    editor = await office.enter(Role.EDITOR)
    await logged(office, turn("comment adopter un chat"), turn("comment adopter un chatt"))
    await editor.get("/staff/queue")
    form = await editor.post("/staff/queue", {"id": ["1", "2"], "how": "draft"})
    turned_back = unescape((await editor.get("/staff/queue")).text)
    fields = dict.fromkeys((f"{kind}.{tag}" for kind in ("label", "phrase") for tag in languages()), "chat")
    begun = await editor.post(
        "/staff/faq/new",
        {
            **fields,
            "label.en": "Adopt a cat",
            "covers": "adopter un chat",
            "turns": form.url.params["turns"],
            "example": form.url.params["example"],
            "example_language": form.url.params["language"],
        },
    )
    assert "comment adopter un chat" in turned_back
    assert begun.url.path == "/staff/faq/edit/faq/adopt_a_cat"
    assert "comment adopter un chat" not in (await editor.get("/staff/queue")).text


async def test_an_example_needs_a_question_to_belong_to(office: Office) -> None:
    editor = await office.enter(Role.EDITOR)
    await logged(office, turn("une question jamais vue", ranking=[]))
    await editor.get("/staff/queue")
    page = unescape((await editor.post("/staff/queue", {"id": "1", "how": "example", "intent": ""})).text)
    assert ("Choisissez d’abord la question" in page, "une question jamais vue" in page) == (True, True)


async def test_a_choice_that_nobody_made_counts_as_abandoned(office: Office) -> None:
    editor = await office.enter(Role.EDITOR)
    await logged(office, turn("ambigu un", "asked"), turn("ambigu deux", "asked"))
    page = (await editor.get("/staff/queue")).text
    assert ("ambigu un" in page, "ambigu deux" in page) == (False, True)


async def test_the_sample_is_judged_in_one_click_and_feeds_the_estimate(office: Office) -> None:
    supervisor = await office.enter(Role.SUPERVISOR)
    await logged(office, *(turn(f"question {i}", "answered", at=datetime.now(UTC)) for i in range(25)))
    page = await supervisor.get("/staff/figures/sample")
    assert page.text.count('name="turn"') == 20
    for number, verdict in (("1", "right"), ("2", "wrong"), ("3", "right"), ("4", "right")):
        page = await supervisor.post("/staff/figures/sample", {"turn": number, "verdict": verdict})
    figures = (await supervisor.get("/staff/figures")).text
    assert ("Échantillon de la semaine : 4 sur 20" in page.text, page.text.count('name="turn"')) == (True, 16)
    assert ("25 %" in figures, "réponses jugées à la main : 4" in figures) == (True, True)


async def test_the_export_counts_by_day_language_and_outcome(office: Office) -> None:
    supervisor = await office.enter(Role.SUPERVISOR)
    now = datetime.now(UTC)
    await logged(
        office, turn("a", "answered", at=now), turn("b", "answered", at=now), turn("c", at=now, language="ary")
    )
    rows = list(csv.DictReader(io.StringIO((await supervisor.get("/staff/figures.csv")).text)))
    assert [(r["language"], r["outcome"], r["messages"]) for r in rows] == [
        ("ary", "lost", "1"),
        ("fr", "answered", "2"),
    ]


def test_an_estimate_without_judged_answers_is_the_share_of_complaints() -> None:
    rows = [Alike(None, "fr", "answered", complained, 1) for complained in (False, True)]
    assert count_turns([*rows, Alike(None, "fr", "lost", complained=False, count=1)], {}).estimated_wrong == 0.5
    assert count_turns([], {}).estimated_wrong is None


def test_what_is_open_after_its_deadline_is_not_in_time() -> None:
    def request(status: str, due: int, took: int) -> ServiceRequestRow:
        made = NOW - timedelta(days=10)
        return ServiceRequestRow(
            arrondissement="maarif",
            status=status,
            created_at=made,
            due_at=made + timedelta(days=due),
            status_since=made + timedelta(days=took),
        )

    rows = [request("fixed", 5, 2), request("fixed", 5, 8), request("received", 5, 0), request("received", 30, 0)]
    (counts,) = count_requests(rows, "arrondissement", now=NOW)
    assert (counts.filed, counts.open, counts.median_days, counts.in_time) == (4, 2, 5.0, 1 / 3)


async def test_turns_go_with_the_person_who_asks_to_be_forgotten(office: Office) -> None:
    await says(office, "les parcs de Casablanca")
    await says(office, "efface mes données")
    await says(office, None, choice="forget:yes")
    async with office.database.transaction() as session:
        assert (await session.scalars(select(TurnRow))).all() == []


async def test_an_unanswered_question_stands_in_the_queue_with_its_reason(office: Office) -> None:
    editor = await office.enter(Role.EDITOR)
    await logged(office, turn("y a-t-il une infirmerie à l'expo", "unanswered"), turn("merci", "answered"))
    page = unescape((await editor.get("/staff/queue")).text)
    assert "y a-t-il une infirmerie à l'expo" in page
    assert "sans réponse connue" in page
    assert "merci" not in page
