"""The answers at the desk: drafts, trying out, publishing without a restart, versions, conflicts, pulling."""

import asyncio
import re
from dataclasses import replace
from datetime import UTC, date, datetime

import httpx
import pytest

from actions.faq_text import content_of, read_fields, text_hash, with_fields
from actions.live import FaqFile, effective
from bot.settings import PROJECT
from nlu.examples import read_examples
from staff.roles import Role
from store import faq as faq_store
from store.tables import FaqVersionRow
from tests.staff.conftest import Browser, Office

PARKS = "faq/parks"
QUESTION = "les parcs de Casablanca"
FILES = sorted((PROJECT / "data" / "faq").rglob("*.yml"))


def form_of(text: str, **changed: str) -> dict[str, str | list[str]]:
    """The editor's form as the page fills it for a text, with some fields changed."""
    fields = read_fields(text)
    form: dict[str, str | list[str]] = {
        "owner": fields.owner,
        "checked_on": str(fields.checked_on),
        "valid_until": str(fields.valid_until),
        "status": fields.status,
        "related": list(fields.related),
        "source": "\n".join(
            " | ".join(str(source.get(key) or "") for key in ("url", "date", "confidence")).rstrip(" |")
            for source in fields.source
        ),
    }
    form |= {f"answer.{tag}": text for tag, text in fields.answer.items()}
    form |= {f"follow.{a}.{tag}": text for a, texts in fields.follow_ups.items() for tag, text in texts.items()}
    form |= {f"examples.{tag}": "\n".join(examples) for tag, examples in fields.examples.items()}
    return form | changed


def live_text(office: Office, intent: str = PARKS) -> str:
    text: str = office.app.state.live.texts[intent].text
    return text


