"""What tests share: one trained model, one loaded house, a conversation to talk in."""

import fcntl
import logging
import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import structlog

from actions.texts import Texts
from actions.turn import House, Incoming
from bot.assistant import ensure_model, load_house, load_texts
from bot.attachments import Attachments
from bot.channels.terminal import Terminal
from bot.conversation import Conversations
from bot.settings import PROJECT, Settings
from bot.worker import Worker
from nlu.runtime import Parser
from nlu.times import CASABLANCA
from store.database import Database
from tests.postgres import Server, programs, running_server

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=CASABLANCA)


@pytest.fixture(scope="session")
def model() -> Path:
    """The model for the present data, trained when there is none, by one of the processes that run tests side by side."""
    (PROJECT / "models").mkdir(exist_ok=True)
    with (PROJECT / "models" / ".training").open("w") as alone:
        fcntl.flock(alone, fcntl.LOCK_EX)
        return ensure_model(PROJECT, print)


@pytest.fixture(scope="session")
def settings() -> Settings:
    return Settings(_env_file=None)


@pytest.fixture(scope="session")
def house(settings: Settings, model: Path) -> House:
    return load_house(settings, model)


@pytest.fixture(scope="session")
def expo_house(model: Path) -> House:
    """The house while the demonstration edition of the expo is under way."""
    return load_house(Settings(_env_file=None, expo_edition="demo"), model)


@pytest.fixture(scope="session")
def parser(house: House) -> Parser:
    return house.parser


@pytest.fixture(scope="session")
def texts(settings: Settings) -> Texts:
    return load_texts(settings)


@pytest.fixture(autouse=True)
def logging_restored() -> Iterator[None]:
    """A command run by a test sets up the logs on streams that end with the test."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    structlog.reset_defaults()
    root.handlers[:] = handlers
    root.setLevel(level)


class Person:
    """Somebody who talks to the assistant; `at` is the present time and may be moved."""

    def __init__(self, database: Database, house: House, texts: Texts, folder: Path, name: str, at: datetime) -> None:
        self.at = at
        self.attachments = Attachments(folder / "attachments")
        self.database = database
        conversations = Conversations(replace(house, files=self.attachments), texts)
        self.worker = Worker(database, conversations, self.attachments, clock=lambda: self.at)
        self._terminal = Terminal(database, self.worker, conversations, self.attachments, name, lambda: self.at)

    async def sends(self, **message: Any) -> list[dict[str, Any]]:
        """The parts of the replies to a message; fields as in `Incoming`."""
        return await self._terminal.answer(Incoming(**message))

    async def says(self, text: str) -> list[dict[str, Any]]:
        return await self.sends(text=text)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A private PostgreSQL server."""
    if programs() is None:
        skip_or_fail("PostgreSQL is not installed")
    with running_server() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of either kind."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path}/casa.sqlite3"
    server: Server = request.getfixturevalue("postgres")
    return server.new_database()


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """An open database of either kind."""
    opened = await Database.open(database_url)
    yield opened
    await opened.close()


Talk = Callable[..., AbstractAsyncContextManager[Person]]


@pytest.fixture
def talk(house: House, texts: Texts, tmp_path: Path) -> Talk:
    """Opens conversations on a fresh database of their own."""

    @asynccontextmanager
    async def opened(
        *, name: str = "person", at: datetime = NOON, in_house: House | None = None
    ) -> AsyncIterator[Person]:
        database = await Database.open(f"sqlite+aiosqlite:///{tmp_path}/casa.sqlite3")
        try:
            yield Person(database, in_house or house, texts, tmp_path, name, at)
        finally:
            await database.close()

    return opened


def text_of(parts: list[dict[str, Any]]) -> str:
    """All texts of a reply, without the direction marks that only matter to the eye."""
    joined = "\n".join(part["text"] for part in parts if part["type"] == "text")
    return joined.translate(dict.fromkeys((0x200F, 0x2066, 0x2069)))


def payloads_of(parts: list[dict[str, Any]]) -> list[str]:
    return [choice["payload"] for part in parts if part["type"] == "choices" for choice in part["choices"]]


def skip_or_fail(reason: str) -> None:
    """Skips with the reason, unless this run (continuous integration) allows no skip."""
    if os.environ.get("CASA_NO_SKIPS"):
        pytest.fail(reason)
    pytest.skip(reason)
