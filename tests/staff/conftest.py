"""A desk over HTTP: the whole application on a fresh database, accounts of every role, and browsers that are signed in."""

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from actions.faq_text import read_fields, with_fields
from bot.settings import PROJECT, Settings
from bot.web import create_app
from nlu.training import train_project
from staff import accounts
from staff.checks import GOLDEN
from staff.roles import Role
from store.database import Database

PASSWORD = "casablanca-2026"  # noqa: S105
_CSRF = re.compile(r'name="csrf" value="([^"]+)"')


@dataclass
class Browser:
    """Somebody at the desk; forms carry the token that the last page gave."""

    http: httpx.AsyncClient
    csrf: str = ""

    async def get(self, path: str, **query: str) -> httpx.Response:
        answer = await self.http.get(path, params=query)
        self._note(answer)
        return answer

    async def post(self, path: str, fields: dict[str, str | list[str]] | None = None) -> httpx.Response:
        """Sends a form and follows to the page it leads to."""
        answer = await self.http.post(path, data={"csrf": self.csrf, **(fields or {})}, follow_redirects=True)
        self._note(answer)
        return answer

    def _note(self, answer: httpx.Response) -> None:
        found = _CSRF.search(answer.text) if "text/html" in answer.headers.get("content-type", "") else None
        self.csrf = found.group(1) if found else self.csrf


@dataclass
class Office:
    """The running application and its accounts."""

    app: Starlette
    settings: Settings
    open_browsers: AsyncExitStack
    browsers: dict[str, Browser] = field(default_factory=dict)

    async def browser(self) -> Browser:
        """A browser that is not signed in."""
        transport = httpx.ASGITransport(app=self.app)
        client = httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1")
        return Browser(await self.open_browsers.enter_async_context(client))

    async def account(self, name: str, role: Role, *, totp: bool = False) -> str | None:
        """A new account with the password of all of them; its secret for codes."""
        async with self.database.transaction() as session:
            account = await accounts.add(
                session, name, full_name=name.title(), role=role, password=PASSWORD, totp=totp, now=datetime.now(UTC)
            )
            return account.totp_secret

    async def enter(self, role: Role) -> Browser:
        """A signed-in browser of an account of this role; the same one for the whole test."""
        if role.value not in self.browsers:
            await self.account(role.value, role)
            browser = await self.browser()
            entered = await browser.post("/staff/login", {"name": role.value, "password": PASSWORD})
            assert entered.status_code == 200, entered.text
            self.browsers[role.value] = browser
        return self.browsers[role.value]

    @property
    def database(self) -> Database:
        database: Database = self.app.state.database
        return database


@pytest.fixture
async def office(tmp_path: Path, model: Path) -> AsyncIterator[Office]:
    settings = Settings(
        _env_file=None, database_url=f"sqlite+aiosqlite:///{tmp_path}/casa.sqlite3", data_dir=tmp_path / "var"
    )
    app = create_app(settings, model=model)
    async with app.router.lifespan_context(app), AsyncExitStack() as stack:
        yield Office(app, settings, stack)


class SmallProject(Settings):
    """The project with a handful of examples an answer, so that training takes seconds."""

    folder: Path

    @property
    def root(self) -> Path:
        return self.folder


def make_small_project(folder: Path) -> Path:
    """Data and configuration as they are, but few examples, and a golden set of two messages."""
    for name in ("city", "expo", "texts", "staff"):
        (folder / "data").mkdir(parents=True, exist_ok=True)
        (folder / "data" / name).symlink_to(PROJECT / "data" / name)
    (folder / "config.yml").symlink_to(PROJECT / "config.yml")
    (folder / "nlu").symlink_to(PROJECT / "nlu")
    (folder / "data" / "nlu").mkdir()
    for name in ("intents.yml", "concepts.yml"):
        (folder / "data" / "nlu" / name).symlink_to(PROJECT / "data" / "nlu" / name)
    for path in (PROJECT / "data" / "faq").rglob("*.yml"):
        target = folder / path.relative_to(PROJECT)
        target.parent.mkdir(parents=True, exist_ok=True)
        text = path.read_text(encoding="utf-8")
        fields = read_fields(text)
        few = {tag: examples[:4] for tag, examples in fields.examples.items()}
        target.write_text(with_fields(text, replace(fields, examples=few)), encoding="utf-8")
    golden = folder / GOLDEN
    golden.parent.mkdir(parents=True)
    golden.write_text("text,intent,language\nMerci,thanks,fr\nmerci à tous,thanks,fr\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def small_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = make_small_project(tmp_path_factory.mktemp("project"))
    train_project(folder)
    return folder


@pytest.fixture
async def small_office(tmp_path: Path, small_project: Path) -> AsyncIterator[Office]:
    """A desk whose models are trained in seconds."""
    url = f"sqlite+aiosqlite:///{tmp_path}/casa.sqlite3"
    settings = SmallProject(_env_file=None, folder=small_project, database_url=url, data_dir=tmp_path / "var")
    app = create_app(settings)
    async with app.router.lifespan_context(app), AsyncExitStack() as stack:
        yield Office(app, settings, stack)
