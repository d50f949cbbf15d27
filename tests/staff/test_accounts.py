"""Signing in: passwords, codes, one-time links, throttling; the audit log refuses to be changed."""

import re
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import IntegrityError

from staff import accounts, signing_in
from staff.accounts import AccountError
from staff.roles import Role
from store import staff as staff_store
from store.tables import StaffAccountRow, StaffAuditRow
from tests.staff.conftest import PASSWORD, Office

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


async def _try(office: Office, name: str, password: str, *, code: str = "", at: datetime = NOW) -> str | None:
    async with office.database.transaction() as session:
        account = await signing_in.sign_in(session, name=name, password=password, code=code, address="10.0.0.7", now=at)
        return account.name if account else None


async def test_only_the_right_password_opens(office: Office) -> None:
    await office.account("samira", Role.AGENT)
    opened = [await _try(office, *pair) for pair in (("samira", PASSWORD), ("samira", "x" * 12), ("nobody", PASSWORD))]
    assert opened == ["samira", None, None]


async def test_guessing_is_slowed_down_and_ends_by_itself(office: Office) -> None:
    await office.account("samira", Role.AGENT)
    for _ in range(signing_in.MAX_PER_NAME):
        assert await _try(office, "samira", "a wrong password") is None
    with pytest.raises(signing_in.TooManyTries):
        await _try(office, "samira", PASSWORD)
    assert await _try(office, "samira", PASSWORD, at=NOW + signing_in.WINDOW + timedelta(seconds=1)) == "samira"


async def test_too_many_tries_are_told_kindly(office: Office) -> None:
    browser = await office.browser()
    statuses = []
    for _ in range(signing_in.MAX_PER_NAME + 1):
        answer = await browser.post("/staff/login", {"name": "samira", "password": "guess"})
        statuses.append(answer.status_code)
    assert (statuses, "Trop d’essais" in answer.text) == ([401] * signing_in.MAX_PER_NAME + [429], True)


async def test_a_code_is_needed_and_counts_once(office: Office) -> None:
    secret = await office.account("samira", Role.AGENT, totp=True)
    assert secret
    code = pyotp.TOTP(secret).at(NOW)
    opened = [await _try(office, "samira", PASSWORD, code=given) for given in ("", "000000", code, code)]
    assert opened == [None, None, "samira", None]


async def test_a_link_opens_once(office: Office) -> None:
    await office.account("samira", Role.AGENT)
    async with office.database.transaction() as session:
        account = await staff_store.account_named(session, "samira")
        assert account
        token = accounts.new_link(session, account, lasts=timedelta(hours=1), now=datetime.now(UTC))
    browser, other = await office.browser(), await office.browser()
    looked = await browser.get(f"/staff/enter/{token}")
    first = await browser.post(f"/staff/enter/{token}")
    second = await other.post(f"/staff/enter/{token}")
    assert (looked.status_code, first.status_code, "Bonjour, Samira" in first.text) == (200, 200, True)
    assert (second.status_code, "Ce lien a déjà servi" in second.text) == (401, True)


async def test_an_old_session_ends(office: Office) -> None:
    browser = await office.enter(Role.AGENT)
    async with office.database.transaction() as session:
        await session.execute(text("UPDATE staff_sessions SET seen_at = '2020-01-01 00:00:00'"))
    assert (await browser.get("/staff")).headers["location"] == "/staff/login"


async def test_a_new_password_needs_the_old_one_and_ends_other_sessions(office: Office) -> None:
    here = await office.enter(Role.AGENT)
    elsewhere = await office.browser()
    await elsewhere.post("/staff/login", {"name": "agent", "password": PASSWORD})
    await here.get("/staff/account")
    refused = await here.post("/staff/account/password", {"old": "not it", "new": "another-password"})
    changed = await here.post("/staff/account/password", {"old": PASSWORD, "new": "another-password"})
    assert (refused.status_code, changed.status_code) == (400, 200)
    assert ((await here.get("/staff")).status_code, (await elsewhere.get("/staff")).status_code) == (200, 303)


@pytest.mark.parametrize(
    ("name", "password", "says"),
    [("Samira Ben", PASSWORD, "is no account name"), ("samira", "short", "characters"), ("taken", PASSWORD, "already")],
)
async def test_an_account_that_cannot_be_is_refused_with_the_remedy(
    office: Office, name: str, password: str, says: str
) -> None:
    await office.account("taken", Role.AGENT)
    async with office.database.transaction() as session:
        with pytest.raises(AccountError, match=says):
            await accounts.add(session, name, full_name="", role=Role.AGENT, password=password, now=NOW)
        names = (await session.scalars(select(StaffAccountRow.name))).all()
    assert names == ["taken"]


@pytest.mark.parametrize("change", [update(StaffAuditRow).values(who="somebody else"), delete(StaffAuditRow)])
async def test_the_audit_log_refuses_to_be_changed(office: Office, change: object) -> None:
    async with office.database.transaction() as session:
        staff_store.note(session, who="samira", action="faq.pull", subject="faq/parks", now=NOW)

    async def attempt() -> None:
        async with office.database.transaction() as session:
            await session.execute(change)  # type: ignore[call-overload]

    with pytest.raises(IntegrityError, match="only grows"):
        await attempt()
    async with office.database.transaction() as session:
        assert [(entry.who, entry.subject) for entry in await staff_store.audit(session)] == [("samira", "faq/parks")]


async def test_codes_begin_when_one_shows_that_the_key_has_arrived(office: Office) -> None:
    browser = await office.enter(Role.AGENT)
    await browser.get("/staff/account")
    offered = (await browser.post("/staff/account/codes")).text
    found = re.search(r'name="secret" value="([A-Z2-7]{32})"', offered)
    assert found
    secret = found[1]
    fields = {"secret": secret, "old": PASSWORD}
    wrong = await browser.post("/staff/account/codes", {**fields, "code": "000000"})
    stranger = await browser.post(
        "/staff/account/codes", {**fields, "old": "guessed-guessed", "code": pyotp.TOTP(secret).now()}
    )
    async with office.database.transaction() as session:
        before = (await session.scalars(select(StaffAccountRow.totp_secret))).one()
    right = await browser.post("/staff/account/codes", {**fields, "code": pyotp.TOTP(secret).now()})
    async with office.database.transaction() as session:
        after = (await session.scalars(select(StaffAccountRow.totp_secret))).one()
    assert (wrong.status_code, stranger.status_code, before) == (400, 400, None)
    assert (right.status_code, after) == (200, secret)
