"""Messages to many at the desk: counted before, approved by a second person, in each one's language, stopped by a click."""

import asyncio
import re
from datetime import UTC, datetime

import pytest

from actions.requests.changes import Draft, file_request
from nlu.understanding import Language
from staff.roles import Role
from store import broadcasts as broadcasts_store
from store.conversations import conversation_of, known_conversation
from tests.staff.conftest import PASSWORD, Browser, Office
from tests.staff.phone import heard, says

FORM = {
    "to": "arrondissement:anfa",
    "text.fr": "L'eau revient à 18 h.",
    "text.ary": "الما راجع ف 18:00.",
    "text.ary-Latn": "Lma raje3 f 18:00.",
    "text.en": "Water is back at 18:00.",
}
FRENCH, DARIJA, STOPPED = "f" * 32, "d" * 32, "s" * 32


async def second(office: Office) -> Browser:
    """Another supervisor."""
    await office.account("youssef", Role.SUPERVISOR)
    browser = await office.browser()
    await browser.post("/staff/login", {"name": "youssef", "password": PASSWORD})
    return browser


async def followers(office: Office) -> None:
    """Three people with a request in Anfa; one of them wrote STOP."""
    for phone, hello in ((FRENCH, "bonjour"), (DARIJA, "سلام، كيداير؟"), (STOPPED, "bonjour")):
        await says(office, hello, phone=phone)
    assert "START" in await says(office, "STOP", phone=STOPPED)
    house = office.app.state.live.house
    async with office.database.transaction() as session:
        for phone in (FRENCH, DARIJA, STOPPED):
            person = await known_conversation(session, "phone", phone)
            assert person
            draft = Draft("report/road", "trou", Language.FRENCH, conversation_id=person.id, arrondissement="anfa")
            await file_request(session, house.desk, draft, now=person.created_at)


async def numbers(page: str) -> dict[str, str]:
    return dict(re.findall(r"<dt>([^<]+)</dt><dd[^>]*>([^<]+)", page))


async def test_a_message_is_counted_approved_by_another_and_read_once_by_each_in_their_language(office: Office) -> None:
    author, approver = await office.enter(Role.SUPERVISOR), await second(office)
    await followers(office)
    await author.get("/staff/broadcasts/new")
    written = await author.post("/staff/broadcasts/new", FORM)
    own = await author.post("/staff/broadcasts/1/approve", {"revision": "1"})
    async with office.database.transaction() as session:
        before = await broadcasts_store.counts(session, 1)
    await approver.get("/staff/broadcasts/1")
    begun = await approver.post("/staff/broadcasts/1/approve", {"revision": "1"})
    again = await approver.post("/staff/broadcasts/1/approve", {"revision": "1"})
    for _ in range(100):
        page = (await author.get("/staff/broadcasts/1")).text
        if "Envoi terminé" in page:
            break
        await asyncio.sleep(0.1)
    counted = await numbers(written.text)
    assert (counted["Personnes qui suivent"], counted["Messages à envoyer"]) == ("3", "2")
    assert counted["Ne veulent pas de messages (STOP)"] == "1"
    assert ("vous l’avez écrit" in own.text, before) == (True, {})
    assert ("L’envoi commence." in begun.text, "L’envoi commence." in again.text) == (True, False)
    assert (await numbers(page))["Remis aux messageries"] == "2"
    assert [sum("18" in text for text in await heard(office, phone=p)) for p in (FRENCH, DARIJA, STOPPED)] == [1, 1, 0]
    french, darija = (await heard(office, phone=FRENCH))[-1], (await heard(office, phone=DARIJA))[-1]
    assert french == (
        "Message de la ville de Casablanca :\n\nL'eau revient à 18 h.\n\n"
        "Vous le recevez parce que vous suivez une demande à Anfa. Écrivez STOP pour ne plus en recevoir."
    )
    assert "الما راجع" in darija


@pytest.mark.parametrize("wrong", [{"to": ""}, {"to": "arrondissement:rabat"}, {"to": "x:y"}, {"text.ary": ""}])
async def test_a_message_without_people_or_a_language_is_refused_and_stays_in_the_form(
    office: Office, wrong: dict[str, str]
) -> None:
    author = await office.enter(Role.SUPERVISOR)
    await author.get("/staff/broadcasts/new")
    page = await author.post("/staff/broadcasts/new", FORM | wrong)
    assert (page.status_code, "Lma raje3 f 18:00." in page.text, 'role="alert"' in page.text) == (400, True, True)


async def test_a_message_that_is_too_long_is_refused_and_stays_in_the_form(office: Office) -> None:
    author = await office.enter(Role.SUPERVISOR)
    await author.get("/staff/broadcasts/new")
    long = "L’eau revient. " * 200
    page = await author.post("/staff/broadcasts/new", FORM | {"text.fr": long})
    assert (page.status_code, "2999 caractères" in page.text, long.strip() in page.text) == (400, True, True)


async def test_who_changes_the_words_becomes_the_author_and_old_words_are_not_approved(office: Office) -> None:
    author, other = await office.enter(Role.SUPERVISOR), await second(office)
    await author.get("/staff/broadcasts/new")
    await author.post("/staff/broadcasts/new", FORM)
    await author.get("/staff/broadcasts/1/edit")
    await author.post("/staff/broadcasts/1/edit", FORM | {"text.fr": "Non, à 19 h."})
    await other.get("/staff/broadcasts/1")
    stale = await other.post("/staff/broadcasts/1/approve", {"revision": "1"})
    await other.post("/staff/broadcasts/1/edit", FORM)
    own = await other.get("/staff/broadcasts/1")
    assert "Ce message a changé entre-temps" in stale.text
    assert ("vous l’avez écrit" in own.text, "Approuver et envoyer" in own.text) == (True, False)


async def test_a_stopped_message_goes_to_nobody_else(office: Office) -> None:
    author, approver = await office.enter(Role.SUPERVISOR), await second(office)
    house = office.app.state.live.house
    async with office.database.transaction() as session:
        for number in range(60):
            person = await conversation_of(session, "terminal", str(number), now=datetime.now(UTC))
            draft = Draft("report/road", "trou", Language.FRENCH, conversation_id=person.id, arrondissement="anfa")
            await file_request(session, house.desk, draft, now=person.created_at)
    await author.get("/staff/broadcasts/new")
    await author.post("/staff/broadcasts/new", FORM)
    await approver.get("/staff/broadcasts/1")
    await approver.post("/staff/broadcasts/1/approve", {"revision": "1"})
    await asyncio.sleep(1.5)
    stopped = await author.post("/staff/broadcasts/1/stop")
    await asyncio.sleep(1.5)
    after = await author.get("/staff/broadcasts/1")
    found = await numbers(after.text)
    assert "Envoi arrêté." in stopped.text
    assert 0 < int(found["Remis aux messageries"]) < 30
    assert int(found["Remis aux messageries"]) + int(found["Jamais envoyés"]) == 60
    assert await numbers(stopped.text) == found


async def test_a_dropped_message_cannot_be_approved(office: Office) -> None:
    author, other = await office.enter(Role.SUPERVISOR), await second(office)
    await author.get("/staff/broadcasts/new")
    await author.post("/staff/broadcasts/new", FORM)
    await author.post("/staff/broadcasts/1/drop")
    await other.get("/staff/broadcasts/1")
    page = await other.post("/staff/broadcasts/1/approve", {"revision": "1"})
    changed = await other.post("/staff/broadcasts/1/edit", FORM)
    assert ("L’envoi commence." in page.text, "Trop tard" in changed.text) == (False, True)
