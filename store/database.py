"""Opening the database: SQLite in WAL mode by default, PostgreSQL by its URL."""

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import event, inspect, make_url, text
from sqlalchemy.engine import URL, Connection
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from store.sqlite import BEGIN_WRITING, MILLISECONDS_TO_WAIT, DirectConnection, connect
from store.turnstile import Turnstile

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).with_name("migrations")
_READING = "casa_reading"
_SECONDS_TO_CONNECT = 10
"""To PostgreSQL, unless the URL says `connect_timeout`; by itself its driver would wait for two minutes."""
_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}


class Database:
    """One engine and its sessions; `transaction` and `reading` are the only ways in."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._sessions = async_sessionmaker(engine, expire_on_commit=False)
        self._readers = async_sessionmaker(
            engine.execution_options(**{_READING: True}), expire_on_commit=False, autoflush=False
        )
        self._sqlite = engine.dialect.name == "sqlite"
        # SQLite has one writer at a time. Within the process they queue here, first come first served; its own
        # waiting is a sleep and a new try, which may take a tenth of a second longer than needed.
        self._writing = Turnstile()

    @classmethod
    async def open(cls, url: str) -> "Database":
        """Connects to `url` and brings the tables up to date."""
        address = with_driver(url)
        if address.get_backend_name() == "sqlite":
            engine = create_async_engine(address, connect_args={"async_creator_fn": connect})
            _prepare_sqlite(engine)
        else:
            patience = {} if "connect_timeout" in address.query else {"connect_timeout": _SECONDS_TO_CONNECT}
            engine = create_async_engine(
                address, connect_args=patience, pool_pre_ping=True, pool_size=10, max_overflow=20
            )
        try:
            async with engine.connect() as connection:
                await connection.run_sync(upgrade)
                await connection.commit()
        except BaseException:
            # The thread of a connection that stays open would keep the process from ending.
            await engine.dispose()
            raise
        return cls(engine)

    @asynccontextmanager
    async def transaction(self, *, urgent: bool = False) -> AsyncIterator[AsyncSession]:
        """A session whose changes are all stored, or, on any error, none. Stored means: a power cut does not undo it.

        `urgent`: somebody waits for it (a webhook, a reply to be sent), so it goes before turns that queue for SQLite.
        """
        if not self._sqlite:
            async with self._sessions.begin() as session:
                yield session
            return
        async with self._writing.passed(urgent=urgent), self._sessions.begin() as session:
            yield session

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """A session that only reads; it waits for no writer, and raises where a row was changed all the same."""
        async with self._readers.begin() as session:
            yield session
            if changed := [*session.new, *filter(session.is_modified, session.dirty), *session.deleted]:
                raise RuntimeError(f"changed in a session that only reads: {type(changed[0]).__name__}")

    @asynccontextmanager
    async def at_rest(self) -> AsyncIterator[None]:
        """No transaction of this process is under way in SQLite meanwhile, so none can be cut in the middle.

        A connection that is cut between two statements may keep SQLite's only write lock until Python frees its cursors.
        """
        if not self._sqlite:
            yield
            return
        async with self._writing.passed(urgent=True):
            yield

    async def scrub(self) -> None:
        """Empties SQLite's write-ahead log, where deleted words would live on for a while. Nothing elsewhere."""
        if not self._sqlite:
            return
        async with self._writing.passed(), self._engine.connect() as connection:
            raw = await connection.get_raw_connection()
            if raw.driver_connection is not None:
                # Read to its end: a statement in progress lets no transaction be committed.
                await raw.driver_connection.execute_fetchall("PRAGMA wal_checkpoint(TRUNCATE)")

    async def close(self) -> None:
        await self._engine.dispose()


def with_driver(url: str) -> URL:
    """The URL with the driver that is installed, so that a plain `postgresql://` of a hosting service works."""
    scheme, separator, rest = url.partition("://")
    return make_url(f"{_DRIVERS.get(scheme, scheme)}{separator}{rest}")


def may_have_changed(session: AsyncSession) -> bool:
    """Whether rows that came with a locked one may be older than its lock: between the look and the lock another
    process may have finished. SQLite locks before it looks."""
    return session.get_bind().dialect.name == "postgresql"


async def alone(session: AsyncSession, name: str) -> bool:
    """Whether this transaction is the only one under way under this name; false when another one has it."""
    if session.get_bind().dialect.name != "postgresql":
        return True  # SQLite has one writing transaction at a time anyway.
    return bool(await session.scalar(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": _lock_key(name)}))


def _lock_key(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Runs the migrations up to `revision` on an open connection; one process at a time does."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _lock_key("migrations")})
    if revision == "head" and _is_current(connection):
        return
    # Ten megabytes that a service does not carry about when its tables are as they should be.
    from alembic import command

    command.upgrade(migration_config(connection), revision)


def _is_current(connection: Connection) -> bool:
    """Whether the newest migration has run; files are named by their revision (`0010_notices.py` is 0010)."""
    if not inspect(connection).has_table("alembic_version"):
        return False
    newest = max(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*_*.py"))
    return connection.scalars(text("SELECT version_num FROM alembic_version")).all() == [newest]


def migration_config(connection: Connection) -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _prepare_sqlite(engine: AsyncEngine) -> None:
    """WAL lets readers go on while one writes; writers take their lock at BEGIN, so that none fails half-way."""

    @event.listens_for(engine.sync_engine, "connect")
    def on_connect(connection: Any, record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        # With NORMAL a power cut may take back the last commits, and a sender was already told that we have its message.
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        # What a person asks to be deleted must not stay behind in freed pages.
        cursor.execute("PRAGMA secure_delete=ON")
        cursor.execute(f"PRAGMA busy_timeout={MILLISECONDS_TO_WAIT}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def on_begin(connection: Connection) -> None:
        reading = bool(connection.get_execution_options().get(_READING))
        direct = connection.connection.driver_connection
        if isinstance(direct, DirectConnection):
            direct.direct = not reading
        connection.exec_driver_sql("BEGIN" if reading else BEGIN_WRITING)
