"""What was typed while a session ended is not lost, and goes nowhere that its author did not send it to."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from urllib.parse import parse_qsl

import pytest
from sqlalchemy import select, text, update

from staff.keeping import HOME, Kept, inside
from staff.roles import Role
from staff.signing_in import IDLE
from store.tables import StaffSessionRow
from tests.staff.conftest import PASSWORD, Browser, Office
from tests.staff.test_requests import filed, told

REPLY = "Une équipe passe <lundi> & mardi.\nMerci."
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


async def end_sessions(office: Office) -> None:
    """As if nobody had touched the desk for two hours."""
    async with office.database.transaction() as session:
        await session.execute(update(StaffSessionRow).values(seen_at=datetime.now(UTC) - IDLE - timedelta(minutes=1)))


def form_on(page: str, action: str) -> dict[str, str]:
    """The hidden fields of the form that goes to this address, as a browser reads them."""
    form = page[page.index(f'action="{action}"') :].partition("</form>")[0]
    return {name: unescape(value) for name, value in _HIDDEN.findall(form)}


async def sign_in_again(browser: Browser, page: str, name: str = "agent", **more: str) -> str:
    fields = {**form_on(page, "/staff/login"), "name": name, "password": PASSWORD, **more}
    return (await browser.post("/staff/login", {key: value for key, value in fields.items() if key != "csrf"})).text


async def test_a_reply_survives_the_end_of_the_session(office: Office) -> None:
    number = await filed(office)
    agent = await office.enter(Role.AGENT)
    action = f"/staff/requests/{number}/note"
    await agent.get(f"/staff/requests/{number}")
    await end_sessions(office)
    asked = await agent.post(action, {"text": REPLY, "public": "1"})
    offered = await sign_in_again(agent, asked.text)
    before = await told(office)
    form = form_on(offered, action)
    page = await agent.post(action, {**form})
    assert (asked.status_code, "n’est pas perdu" in asked.text, before) == (401, True, [])
    assert "Une équipe passe &lt;lundi&gt; &amp; mardi." in offered
    assert (page.status_code, [REPLY in said for said in await told(office)]) == (200, [True])


async def test_a_wrong_password_or_another_language_loses_nothing(office: Office) -> None:
    number = await filed(office)
    agent = await office.enter(Role.AGENT)
    await end_sessions(office)
    asked = await agent.post(f"/staff/requests/{number}/note", {"text": REPLY})
    wrong = await sign_in_again(agent, asked.text, password="a wrong password")
    fields = {**form_on(wrong, "/staff/login"), "only_language": "1"}
    arabic = (await agent.http.post("/staff/login?lang=ar", data=fields)).text
    kept = Kept.read(form_on(arabic, "/staff/login?lang=ar")["kept"])
    assert 'dir="rtl"' in arabic
    assert (kept and kept.action, kept and dict(kept.fields)) == (f"/staff/requests/{number}/note", {"text": REPLY})


async def test_a_form_of_an_older_session_may_be_sent_with_the_new_one(office: Office) -> None:
    """Somebody signed in again in another tab: the page that stayed open carries the token of the session before."""
    number = await filed(office)
    agent = await office.enter(Role.AGENT)
    action = f"/staff/requests/{number}/note"
    stale = await agent.http.post(action, data={"csrf": "of another session", "text": REPLY})
    before = await agent.get(f"/staff/requests/{number}")
    after = await agent.post(action, form_on(stale.text, action))
    assert (stale.status_code, "Page trop ancienne" in stale.text) == (403, True)
    assert [REPLY in unescape(page.text) for page in (before, after)] == [False, True]


async def test_nothing_typed_is_stored_and_no_password_is_written_into_a_page(office: Office) -> None:
    number = await filed(office)
    agent = await office.enter(Role.AGENT)
    await end_sessions(office)
    await sign_in_again(agent, (await agent.post(f"/staff/requests/{number}/note", {"text": REPLY})).text)
    await end_sessions(office)
    secret = await agent.http.post("/staff/account/password", data={"old": PASSWORD, "new": "another-secret-1"})
    async with office.database.transaction() as session:
        dump = str((await session.execute(text("SELECT * FROM staff_audit"))).all())
        dump += str((await session.execute(text("SELECT * FROM staff_sessions"))).all())
        dump += str((await session.execute(text("SELECT * FROM request_events"))).all())
    assert "Une équipe passe" not in dump
    assert (secret.status_code, secret.headers["location"], secret.text) == (303, "/staff/login", "")


async def test_signing_in_leads_to_the_page_that_was_asked_for(office: Office) -> None:
    agent = await office.enter(Role.AGENT)
    await end_sessions(office)
    sent = await agent.http.get("/staff/requests", params={"state": "all"})
    door = await agent.http.get(sent.headers["location"])
    entered = await agent.http.post(
        "/staff/login", data={**form_on(door.text, "/staff/login"), "name": "agent", "password": PASSWORD}
    )
    assert parse_qsl(sent.headers["location"].partition("?")[2]) == [("to", "/staff/requests?state=all")]
    assert entered.headers["location"] == "/staff/requests?state=all"


async def test_a_page_that_looks_for_news_by_itself_keeps_no_session_open(office: Office) -> None:
    number = await filed(office)
    agent = await office.enter(Role.AGENT)
    await agent.get(f"/staff/requests/{number}")
    await agent.http.post(f"/staff/requests/{number}/note", data={"csrf": agent.csrf, "text": "Vu."})
    old = datetime.now(UTC) - timedelta(minutes=30)
    async with office.database.transaction() as session:
        await session.execute(update(StaffSessionRow).values(seen_at=old))
    await agent.http.get("/staff/conversations", headers={"X-By-Itself": "1"})
    by_itself = await seen_at(office)
    told = (await agent.get(f"/staff/requests/{number}")).text
    assert (by_itself, await seen_at(office) > old) == (old, True)
    assert "C’est fait." in told  # It was not used up by the page that nobody looked at.


async def seen_at(office: Office) -> datetime:
    async with office.database.transaction() as session:
        return (await session.scalars(select(StaffSessionRow.seen_at))).one()


@pytest.mark.parametrize(
    ("address", "goes_to"),
    [
        ("/staff/faq?q=a", "/staff/faq?q=a"),
        ("http://127.0.0.1/staff/queue", "/staff/queue"),
        ("https://evil.example/", HOME),
        ("//evil.example/staff/..", "/staff/.."),
        ("/staffing", HOME),
        ("/staff/\\evil.example", HOME),
        ("/staff/logout", HOME),
        ("http://[", HOME),
        ("javascript:alert(1)", HOME),
        ("", HOME),
    ],
)
def test_after_signing_in_nobody_is_led_out_of_the_desk(address: str, goes_to: str) -> None:
    assert inside(address) == goes_to


@pytest.mark.parametrize(
    "written", ["", "None", "[]", "{", '{"action": 1}', '{"action":"/staff","page":"","fields":[1]}']
)
def test_what_is_no_kept_form_is_none(written: str) -> None:
    assert Kept.read(written) is None
