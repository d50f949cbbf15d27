"""Who may enter where: every route with every role, forms only from our own pages, nothing without signing in."""

from urllib.parse import urlencode

import pytest

from staff.accounts import token_hash
from staff.roles import Role
from staff.routes import MENU, PAGES, Page
from staff.signing_in import COOKIE
from store import staff as staff_store
from tests.staff.conftest import Office
from tests.staff.test_faq import form_of

_SAMPLE = {"token": "no-such-token", "intent": "faq/parks", "id": "4711", "number": "7K3-42R", "reference": "no.jpg"}
_BEHIND_THE_DOOR = [page for page in PAGES if page.who]


def _path(page: Page) -> str:
    path = page.path
    for name, value in _SAMPLE.items():
        path = path.replace(f"{{{name}}}", value).replace(f"{{{name}:path}}", value)
    assert "{" not in path, f"give {path} a sample value"
    return path


async def test_every_route_opens_for_the_roles_of_the_table_and_for_no_other(office: Office) -> None:
    wrong = []
    for role in Role:
        for page in _BEHIND_THE_DOOR:
            if page.path == "/staff/logout":
                continue
            browser = await office.enter(role)
            await browser.get("/staff/account")
            path = _path(page)
            answer = await (browser.get(path) if page.method == "GET" else browser.post(path))
            refused = answer.status_code == 403
            if refused is (role in page.who) or answer.status_code >= 500:
                wrong.append((page.method, path, role.value, answer.status_code))
    assert wrong == []


async def test_nobody_enters_without_signing_in(office: Office) -> None:
    browser = await office.browser()
    for page in _BEHIND_THE_DOOR:
        answer = await browser.http.request(page.method, _path(page))
        back = f"?{urlencode({'to': _path(page)})}" if page.method == "GET" and page.path != "/staff" else ""
        assert (answer.status_code, answer.headers["location"]) == (303, f"/staff/login{back}"), page


async def test_a_form_without_the_token_of_its_page_changes_nothing(office: Office) -> None:
    for page in _BEHIND_THE_DOOR:
        if page.method != "POST":
            continue
        role = min(page.who)
        browser = await office.enter(role)
        answer = await browser.http.post(_path(page), data={"csrf": "guessed"})
        assert (answer.status_code, "Page trop ancienne" in answer.text) == (403, True), page


@pytest.mark.parametrize(
    "headers",
    [{"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {"origin": "https://elsewhere.example"}],
)
async def test_a_form_from_another_site_is_refused(office: Office, headers: dict[str, str]) -> None:
    browser = await office.browser()
    answer = await browser.http.post("/staff/login", data={"name": "a", "password": "b"}, headers=headers)
    assert answer.status_code == 403


async def test_a_disabled_account_is_out_at_once(office: Office) -> None:
    from datetime import UTC, datetime

    from staff import accounts

    browser = await office.enter(Role.AGENT)
    async with office.database.transaction() as session:
        await accounts.disable(session, "agent", now=datetime.now(UTC))
    assert (await browser.get("/staff")).status_code == 303


async def test_the_cookie_is_kept_from_scripts_and_its_value_from_the_database(office: Office) -> None:
    await office.account("samira", Role.AGENT)
    browser = await office.browser()
    answer = await browser.http.post("/staff/login", data={"name": "samira", "password": "casablanca-2026"})
    cookie = answer.headers["set-cookie"]
    assert ("HttpOnly" in cookie, "samesite=lax" in cookie.lower(), "Path=/staff" in cookie) == (True, True, True)
    value = browser.http.cookies[COOKIE]
    async with office.database.transaction() as session:
        from sqlalchemy import select

        from store.tables import StaffSessionRow

        stored = (await session.scalars(select(StaffSessionRow.token_hash))).all()
    assert stored == [token_hash(value)]


async def test_every_change_leaves_its_line_in_the_log(office: Office) -> None:
    browser = await office.enter(Role.SUPERVISOR)
    await browser.get("/staff/account")
    await browser.post("/staff/account/language", {"language": "ar", "back": "/staff/account"})
    async with office.database.transaction() as session:
        entries = [(entry.who, entry.action) for entry in await staff_store.audit(session)]
    assert entries == [("supervisor", "account.language"), ("supervisor", "signing.sign_in")]
    assert 'dir="rtl"' in (await browser.get("/staff/journal")).text


async def test_what_was_refused_is_not_noted_as_done(office: Office) -> None:
    browser = await office.enter(Role.SUPERVISOR)
    await browser.get("/staff/account")
    text = office.app.state.live.texts["faq/parks"].text
    await browser.post("/staff/faq/pull/emergency")
    await browser.post("/staff/faq/save/faq/parks", form_of(text))
    await browser.post("/staff/requests/bulk", {"target": "fixed"})
    new = {"to": "arrondissement:maarif", **{f"text.{tag}": "x" for tag in ("fr", "ary", "ary-Latn", "en")}}
    await browser.post("/staff/broadcasts/new", new)
    await browser.post("/staff/broadcasts/1/approve", {"revision": "1"})
    await browser.post("/staff/broadcasts/1/stop")
    await browser.post("/staff/broadcasts/1/drop")
    await browser.post("/staff/broadcasts/1/drop")
    async with office.database.transaction() as session:
        noted = [entry.action for entry in await staff_store.audit(session)]
    assert noted == ["broadcasts.drop", "broadcasts.new", "signing.sign_in"]


def test_the_menu_leads_to_pages() -> None:
    pages = {page.path for page in PAGES if page.method == "GET"}
    assert {path for path, _ in MENU} <= pages
