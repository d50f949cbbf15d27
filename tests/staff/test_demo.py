"""The demonstration desk is there while the city has no account, and goes with the first one."""

from datetime import UTC, datetime

from sqlalchemy import select

from staff import demo
from staff.roles import Role
from store.tables import StaffAccountRow
from tests.staff.conftest import Office

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


async def test_a_city_without_accounts_gets_a_demonstration_clearly_marked(office: Office) -> None:
    async with office.database.transaction() as session:
        token = await demo.prepare(session, office.app.state.live, now=datetime.now(UTC))
    browser = await office.browser()
    page = await browser.post(f"/staff/enter/{token}")
    assert (page.status_code, "Démonstration : les données de ce bureau" in page.text) == (200, True)


async def test_the_demonstration_ends_with_the_first_real_account(office: Office) -> None:
    async with office.database.transaction() as session:
        await demo.prepare(session, office.app.state.live, now=NOW)
    await office.account("samira", Role.AGENT)
    async with office.database.transaction() as session:
        token = await demo.prepare(session, office.app.state.live, now=NOW)
        names = (await session.scalars(select(StaffAccountRow.name))).all()
    assert (token, names) == (None, ["samira"])
