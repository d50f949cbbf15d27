"""The database: migrations match the tables, transactions are whole, messages are accepted once."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, inspect, select

from store import inbox
from store.database import Database, migration_config, upgrade
from store.tables import Base, ConversationRow, InboxRow

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path}/casa.sqlite3"


def test_migrations_make_exactly_the_tables_of_the_code(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path}/casa.sqlite3")
    with engine.connect() as connection:
        upgrade(connection)
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
        command.downgrade(migration_config(connection), "base")
        assert inspect(connection).get_table_names() == ["alembic_version"]
    engine.dispose()


async def test_a_message_is_accepted_once(url: str) -> None:
    database = await Database.open(url)
    accepted = []
    for _ in range(2):
        async with database.transaction() as session:
            accepted.append(await inbox.accept(session, "phone", "somebody", "m1", {"text": "salam"}, now=NOW))
    async with database.transaction() as session:
        rows = (await session.scalars(select(InboxRow))).all()
        assert (accepted, [(row.message_id, row.state, row.received_at) for row in rows]) == (
            [True, False],
            [("m1", "new", NOW)],
        )
    await database.close()


async def test_a_failed_transaction_stores_nothing(url: str) -> None:
    database = await Database.open(url)

    async def accept_and_stumble() -> None:
        async with database.transaction() as session:
            await inbox.accept(session, "phone", "somebody", "m1", {}, now=NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await accept_and_stumble()
    async with database.transaction() as session:
        assert (await session.scalars(select(ConversationRow))).all() == []
    await database.close()


async def test_a_time_without_zone_is_refused(url: str) -> None:
    database = await Database.open(url)

    async def accept_at(now: datetime) -> None:
        async with database.transaction() as session:
            await inbox.accept(session, "phone", "somebody", "m1", {}, now=now)

    with pytest.raises(Exception, match="without zone"):
        await accept_at(NOW.replace(tzinfo=None))
    await database.close()


async def test_opening_twice_keeps_what_is_there(url: str) -> None:
    for name in ("m1", "m2"):
        database = await Database.open(url)
        async with database.transaction() as session:
            await inbox.accept(session, "phone", "somebody", name, {}, now=NOW)
        await database.close()
    database = await Database.open(url)
    async with database.transaction() as session:
        rows = await inbox.received_since(session, 1, 0)
        assert [row.message_id for row in rows] == ["m1", "m2"]
    await database.close()
