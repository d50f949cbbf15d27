"""The demonstration desk is there while the city has no account, and goes with the first one."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.settings import Settings
from bot.web import create_app
from staff import demo
from staff.roles import Role
from store.conversations import conversation_of
from store.tables import ForwardRow, ServiceRequestRow, StaffAccountRow, StaffLinkRow
from tests.staff.conftest import Office

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


async def test_a_city_without_accounts_gets_a_demonstration_clearly_marked(office: Office) -> None:
    async with office.database.transaction() as session:
        token = await demo.prepare(session, office.app.state.live, connected=False, now=datetime.now(UTC))
    browser = await office.browser()
    page = await browser.post(f"/staff/enter/{token}")
    assert (page.status_code, "Démonstration : les données de ce bureau" in page.text) == (200, True)


async def test_the_demonstration_ends_with_the_first_real_account(office: Office) -> None:
    async with office.database.transaction() as session:
        await demo.prepare(session, office.app.state.live, connected=False, now=NOW)
    await office.account("samira", Role.AGENT)
    async with office.database.transaction() as session:
        token = await demo.prepare(session, office.app.state.live, connected=False, now=NOW)
        names = (await session.scalars(select(StaffAccountRow.name))).all()
    assert (token, names) == (None, ["samira"])


@pytest.mark.parametrize("wrote", ["telegram", "whatsapp", "phone", "terminal"])
@pytest.mark.parametrize("connected", [True, False])
async def test_there_is_no_demonstration_where_citizens_write_or_wrote(
    office: Office, connected: bool, wrote: str
) -> None:
    async with office.database.transaction() as session:
        before = await demo.prepare(session, office.app.state.live, connected=False, now=NOW)
        invented = (await session.scalars(select(ServiceRequestRow.id))).first()
        session.add(ForwardRow(request_id=invented, next_try_at=NOW))
        await conversation_of(session, wrote, "4242", now=NOW)
        token = await demo.prepare(session, office.app.state.live, connected=connected, now=NOW)
        names = list(await session.scalars(select(StaffAccountRow.name)))
        links = list(await session.scalars(select(StaffLinkRow)))
    assert before
    closed = connected or wrote in ("telegram", "whatsapp")
    assert (token is None, names, len(links)) == (closed, [] if closed else ["demo"], 0 if closed else 2)


async def test_the_first_start_on_the_internet_ends_the_demonstration(tmp_path: Path, model: Path) -> None:
    told: list[str] = []
    for public_url in ("", "https://casa.example"):
        settings = Settings(
            _env_file=None,
            database_url=f"sqlite+aiosqlite:///{tmp_path}/casa.sqlite3",
            data_dir=tmp_path / "var",
            public_url=public_url,
        )
        app = create_app(settings, model=model, on_demo_desk=told.append)
        async with app.router.lifespan_context(app), app.state.database.reading() as session:
            names = list(await session.scalars(select(StaffAccountRow.name)))
    assert (len(told), names) == (1, [])
