"""The bot's account at the local Telegram: people, chats, files, updates, and what the bot sent.

What no right bot sends (an unknown field, a button of 65 bytes) is answered with 400 and kept in `violations`.
"""

import asyncio
import contextlib
import io
import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from PIL import Image
from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from telegram.constants import FileSizeLimit

from tests.bot.fake_telegram import updates as made
from tests.bot.fake_telegram.methods import SENDS, Refusal, bad, read, shown
from tests.bot.fake_telegram.updates import BOT_ID
from tests.bot.fake_twilio.faults import Faults
from tests.bot.webhooks import caller
from tests.listening import listener

TOKEN = f"{BOT_ID}:token-of-the-local-telegram"
Json = dict[str, Any]


@dataclass
class FakeTelegram:
    """One bot."""

    faults: Faults = field(default_factory=Faults)
    log: str = ""
    """A file that gets a JSON line for each message accepted from the bot."""
    retry_seconds: float = 0.1
    """Before a webhook that did not answer 2xx is asked again; doubled each time."""
    url: str = ""
    pending: list[Json] = field(default_factory=list)
    """Updates that were not confirmed."""
    sent: list[Json] = field(default_factory=list)
    """Messages accepted from the bot: `method`, its fields, `message_id`, `shown` (the text as people see it)."""
    calls: list[tuple[str, Json]] = field(default_factory=list)
    """Every call that was in order, also those that send nothing."""
    violations: list[str] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    blocked: set[int] = field(default_factory=set)
    moved: dict[int, int] = field(default_factory=dict)
    answered: list[str] = field(default_factory=list)
    webhook: Json = field(default_factory=dict)
    webhook_answers: list[int] = field(default_factory=list)
    refuse_next: list[Refusal] = field(default_factory=list)
    """What the next sends are answered."""

    def __post_init__(self) -> None:
        self._update_id = 100_000
        self._message_id = 0
        self._queries: set[str] = set()
        self._messages: dict[tuple[int, int], Json] = {}
        self._news = asyncio.Event()
        self._polls = 0
        self._polling: asyncio.Task[Any] | None = None
        self._delivering: dict[int, asyncio.Task[None]] = {}
        """The last one of each queue."""
        self._deliveries: set[asyncio.Task[None]] = set()
        self._since_duplicated: set[int] = set()
        self._client = caller(seconds=60)

    # What people do

    async def says(self, chat: int, text: str, *, sender: int | None = None, **content: Any) -> int:
        """Somebody writes; the id of the update."""
        return await self.posts(chat, sender=sender, text=text, **content)

    async def posts(self, chat: int, *, sender: int | None = None, kind: str = "message", **content: Any) -> int:
        """A message of any content; `kind` may be `edited_message`."""
        message_id = content.pop("message_id", None) or self._next_message()
        return await self.update({kind: made.message(chat, message_id, sender=sender, **content)})

    async def sends_photo(self, chat: int, content: bytes, *, sender: int | None = None, **more: Any) -> int:
        file_id = f"photo{len(self.files)}"
        self.files[file_id] = content
        return await self.posts(chat, sender=sender, photo=made.photo(file_id, len(content)), **more)

    async def sends_file(self, chat: int, kind: str, content: bytes, *, size: int | None = None, **about: Any) -> int:
        """A `document`, `voice`, `video`, `audio`, …; `about` are fields of the message."""
        file_id = f"{kind}{len(self.files)}"
        self.files[file_id] = content
        extra = {"voice": {"duration": 3}, "video": {"duration": 3, "width": 1, "height": 1}, "audio": {"duration": 3}}
        described = {
            "file_id": file_id,
            "file_unique_id": file_id,
            "file_size": size or len(content),
            **extra.get(kind, {}),
        }
        mime = about.pop("mime_type", None)
        return await self.posts(chat, **{kind: described | ({"mime_type": mime} if mime else {})}, **about)

    async def taps(self, chat: int, data: str, *, message_id: int | None = None, sender: int | None = None) -> int:
        """A tap on a button of a message of the bot; without one, of a message too old to be known."""
        query = f"q{len(self._queries)}"
        self._queries.add(query)
        under = self._messages.get((chat, message_id)) if message_id else None
        return await self.update({"callback_query": made.tap(chat, query, data, sender=sender, under=under)})

    async def update(self, content: Json) -> int:
        """Any update."""
        self._update_id += 1
        whole = {"update_id": self._update_id} | content
        self.pending.append(whole)
        self._news.set()
        if self.webhook.get("url"):
            self._deliver_later(whole)
        return self._update_id

    def bot_message(self, number: int = -1) -> Json:
        """A message of the bot as a person could reply to it."""
        entry = self.sent[number]
        return self._messages[(int(entry["chat_id"]), entry["message_id"])]

    async def wait_for(self, count: int, *, seconds: float = 20.0) -> list[Json]:
        """The messages of the bot, once there are `count` of them."""
        async with asyncio.timeout(seconds):
            while len(self.sent) < count:
                await asyncio.sleep(0.02)
        return self.sent

    # What the bot asks for

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/bot{token}/{method}", self._call, methods=["GET", "POST"]),
                Route("/file/bot{token}/{path:path}", self._file),
                Route("/_fake/{action}", self._control, methods=["POST"]),
            ]
        )

    async def _call(self, request: Request) -> Response:
        method = request.path_params["method"]
        try:
            if request.path_params["token"] != TOKEN:
                raise Refusal(401, "Unauthorized")
            fields = await _fields(request)
            name = fields.pop("filename", None)
            values = read(method, fields) | ({"filename": name} if name else {})
            if method in SENDS:
                return await self._send(method, values)
            if method == "getUpdates":
                result: Any = await self._get_updates(values)
            else:
                result = self._plain(method, values)
            self.calls.append((method, values))
        except Refusal as refusal:
            if refusal.violation:
                self.violations.append(f"{method}: {refusal}")
            body = {"ok": False, "error_code": refusal.status, "description": str(refusal)}
            return JSONResponse(
                body | ({"parameters": refusal.parameters} if refusal.parameters else {}), refusal.status
            )
        except ClientDisconnect:  # The bot was killed while it spoke.
            return Response(status_code=499)
        return JSONResponse({"ok": True, "result": result})

    async def _send(self, method: str, fields: Json) -> Response:
        if self.refuse_next:
            raise self.refuse_next.pop(0)
        fault = self.faults.draw()
        if fault == "too_many":
            raise Refusal(429, "Too Many Requests: retry after 1", violation=False, retry_after=1)
        if fault == "server_error":
            return Response("<html>Bad Gateway</html>", 502, media_type="text/html")
        if fault == "lost_request":
            await asyncio.sleep(self.faults.hang)
            return Response(status_code=502)
        message = self._accept(method, fields)
        if fault == "lost_answer":
            await asyncio.sleep(self.faults.hang)
        return JSONResponse({"ok": True, "result": message})

    def _accept(self, method: str, fields: Json) -> Json:
        chat = int(fields["chat_id"])
        if chat in self.moved:
            raise Refusal(
                400, "Bad Request: group chat was upgraded", violation=False, migrate_to_chat_id=self.moved[chat]
            )
        if chat in self.blocked:
            raise Refusal(403, "Forbidden: bot was blocked by the user", violation=False)
        if chat == 0:
            raise Refusal(400, "Bad Request: chat not found", violation=False)
        for name in ("photo", "document"):
            self._check_upload(name, fields.get(name))
        words = shown(str(fields.get("text", fields.get("caption", ""))), fields.get("parse_mode"))
        message_id = self._next_message()
        message: Json = {
            "message_id": message_id,
            "date": int(time.time()),
            "chat": made.chat(chat),
            "from": made.bot(),
        }
        message |= {"text": words} if method == "sendMessage" else {"caption": words} if words else {}
        if "inline_keyboard" in fields.get("reply_markup", {}):
            message["reply_markup"] = fields["reply_markup"]
        self._messages[(chat, message_id)] = message
        entry = {"method": method, **fields, "message_id": message_id, "shown": words, "at": time.time()}
        self.sent.append(entry)
        if self.log:
            with Path(self.log).open("a", encoding="utf-8") as lines:
                lines.write(json.dumps(entry, default=lambda value: f"{len(value)} bytes", ensure_ascii=False) + "\n")
        return message

    def _check_upload(self, name: str, content: Any) -> None:
        if content is None:
            return
        if not isinstance(content, bytes):
            raise bad("wrong file identifier/HTTP URL specified")
        if len(content) > (FileSizeLimit.PHOTOSIZE_UPLOAD if name == "photo" else FileSizeLimit.FILESIZE_UPLOAD):
            raise Refusal(413, "Request Entity Too Large")
        if name == "photo":
            try:
                with Image.open(io.BytesIO(content)) as picture:
                    wide, high = picture.size
            except OSError:
                raise bad("IMAGE_PROCESS_FAILED") from None
            if wide + high > 10_000 or max(wide, high) > 20 * min(wide, high):
                raise bad("PHOTO_INVALID_DIMENSIONS")

    def _plain(self, method: str, fields: Json) -> Any:
        match method:
            case "getMe":
                return made.bot() | {"can_join_groups": True, "can_read_all_group_messages": False}
            case "setWebhook":
                self.webhook = dict(fields)
                for update in self.pending:
                    self._deliver_later(update)
            case "deleteWebhook":
                self.webhook = {}
            case "getWebhookInfo":
                url = self.webhook.get("url", "")
                return {"url": url, "has_custom_certificate": False, "pending_update_count": len(self.pending)}
            case "answerCallbackQuery":
                if fields["callback_query_id"] not in self._queries:
                    raise bad("query is too old and response timeout expired or query ID is invalid")
                self.answered.append(fields["callback_query_id"])
            case "getFile":
                return self._get_file(fields["file_id"])
        return True

    def _get_file(self, file_id: str) -> Json:
        if file_id not in self.files:
            raise bad("wrong file_id or the file is temporarily unavailable")
        if len(self.files[file_id]) > FileSizeLimit.FILESIZE_DOWNLOAD:
            raise Refusal(400, "Bad Request: file is too big", violation=False)
        path = {"file_path": f"files/{file_id}"}
        return {"file_id": file_id, "file_unique_id": file_id, "file_size": len(self.files[file_id])} | path

    async def _get_updates(self, fields: Json) -> list[Json]:
        """Confirms what lies below the offset, then waits for news; a newer poll ends an older one with 409."""
        if self.webhook.get("url"):
            raise Refusal(409, "Conflict: can't use getUpdates method while webhook is active", violation=False)
        self._polls += 1
        mine = self._polls
        self._news.set()
        offset, limit = int(fields.get("offset", 0)), int(fields.get("limit", 100))
        deadline = time.monotonic() + float(fields.get("timeout", 0))
        again = [update for update in self.pending if update["update_id"] < offset and self._is_duplicated(update)]
        self.pending = again + [update for update in self.pending if update["update_id"] >= offset]
        while True:
            if mine != self._polls:
                raise Refusal(409, "Conflict: terminated by other getUpdates request", violation=False)
            if self.pending or time.monotonic() >= deadline:
                return self.pending[:limit]
            self._news.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), min(0.5, max(0.0, deadline - time.monotonic())))

    def _is_duplicated(self, update: Json) -> bool:
        """Whether an update comes a second time although it was confirmed; each at most once."""
        if update["update_id"] in self._since_duplicated:
            return False
        self._since_duplicated.add(update["update_id"])
        return self.faults.random.random() < self.faults.duplicate_webhook

    async def _file(self, request: Request) -> Response:
        content = self.files.get(request.path_params["path"].removeprefix("files/"))
        if request.path_params["token"] != TOKEN or content is None:
            return Response(status_code=404)
        pieces = (content[start : start + 65_536] for start in range(0, len(content), 65_536))
        return StreamingResponse(pieces, media_type="application/octet-stream")

    # Webhook

    def _deliver_later(self, update: Json) -> None:
        """Of one chat messages one after another, taps in a queue of their own, as Telegram does."""
        query = update.get("callback_query")
        queue = -int(query["from"]["id"]) - 10**15 if query else _chat_of(update)
        before = self._delivering.get(queue)
        task = self._delivering[queue] = asyncio.create_task(self._deliver(update, before))
        self._deliveries.add(task)
        task.add_done_callback(self._deliveries.discard)

    async def _deliver(self, update: Json, before: "asyncio.Task[None] | None") -> None:
        if before is not None:
            await asyncio.wait({before})
        wait = self.retry_seconds
        headers = (
            {"X-Telegram-Bot-Api-Secret-Token": self.webhook["secret_token"]} if "secret_token" in self.webhook else {}
        )
        while self.webhook.get("url"):
            twice = self.faults.random.random() < self.faults.duplicate_webhook
            status = 0
            with contextlib.suppress(httpx.TransportError):
                for _ in range(1 + twice):
                    status = (await self._client.post(self.webhook["url"], json=update, headers=headers)).status_code
            self.webhook_answers.append(status)
            if 200 <= status < 300:
                self.pending = [other for other in self.pending if other["update_id"] != update["update_id"]]
                return
            await asyncio.sleep(wait)
            wait = min(wait * 2, 90.0)

    # For tests in another process

    async def _control(self, request: Request) -> Response:
        fields = json.loads(await request.body() or "{}")
        match request.path_params["action"]:
            case "says":
                return JSONResponse({"update_id": await self.says(fields.pop("chat"), fields.pop("text"), **fields)})
            case "posts":
                return JSONResponse({"update_id": await self.posts(fields.pop("chat"), **fields)})
            case "taps":
                return JSONResponse({"update_id": await self.taps(fields.pop("chat"), fields.pop("data"), **fields)})
            case "update":
                return JSONResponse({"update_id": await self.update(fields)})
            case "faults":
                self.faults = Faults(**fields)
            case "block":
                self.blocked.add(int(fields["chat"]))
            case "migrate":
                self.moved[int(fields["chat"])] = int(fields["to"])
            case "sent":
                sent = [
                    {name: value for name, value in entry.items() if not isinstance(value, bytes)}
                    for entry in self.sent
                ]
                return JSONResponse({"sent": sent, "violations": self.violations, "pending": len(self.pending)})
        return JSONResponse({})

    def _next_message(self) -> int:
        self._message_id += 1
        return self._message_id

    @classmethod
    @contextlib.asynccontextmanager
    async def running(cls, *, port: int = 0, **settings: Any) -> AsyncIterator["FakeTelegram"]:
        """A server on a free port of this machine; `url` is its address."""
        telegram = cls(**settings)
        with listener(port) as listening:
            telegram.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
            config = uvicorn.Config(telegram.app(), log_config=None, lifespan="off", timeout_graceful_shutdown=1)
            server = uvicorn.Server(config)
            serving = asyncio.create_task(server.serve(sockets=[listening]))
            try:
                while not server.started:
                    await asyncio.sleep(0.01)
                yield telegram
            finally:
                server.should_exit = True
                telegram._polls += 1  # Whoever waits for news is sent away.
                telegram._news.set()
                for task in telegram._deliveries:
                    task.cancel()
                await asyncio.gather(*telegram._deliveries, return_exceptions=True)
                await telegram._client.aclose()
                await serving


async def _fields(request: Request) -> Json:
    if request.headers.get("content-type", "").startswith("application/json"):
        return dict(await request.json())
    async with request.form() as form:
        fields = {name: await value.read() if isinstance(value, UploadFile) else value for name, value in form.items()}
        named = {name: value.filename for name, value in form.items() if isinstance(value, UploadFile)}
    # "attach://name" stands for the file of that name.
    for name, value in list(fields.items()):
        if isinstance(value, str) and value.startswith("attach://"):
            fields[name] = fields.pop(value.removeprefix("attach://"))
    return {**fields, **({"filename": next(iter(named.values()))} if named else {}), **dict(request.query_params)}


def _chat_of(update: Json) -> int:
    for name in ("message", "edited_message", "my_chat_member"):
        if name in update:
            return int(update[name]["chat"]["id"])
    return 0
