"""Times the way of an answer with new examples from the desk into the chat: `make bench-publish`.

The whole application on the project's own data and a fresh database: an editor adds examples that no answer has, checks,
accepts what changes, and publishes, while somebody writes all the time. Ends with code 1 where the answer takes longer than
ten seconds or a message stays without a reply.
"""

import asyncio
import contextlib
import re
import secrets
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from starlette.applications import Starlette

from actions.faq_text import read_fields, text_hash, with_fields
from bot.assistant import ensure_model
from bot.logs import configure
from bot.settings import PROJECT, Settings
from bot.web import create_app
from staff import accounts
from staff.roles import Role
from store.tables import FaqDraftRow

MOST_SECONDS = 10.0
INTENT = "faq/parks"
EXAMPLES = ("aire de pique-nique avec des tables", "où pique-niquer en famille", "y a-t-il des tables de pique-nique")
ANSWER = "Réponse de la mesure."
SECONDS_BETWEEN_MESSAGES = 0.2
_CSRF = re.compile(r'name="csrf" value="([^"]+)"')
_ACCEPT = re.compile(r'name="number" value="(\d+)">Accepter')
_GOLDEN = re.compile(r"Messages de référence compris : [^<]+")


class Phone:
    """Somebody on the phone page."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http
        self._phone = secrets.token_hex(16)
        self.sent = 0

    async def sends(self, text: str) -> None:
        self.sent += 1
        message = {"phone": self._phone, "id": f"message-{self.sent}", "text": text}
        (await self._http.post("/phone/messages", json=message)).raise_for_status()

    async def replies(self) -> list[str]:
        """The words of each reply so far."""
        said: list[str] = []
        cursor = 0
        while True:
            query = {"phone": self._phone, "after": cursor}
            page: dict[str, Any] = (await self._http.get("/phone/messages", params=query)).json()
            if not page["messages"]:
                return said
            cursor = page["cursor"]
            said += [str(m["parts"]) for m in page["messages"] if m["from"] == "assistant"]

    async def talks(self) -> None:
        """Writes until cancelled."""
        while True:
            await self.sends("prix du ticket de tram")
            await asyncio.sleep(SECONDS_BETWEEN_MESSAGES)

    async def hears_all(self) -> int:
        """Waits for the replies that are missing, 20 seconds at most; how many came."""
        for _ in range(100):
            if len(await self.replies()) >= self.sent:
                break
            await asyncio.sleep(0.2)
        return len(await self.replies())


class Editor:
    """Somebody at the desk."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http
        self._csrf = ""

    async def get(self, path: str) -> str:
        return self._note(await self._http.get(path))

    async def post(self, path: str, **fields: str) -> str:
        return self._note(await self._http.post(path, data={"csrf": self._csrf, **fields}, follow_redirects=True))

    def _note(self, answer: httpx.Response) -> str:
        answer.raise_for_status()
        if found := _CSRF.search(answer.text):
            self._csrf = found.group(1)
        return answer.text


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds, and messages that were sent and answered while it went on."""

    checking: float
    publishing: float
    golden: str
    sent: int
    answered: int


async def measure(app: Starlette) -> Measured:
    """Publishes new examples with a new text in the running application."""
    base = {"transport": httpx.ASGITransport(app=app), "base_url": "http://127.0.0.1"}
    async with httpx.AsyncClient(**base) as desk, httpx.AsyncClient(**base) as page:  # type: ignore[arg-type]
        editor, person, asker = Editor(desk), Phone(page), Phone(page)
        await _prepare(app, editor)
        talking = asyncio.create_task(person.talks())
        began = time.monotonic()
        await editor.post(f"/staff/faq/check/{INTENT}")
        await app.state.checks.wait()
        checking = time.monotonic() - began
        found = await editor.get(f"/staff/faq/edit/{INTENT}")
        for number in _ACCEPT.findall(found):
            await editor.post(f"/staff/faq/accept/{INTENT}", number=number)
        began = time.monotonic()
        await editor.post(f"/staff/faq/publish/{INTENT}")
        while ANSWER not in "".join(await asker.replies()) and time.monotonic() - began < 6 * MOST_SECONDS:
            await asker.sends(EXAMPLES[1])
            await asker.hears_all()
        publishing = time.monotonic() - began
        talking.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await talking
        golden = _GOLDEN.search(found)
        answered = await person.hears_all() + await asker.hears_all()
        return Measured(checking, publishing, golden.group() if golden else "?", person.sent + asker.sent, answered)


async def _prepare(app: Starlette, editor: Editor) -> None:
    """An editor who is signed in, with a draft that has new examples and another text."""
    password = secrets.token_urlsafe(16)
    live, now = app.state.live.texts[INTENT].text, datetime.now(UTC)
    before = read_fields(live)
    wanted = replace(
        before,
        answer={**before.answer, "fr": ANSWER},
        examples={**before.examples, "fr": (*before.examples["fr"], *EXAMPLES)},
    )
    async with app.state.database.transaction() as session:
        await accounts.add(session, "editor", full_name="Bench", role=Role.EDITOR, password=password, now=now)
        session.add(
            FaqDraftRow(
                intent=INTENT,
                text=with_fields(live, wanted),
                based_on=text_hash(live),
                trial={},
                author="editor",
                updated_at=now,
            )
        )
    await editor.post("/staff/login", name="editor", password=password)
    await editor.get(f"/staff/faq/edit/{INTENT}")


async def run() -> Measured:
    """The measure on a fresh database; the model that it made goes again."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            _env_file=None, database_url=f"sqlite+aiosqlite:///{folder}/casa.sqlite3", data_dir=Path(folder)
        )
        model = ensure_model(PROJECT, print)
        app = create_app(settings, model=model)
        async with app.router.lifespan_context(app):
            try:
                return await measure(app)
            finally:
                made: Path = app.state.live.model
                if made != model:
                    made.unlink(missing_ok=True)


def main() -> int:
    configure("ERROR")
    found = asyncio.run(run())
    tell = sys.stdout.write
    tell(f"check: learn, replay, compare       {found.checking:5.1f} s\n{found.golden}\n")
    tell(f"publish to new answer in the chat   {found.publishing:5.1f} s (at most {MOST_SECONDS:.0f})\n")
    tell(f"messages meanwhile {found.sent}, answered {found.answered}, lost {found.sent - found.answered}\n")
    return int(found.publishing > MOST_SECONDS or found.sent != found.answered)


if __name__ == "__main__":
    sys.exit(main())
