"""One request to the desk as its pages see it, and the answers that a page may give."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from actions.broadcasts import Reach
from actions.live import LiveHouse
from actions.push import Push
from actions.spreadsheet import as_csv
from actions.texts import Texts
from actions.turn import House, Incoming
from nlu.times import CASABLANCA
from nlu.understanding import Language
from staff.checks import Checks
from staff.previews import Previewing
from staff.roles import Role
from staff.signing_in import SignedIn
from staff.words import LANGUAGES, StaffWords
from store.database import Database
from store.tables import StaffAccountRow

TEMPLATES = Path(__file__).with_name("templates")
_MOST = 2**31 - 1
"""The greatest id that every database takes."""


class NotHere(Exception):
    """There is nothing under this address, or nothing that this account may see."""


class Put(Protocol):
    """Stores what somebody is to be told, once a conversation and occasion."""

    async def __call__(self, session: AsyncSession, texts: Texts, push: Push, *, now: datetime) -> bool: ...


class TryOut(Protocol):
    """Talks with a house that is not the live one; nothing of it stays."""

    async def __call__(
        self, session: AsyncSession, house: House, state: dict[str, Any], incoming: Incoming
    ) -> tuple[list[dict[str, Any]], dict[str, Any]]:
        """The parts of the reply, and the state of the conversation after it."""


@dataclass(frozen=True)
class Desk:
    """What the pages need of the running assistant."""

    database: Database
    live: LiveHouse
    texts: Texts
    words: StaffWords
    photo: Callable[[str], Path | None]
    """Where a photo lies, by its reference."""
    clock: Callable[[], datetime]
    wake: Callable[[int], None]
    """Tells that a conversation has something new to be delivered."""
    put: Put
    try_out: TryOut
    checks: Checks
    previewing: Previewing
    reach: Reach
    per_second: float
    """How many messages to many go out in a second."""


@dataclass
class Visit:
    """A request, the transaction it runs in, and who makes it."""

    desk: Desk
    request: Request
    db: AsyncSession
    form: FormData
    signed: SignedIn | None
    pages: Environment
    menu: Callable[[Role], list[tuple[str, str]]]
    may: Callable[[Role, str], bool]
    now: datetime
    detail: dict[str, Any] = field(default_factory=dict)
    """What the audit log says of this action beside its name and its subject: ids and counts, never words of a citizen."""
    refused: bool = False
    """Nothing was done, so the audit log has nothing to note."""
    told: str | None = None
    """What a page has told of the change before it, and no other shall tell again."""
    afterwards: list[Callable[[], Awaitable[object]]] = field(default_factory=list)
    """What is to be done once everything is stored, before the browser is answered."""

    @property
    def account(self) -> StaffAccountRow:
        """Who is signed in; only pages that are open before signing in have nobody."""
        if self.signed is None:
            raise NotHere
        return self.signed.account

    @property
    def role(self) -> Role:
        return Role(self.account.role)

    @property
    def language(self) -> str:
        if self.signed:
            return self.signed.account.language
        asked = self.request.query_params.get("lang", "fr")
        return asked if asked in LANGUAGES else "fr"

    @property
    def reads(self) -> Language:
        """The variety in which names of places and questions are shown to whoever is signed in."""
        return Language.DARIJA if self.language == "ar" else Language.FRENCH

    def say(self, french: str, /, **arguments: Any) -> str:
        return self.desk.words.text(french, self.language, **arguments)

    def field(self, name: str, *, longest: int | None = 200) -> str:
        """A field of the form as text that any database takes; what is longer than `longest` is cut."""
        value = self.form.get(name)
        text = value if isinstance(value, str) else ""
        return text.replace("\x00", "").encode("utf-8", "replace").decode().replace("\r\n", "\n").strip()[:longest]

    def too_long(self, longest: int, *texts: str) -> str | None:
        """The problem of a text with more than `longest` characters: cut, nobody would see where; None where all are shorter."""
        count = max(map(len, texts), default=0)
        if count <= longest:
            return None
        return self.say(
            "Ce texte est trop long : {count} caractères, {longest} au plus. Rien n’a été envoyé ; raccourcissez-le.",
            count=count,
            longest=longest,
        )

    def fields(self, name: str) -> list[str]:
        return [value for value in self.form.getlist(name) if isinstance(value, str)]

    def query(self, name: str, default: str = "") -> str:
        return self.request.query_params.get(name, default)[:200]

    def number(self, name: str) -> int:
        """A number of the path; raises `NotHere` where it is none."""
        number = whole_number(str(self.request.path_params[name]))
        if number is None:
            raise NotHere
        return number

    def local(self, moment: datetime) -> datetime:
        return moment.astimezone(CASABLANCA)

    def page(self, template: str, /, *, status: int = 200, **context: Any) -> Response:
        """A template with everything that the frame around it needs."""
        self.told = self.signed.session.said if self.signed else None
        html = self.pages.get_template(template).render(
            _=self.say,
            visit=self,
            account=self.signed.account if self.signed else None,
            csrf=self.signed.session.csrf if self.signed else "",
            menu=self.menu(self.role) if self.signed else [],
            may=lambda name: bool(self.signed) and self.may(self.role, name),
            here=self.request.url.path,
            language=self.language,
            languages=LANGUAGES,
            said=self.told,
            **context,
        )
        return HTMLResponse(html, status)

    def table(self, name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Response:
        """A file that spreadsheets open; the mark before it tells them that it is UTF-8."""
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        content = "\ufeff" + as_csv(columns, rows, line_end="\r\n")
        return Response(content, media_type="text/csv; charset=utf-8", headers=headers)

    def go(self, path: str, said: str | None = None, **query: Any) -> Response:
        """On to another page (after a change, so that reloading repeats nothing), which tells `said` once."""
        if said and self.signed:
            self.signed.session.said = said[:400]
        return RedirectResponse(f"{path}?{urlencode(query)}" if query else path, 303)

    def refuse(self, path: str, said: str | None = None, **query: Any) -> Response:
        """On to a page that tells why nothing was done."""
        self.refused = True
        return self.go(path, said, **query)


def whole_number(text: str, *, most: int = _MOST) -> int | None:
    """A number that may be an id (of at most `most`); None for any other text, also for digits that Python does not count with."""
    written = text if text.isascii() and text.isdigit() and len(text) <= len(str(most)) else ""
    return int(written) if written and int(written) <= most else None


def page_environment() -> Environment:
    """Jinja with escaping everywhere and an error for every name that is not there."""
    pages = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    pages.filters["moment"] = lambda value: value.astimezone(CASABLANCA).strftime("%d/%m/%Y %H:%M")
    pages.filters["day"] = lambda value: _local_day(value).strftime("%d/%m/%Y")
    return pages


def _local_day(value: date | datetime) -> date:
    return value.astimezone(CASABLANCA).date() if isinstance(value, datetime) else value