async def says(office: Office, question: str, phone: str = "a" * 32) -> str:
    """What the assistant answers on the phone page."""
    transport = httpx.ASGITransport(app=office.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as http:
        since = (await http.get("/phone/messages", params={"phone": phone, "after": 0})).json()["cursor"]
        identifier = f"message-{since}-{len(question)}"
        await http.post("/phone/messages", json={"phone": phone, "id": identifier, "text": question})
        for _ in range(300):
            await asyncio.sleep(0.1)
            page = (await http.get("/phone/messages", params={"phone": phone, "after": since})).json()
            replies = [m for m in page["messages"] if m["from"] == "assistant"]
            if replies:
                return "\n".join(part["text"] for part in replies[-1]["parts"] if part["type"] == "text")
    raise AssertionError("no answer came")


async def publish(office: Office, browser: Browser, text: str, intent: str = PARKS) -> httpx.Response:
    """Saves and publishes a change of an answer's French text."""
    await browser.get(f"/staff/faq/edit/{intent}")
    await browser.post(f"/staff/faq/save/{intent}", form_of(live_text(office, intent), **{"answer.fr": text}))
    return await browser.post(f"/staff/faq/publish/{intent}", {"note": "essai"})


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_reading_and_writing_a_file_changes_no_letter(path: object) -> None:
    text = path.read_text(encoding="utf-8")  # type: ignore[attr-defined]
    assert with_fields(text, read_fields(text)) == text


def test_a_change_touches_only_its_own_lines() -> None:
    text = (PROJECT / "data" / "faq" / "parks.yml").read_text(encoding="utf-8")
    changed = with_fields(text, replace(read_fields(text), checked_on=date(2026, 11, 25)))
    differing = [new for old, new in zip(text.splitlines(), changed.splitlines(), strict=True) if old != new]
    assert differing == ["checked_on: 2026-11-25"]


@pytest.mark.parametrize("example", ["no", "12:30", "oui: non", "- tiret", "# dièse", 'c\'est "ça"', "لا: نعم", "~"])
def test_every_example_survives_the_file(example: str) -> None:
    text = (PROJECT / "data" / "faq" / "parks.yml").read_text(encoding="utf-8")
    changed = with_fields(text, replace(read_fields(text), examples={"fr": (example,)}))
    assert content_of(changed)["examples"] == {"fr": [example]}


async def test_a_published_text_is_said_at_once_without_a_restart(office: Office) -> None:
    browser = await office.enter(Role.EDITOR)
    page = await publish(office, browser, "Les parcs sont ouverts : essai publié.")
    assert "Version 1 publiée." in page.text
    assert "essai publié" in await says(office, QUESTION)


async def test_another_process_says_it_too(office: Office) -> None:
    """What one process publishes, another finds in the database by itself."""
    text = with_fields(
        live_text(office), replace(read_fields(live_text(office)), answer={"fr": "D'un autre processus.", "ary": "x"})
    )
    async with office.database.transaction() as session:
        await faq_store.add_version(
            session,
            PARKS,
            text,
            file_hash=office.app.state.live.files[PARKS].hash,
            entry=None,
            model="",
            note="",
            author="samira",
            now=datetime.now(UTC),
        )
    for _ in range(40):
        if "D'un autre processus." in office.app.state.live.texts[PARKS].text:
            break
        await asyncio.sleep(0.1)
    assert "D'un autre processus." in await says(office, QUESTION)


async def test_a_pulled_answer_is_replaced_by_an_honest_word_and_given_again(office: Office) -> None:
    agent, editor = await office.enter(Role.AGENT), await office.enter(Role.EDITOR)
    await agent.get("/staff/faq")
    await agent.post(f"/staff/faq/pull/{PARKS}", {"back": "/staff/faq"})
    pulled = await says(office, QUESTION)
    await editor.get("/staff/faq")
    await editor.post(f"/staff/faq/give/{PARKS}")
    given = await says(office, QUESTION)
    assert ("n'est pas disponible pour le moment" in pulled, "37 37" in pulled) == (True, True)
    assert "n'est pas disponible" not in given


async def test_the_emergency_numbers_cannot_be_pulled(office: Office) -> None:
    browser = await office.enter(Role.SUPERVISOR)
    await browser.get("/staff/faq")
    await browser.post("/staff/faq/pull/emergency")
    async with office.database.transaction() as session:
        assert await faq_store.pulled(session) == {}


async def test_every_version_is_kept_and_can_come_back(office: Office) -> None:
    browser = await office.enter(Role.EDITOR)
    for text in ("Premier texte.", "Deuxième texte."):
        await publish(office, browser, text)
    await browser.post(f"/staff/faq/back/{PARKS}", {"number": "1"})
    back = await says(office, QUESTION)
    await browser.post(f"/staff/faq/back/{PARKS}", {"number": "0"})
    async with office.database.transaction() as session:
        kept = [(v.number, read_fields(v.text).answer["fr"][:14]) for v in await faq_store.versions_of(session, PARKS)]
    original = office.app.state.live.files[PARKS].text
    assert "Premier texte." in back
    assert kept[1:] == [(3, "Premier texte."), (2, "Deuxième texte"), (1, "Premier texte.")]
    assert live_text(office) == original


async def test_what_is_wrong_is_said_and_keeps_a_draft_from_being_published(office: Office) -> None:
    browser = await office.enter(Role.EDITOR)
    await browser.get(f"/staff/faq/edit/{PARKS}")
    saved = await browser.post(
        f"/staff/faq/save/{PARKS}",
        form_of(live_text(office), **{"answer.ary": "", "owner": "", "source": "sans date", "answer.fr": "x" * 1_601}),
    )
    refused = await browser.post(f"/staff/faq/publish/{PARKS}")
    for problem in (
        "Le champ « owner » est vide",
        "Il manque le texte : answer ary.",
        "Chaque source a une adresse et une date",
        "Texte trop long (answer fr)",
    ):
        assert problem in saved.text
    assert (refused.status_code, "n’est encore publié" in refused.text) == (409, False)


async def test_a_draft_is_tried_out_and_nothing_of_it_stays(office: Office) -> None:
    browser = await office.enter(Role.EDITOR)
    await browser.get(f"/staff/faq/edit/{PARKS}")
    await browser.post(f"/staff/faq/save/{PARKS}", form_of(live_text(office), **{"answer.fr": "Texte du brouillon."}))
    page = await browser.post(f"/staff/faq/try/{PARKS}", {"message": QUESTION})
    chat = re.findall(r'<p class="text" dir="auto">([^<]+)</p>', page.text)
    async with office.database.transaction() as session:
        from sqlalchemy import func, select

        from store.tables import ConversationRow, TurnRow

        left = [await session.scalar(select(func.count()).select_from(table)) for table in (ConversationRow, TurnRow)]
    assert (chat[:2], left) == ([QUESTION, "Texte du brouillon."], [0, 0])
    assert "Texte du brouillon." not in await says(office, QUESTION)


async def test_a_colleagues_publication_is_not_overwritten(office: Office) -> None:
    mine, theirs = await office.enter(Role.EDITOR), await office.enter(Role.SUPERVISOR)
    await mine.get(f"/staff/faq/edit/{PARKS}")
    await mine.post(f"/staff/faq/save/{PARKS}", form_of(live_text(office), **{"answer.fr": "Mon texte."}))
    async with office.database.transaction() as session:
        from store.tables import FaqDraftRow

        draft = await session.get_one(FaqDraftRow, PARKS)
        draft.based_on = text_hash("what was live before a colleague published")
    refused = await theirs.get(f"/staff/faq/edit/{PARKS}")
    refused = await theirs.post(f"/staff/faq/publish/{PARKS}")
    assert (refused.status_code, "par quelqu’un d’autre" in refused.text) == (409, True)


@pytest.mark.parametrize(
    ("file", "says", "conflict"),
    [
        ("before", "desk", False),
        ("desk", "desk", False),
        ("somebody else's", "somebody else's", True),
        (None, "desk", False),
    ],
)
def test_a_file_that_changed_since_is_a_conflict_and_wins(file: str | None, says: str, conflict: bool) -> None:
    version = FaqVersionRow(intent=PARKS, number=1, text="desk", file_hash=text_hash("before"))
    found = effective(FaqFile(PROJECT, file, text_hash(file)) if file else None, version)
    assert found
    assert (found.text, found.conflict) == (says, conflict)


async def test_a_conflict_is_shown_and_settled_by_a_click(office: Office) -> None:
    browser = await office.enter(Role.EDITOR)
    await publish(office, browser, "Texte du bureau.")
    live = office.app.state.live
    path, other = live.files[PARKS].path, live.files[PARKS].text.replace("checked_on", "checked_on", 1) + "# changed\n"
    live.files[PARKS] = FaqFile(path, other, text_hash(other))
    live._seen = (0, frozenset())
    async with office.database.transaction() as session:
        await live.refresh(session)
    page = await browser.get(f"/staff/faq/edit/{PARKS}")
    listed = await browser.get("/staff/faq")
    assert ("rien n’a été écrasé" in page.text, "Texte du bureau." in page.text) == (True, True)
    assert "fichier changé" in listed.text
    await browser.post(f"/staff/faq/back/{PARKS}", {"number": "1"})
    assert (live.texts[PARKS].conflict, read_fields(live_text(office)).answer["fr"]) == (False, "Texte du bureau.")


async def test_an_example_of_another_question_is_refused_and_a_near_one_is_shown(office: Office) -> None:
    browser = await office.enter(Role.EDITOR)
    elsewhere = next(e.text for e in read_examples(PROJECT) if e.intent == "faq/burial" and len(e.text) > 20)
    examples = "\n".join([*read_fields(live_text(office)).examples["fr"], elsewhere, elsewhere + "s"])
    await browser.get(f"/staff/faq/edit/{PARKS}")
    page = await browser.post(f"/staff/faq/save/{PARKS}", form_of(live_text(office), **{"examples.fr": examples}))
    from html import unescape

    text = unescape(page.text)
    assert f"L’exemple « {elsewhere} » est déjà un exemple de faq/burial" in text
    assert f"« {elsewhere}s » ressemble à « {elsewhere} » (faq/burial)." in text


async def test_new_examples_are_checked_before_and_understood_after_publishing(small_office: Office) -> None:
    """Trains a real, small model in a process of its own."""
    office, browser = small_office, await small_office.enter(Role.EDITOR)
    unknown = "zerzouria mbowwqa"
    await says(office, unknown)
    before = office.app.state.live.house.parser.parse(unknown)
    examples = "\n".join(
        [*read_fields(live_text(office)).examples["ary-Latn"], unknown, f"{unknown} fin", f"fin {unknown}"]
    )
    await browser.get(f"/staff/faq/edit/{PARKS}")
    await browser.post(f"/staff/faq/save/{PARKS}", form_of(live_text(office), **{"examples.ary-Latn": examples}))
    unchecked = await browser.post(f"/staff/faq/publish/{PARKS}")
    await browser.post(f"/staff/faq/check/{PARKS}")
    await office.app.state.checks.wait()
    page = await browser.get(f"/staff/faq/edit/{PARKS}")
    changed = re.findall(r'name="number" value="(\d+)">Accepter', page.text)
    unaccepted = await browser.post(f"/staff/faq/publish/{PARKS}")
    for number in changed:
        await browser.post(f"/staff/faq/accept/{PARKS}", {"number": number})
    published = await browser.post(f"/staff/faq/publish/{PARKS}")
    assert (before.intent == PARKS, "lancez d’abord la vérification" in unchecked.text) == (False, True)
    assert "Messages de référence compris : 2 avant, 2 après, sur 2." in page.text
    assert (len(changed), "Acceptez d’abord chaque message" in unaccepted.text) == (1, True)
    assert "Version 1 publiée." in published.text
    assert office.app.state.live.house.parser.parse(unknown).intent == PARKS


async def test_a_drop_on_the_golden_set_blocks(small_office: Office) -> None:
    office, browser = small_office, await small_office.enter(Role.EDITOR)
    thanks = [e.text for e in read_examples(PROJECT) if e.intent == "thanks" and e.language == "fr"]
    examples = "\n".join(
        [
            *read_fields(live_text(office)).examples["fr"],
            *(f"{text} le parc" for text in thanks),
            *("merci à toutes", "merci à vous tous", "merci bien à tous", "merci tous"),
        ]
    )
    await browser.get(f"/staff/faq/edit/{PARKS}")
    await browser.post(f"/staff/faq/save/{PARKS}", form_of(live_text(office), **{"examples.fr": examples}))
    await browser.post(f"/staff/faq/check/{PARKS}")
    await office.app.state.checks.wait()
    page = await browser.get(f"/staff/faq/edit/{PARKS}")
    refused = await browser.post(f"/staff/faq/publish/{PARKS}")
    assert ("référence perdue" in page.text, refused.status_code) == (True, 409)
    assert "Des messages de référence ne sont plus compris" in refused.text


async def test_no_page_offers_what_it_would_refuse(office: Office) -> None:
    """An agent reads and pulls answers, and finds no button that ends at a closed door."""
    agent = await office.enter(Role.AGENT)
    await agent.get("/staff/faq")
    pulled = (await agent.post("/staff/faq/pull/faq/parks")).text
    answer = (await agent.get("/staff/faq/edit/faq/parks")).text
    listed = (await agent.get("/staff/faq")).text
    offered = set(re.findall(r'action="(/staff/faq/(?!file)[a-z]+)/', pulled + answer + listed))
    assert offered == {"/staff/faq/pull", "/staff/faq/save"}
    assert ("/staff/faq/new" in listed, '<fieldset class="plain" disabled>' in answer) == (False, True)
    assert "Enregistrer le brouillon" not in answer
