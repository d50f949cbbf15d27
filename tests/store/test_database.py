"""The database: migrations match the tables, transactions are whole, messages are accepted once."""

import asyncio
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import bindparam, create_engine, inspect, select, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DatabaseError

from store import history, inbox
from store.database import Database, migration_config, upgrade, with_driver
from store.tables import Base, ConversationRow, InboxRow, UtcDateTime

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_migrations_make_exactly_the_tables_of_the_code(database_url: str) -> None:
    with connected(database_url) as connection:
        upgrade(connection)
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
        command.downgrade(migration_config(connection), "base")
        assert inspect(connection).get_table_names() == ["alembic_version"]


async def test_a_database_that_cannot_be_opened_lets_the_program_end(tmp_path: Path) -> None:
    """The thread of a connection is none that ends with the program: left open, it would keep `casa` from ending."""
    (tmp_path / "casa.sqlite3").write_text("This is no database. " * 100, encoding="utf-8")
    before = set(threading.enumerate())
    with pytest.raises(DatabaseError):
        await Database.open(f"sqlite:///{tmp_path}/casa.sqlite3")
    for thread in set(threading.enumerate()) - before:
        thread.join(timeout=10)
        assert not thread.is_alive()


def test_every_migration_goes_down_and_up_again_with_rows_in_the_tables(database_url: str) -> None:
    with connected(database_url) as connection:
        upgrade(connection)
        _fill(connection)
        revisions = list(ScriptDirectory.from_config(migration_config(connection)).walk_revisions())
        for revision in revisions:
            command.downgrade(migration_config(connection), revision.down_revision or "base")
            if revision.down_revision:
                command.upgrade(migration_config(connection), revision.revision)
                command.downgrade(migration_config(connection), revision.down_revision)
                assert connection.scalar(text("SELECT count(*) FROM inbox")) == 1
        upgrade(connection)
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_a_file_of_a_migration_is_named_by_its_revision(database_url: str) -> None:
    with connected(database_url) as connection:
        found = list(ScriptDirectory.from_config(migration_config(connection)).walk_revisions())
    assert [Path(script.path).name.partition("_")[0] for script in found] == [script.revision for script in found]
    assert found[0].revision == max(script.revision for script in found)


def test_a_database_of_today_is_opened_without_the_tool_of_migrations(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/casa.sqlite3"
    program = f"""
import asyncio, sys
from store.database import Database
async def opened():
    await (await Database.open({url!r})).close()
asyncio.run(opened())
print("alembic" in sys.modules)
"""
    told = [subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True) for _ in "12"]
    assert [run.stdout.strip() for run in told] == ["True", "False"]


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    address = with_driver(url)
    if address.get_backend_name() == "sqlite":
        address = address.set(drivername="sqlite")
    engine = create_engine(address)
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA foreign_keys=ON")
            connection.commit()
        yield connection
    engine.dispose()


def _fill(connection: Connection) -> None:
    """A message and its reply, which refer to each other."""
    at = {"now": NOW}
    for statement in (
        (
            "INSERT INTO conversations (id, channel, address, state, created_at, updated_at)"
            " VALUES (1, 'telegram', '7', '{}', :now, :now)"
        ),
        (
            "INSERT INTO inbox (id, channel, message_id, conversation_id, payload, state, attempts, cursor, received_at)"
            " VALUES (1, 'telegram', 'm1', 1, '{}', 'done', 0, 1, :now)"
        ),
        (
            "INSERT INTO outbox (id, conversation_id, inbox_id, parts, state, cursor, created_at)"
            " VALUES (1, 1, 1, '[]', 'new', 2, :now)"
        ),
    ):
        connection.execute(text(statement).bindparams(bindparam("now", type_=UtcDateTime)), at)


async def test_a_message_is_accepted_once(database_url: str) -> None:
    database = await Database.open(database_url)
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


async def test_a_failed_transaction_stores_nothing(database_url: str) -> None:
    database = await Database.open(database_url)

    async def accept_and_stumble() -> None:
        async with database.transaction() as session:
            await inbox.accept(session, "phone", "somebody", "m1", {}, now=NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await accept_and_stumble()
    async with database.transaction() as session:
        assert (await session.scalars(select(ConversationRow))).all() == []
    await database.close()


async def test_a_session_that_only_reads_refuses_changes(database_url: str) -> None:
    database = await Database.open(database_url)
    async with database.transaction() as session:
        await inbox.accept(session, "phone", "somebody", "m1", {}, now=NOW)

    async def change() -> None:
        async with database.reading() as session:
            (await session.get_one(ConversationRow, 1)).blocked = True

    with pytest.raises(RuntimeError, match="ConversationRow"):
        await change()
    async with database.reading() as session:
        assert not (await session.get_one(ConversationRow, 1)).blocked
    await database.close()


async def test_a_time_without_zone_is_refused(database_url: str) -> None:
    database = await Database.open(database_url)

    async def accept_at(now: datetime) -> None:
        async with database.transaction() as session:
            await inbox.accept(session, "phone", "somebody", "m1", {}, now=now)

    with pytest.raises(Exception, match="without zone"):
        await accept_at(NOW.replace(tzinfo=None))
    await database.close()


async def test_opening_twice_keeps_what_is_there(database_url: str) -> None:
    for name in ("m1", "m2"):
        database = await Database.open(database_url)
        async with database.transaction() as session:
            await inbox.accept(session, "phone", "somebody", name, {}, now=NOW)
        await database.close()
    database = await Database.open(database_url)
    async with database.transaction() as session:
        rows = (await history.newest(session, 1)).said
        assert [isinstance(row, InboxRow) and row.message_id for row in rows] == ["m1", "m2"]
    await database.close()


async def test_nothing_is_cut_within_a_transaction_while_sqlite_is_at_rest(tmp_path: Path) -> None:
    database, steps = await Database.open(f"sqlite+aiosqlite:///{tmp_path}/casa.sqlite3"), list[str]()
    inside, go_on = asyncio.Event(), asyncio.Event()

    async def write() -> None:
        async with database.transaction():
            inside.set()
            await go_on.wait()
        steps.append("written")

    async def rest() -> None:
        async with database.at_rest():
            steps.append("at rest")

    writing, resting = asyncio.create_task(write()), asyncio.create_task(rest())
    await inside.wait()
    go_on.set()
    await asyncio.gather(writing, resting)
    await database.close()
    assert steps == ["written", "at rest"]
