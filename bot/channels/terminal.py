"""The terminal channel: a conversation on standard input and output, for people and for programs."""

import json
import secrets
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from actions.live import LiveHouse
from actions.turn import Incoming
from bot.assistant import load_house, load_texts
from bot.attachments import Attachments, CannotKeep
from bot.channels.phone import storable
from bot.conversation import Clock, Conversations
from bot.database import open_database
from bot.settings import Settings
from bot.worker import Worker, wall_clock
from nlu.training import model_path
from nlu.understanding import Language, Understanding
from store import history, inbox
from store.conversations import known_conversation
from store.database import Database

NAME = "terminal"
_MAX_TEXT = 20_000


@dataclass(frozen=True)
class Terminal:
    """One person at one terminal."""

    database: Database
    worker: Worker
    conversations: Conversations
    attachments: Attachments
    address: str
    clock: Clock

    async def answer(self, incoming: Incoming) -> list[dict[str, Any]]:
        """Stores the message, handles it like any other, and returns the parts of the replies."""
        message_id = f"{self.address}:{secrets.token_hex(8)}"
        async with self.database.transaction() as session:
            conversation = await known_conversation(session, NAME, self.address)
            last = await history.last_reply(session, conversation.id) if conversation else 0
            await inbox.accept(session, NAME, self.address, message_id, incoming.as_dict(), now=self.clock())
        while await self.worker.handle_next():
            pass
        async with self.database.reading() as session:
            conversation = await known_conversation(session, NAME, self.address)
            replies = (await history.newest(session, conversation.id, after=last)).replies if conversation else []
        return [part for row in replies for part in row.parts]

    def refusal(self, code: str) -> list[dict[str, Any]]:
        """A text for input that is no message, in the language every reader of this terminal may have."""
        text = self.conversations.text(f"refused.{code}", Language.FRENCH)
        return [{"type": "text", "text": text, "language": Language.FRENCH.value}]


@asynccontextmanager
async def open_terminal(settings: Settings, *, user: str | None, at: datetime | None) -> AsyncIterator[Terminal]:
    """A terminal; with a `user` the state is kept in the database of the settings, without one in a temporary one."""
    clock: Clock = (lambda: at) if at else wall_clock
    with tempfile.TemporaryDirectory() as folder:
        data_dir = settings.data_dir if user else Path(folder)
        data_dir.mkdir(parents=True, exist_ok=True)
        url = settings.database_url if user else f"sqlite+aiosqlite:///{folder}/casa.sqlite3"
        attachments = Attachments(data_dir / "attachments")
        model = model_path(settings.root)
        live = LiveHouse(replace(load_house(settings, model), files=attachments), settings.root, model)
        texts = load_texts(settings)
        database = await open_database(url)
        try:
            async with database.transaction() as session:
                await live.refresh(session)
            conversations = Conversations(live.house, texts)
            worker = Worker(database, conversations, attachments, serves={NAME}, clock=clock)
            yield Terminal(database, worker, conversations, attachments, user or "somebody", clock)
        finally:
            await database.close()


async def run_chat(settings: Settings, *, json_lines: bool, user: str | None, at: datetime | None) -> None:
    """Reads lines until the end of input and prints the replies."""
    async with open_terminal(settings, user=user, at=at) as terminal:
        interactive = sys.stdin.isatty()
        while True:
            if interactive and not json_lines:
                print("> ", end="", flush=True)
            line = sys.stdin.readline()
            if not line:
                return
            if json_lines:
                if line.strip():
                    print(json.dumps({"parts": await _answer_json(terminal, line)}, ensure_ascii=False), flush=True)
                continue
            parts = await terminal.answer(Incoming(text=storable(line.rstrip("\r\n"))[:_MAX_TEXT]))
            print(f"{show(parts)}\n", flush=True)


async def ask_once(settings: Settings, text: str) -> tuple[Understanding, list[dict[str, Any]]]:
    """What is understood of one message, and the reply to it."""
    async with open_terminal(settings, user=None, at=None) as terminal:
        parts = await terminal.answer(Incoming(text=storable(text)[:_MAX_TEXT]))
        return terminal.conversations.parse(text), parts


async def _answer_json(terminal: Terminal, line: str) -> list[dict[str, Any]]:
    try:
        fields = json.loads(line)
        incoming = _incoming(terminal, fields)
    except CannotKeep as error:
        return terminal.refusal(error.code if error.code != CannotKeep.code else "too_large")
    except OSError:
        return terminal.refusal("not_a_photo")
    except (ValueError, TypeError, KeyError, RecursionError):
        return terminal.refusal("bad_request")
    return await terminal.answer(incoming)


def _incoming(terminal: Terminal, fields: Any) -> Incoming:
    if not isinstance(fields, dict):
        raise TypeError("not an object")
    if "text" in fields:
        if not isinstance(fields["text"], str):
            raise TypeError("text is no string")
        return Incoming(text=storable(fields["text"])[:_MAX_TEXT])
    if "choice" in fields:
        return Incoming(choice=str(fields["choice"])[:200])
    if "location" in fields:
        lat, lon = (float(number) for number in fields["location"])
        if not (-90 <= lat <= 90 and -180 <= lon <= 180):
            raise ValueError("no place on earth")
        return Incoming(location=(lat, lon))
    if "photo" in fields:
        return Incoming(photo=terminal.attachments.store_photo(Path(fields["photo"]).read_bytes()))
    if "voice" in fields:
        return _voice(terminal, Path(fields["voice"]).read_bytes())
    return Incoming(other="unknown")


def _voice(terminal: Terminal, content: bytes) -> Incoming:
    """Answered the same whether it is kept or not."""
    try:
        return Incoming(voice=terminal.attachments.store_voice(content))
    except CannotKeep:
        return Incoming(other="voice")


def show(parts: list[dict[str, Any]]) -> str:
    """A reply as text: paragraphs, numbered choices, coordinates."""
    lines: list[str] = []
    for part in parts:
        match part["type"]:
            case "text":
                lines.append(part["text"])
            case "location":
                lines.append(f"📍 {part['title']} ({part['lat']:.5f}, {part['lon']:.5f})")
            case "picture":
                lines.append(f"🖼 {part['alt']} ({part['reference']})")
            case "file":
                lines.append(f"📎 {part['name']} ({part['reference']})")
            case "choices":
                lines.append(
                    "\n".join(f"  {number}. {choice['label']}" for number, choice in enumerate(part["choices"], 1))
                )
            case _:
                continue
    return "\n\n".join(lines)
