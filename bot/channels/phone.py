"""The phone page: the assistant in a browser. A message is answered with 202 once it is stored; replies are long-polled.

The page itself lies in `phone/`.
"""

import asyncio
import contextlib
import json
import math
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from actions.geography import City
from actions.programme.edition import Edition
from actions.texts import Texts
from actions.turn import Incoming
from bot import allowance
from bot.attachments import MAX_BYTES, MEDIA_TYPES, Attachments, CannotKeep, NoRoom
from bot.bodies import TOO_LARGE
from bot.worker import Worker
from nlu.times import CASABLANCA
from nlu.understanding import Language
from store import history, inbox
from store.conversations import known_conversation
from store.database import Database
from store.tables import InboxRow, OutboxRow

NAME = "phone"
FOLDER = Path(__file__).with_name("phone")
MAX_TEXT = 20_000
_MAX_JSON = 1024 * 1024
_FILES_AT_ONCE = 4
"""Files in memory: the others lie on the disk until they are looked at."""
MAX_WAIT_SECONDS = 25
_POLL_SECONDS = 0.5
"""How often a waiting page looks when nothing woke it: replies may come from another process."""
_ID = re.compile(r"[A-Za-z0-9_-]{8,128}")
_SAMPLE_PLACES = 6
_TRIAL_TIMES = (time(8, 30), time(10, 40), time(12, 45), time(15, 10), time(18, 45))


class Refused(Exception):
    """A message that cannot be accepted: HTTP status, a code for programs and a text key for people."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code


class ReplySignal:
    """Wakes pages that wait for a reply."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def announce(self, conversation_id: int) -> None:
        self._event.set()
        self._event = asyncio.Event()

    async def wait(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._event.wait(), seconds)
        except TimeoutError:
            return


@dataclass(frozen=True)
class PhonePage:
    """The routes of the page and what they need."""

    database: Database
    attachments: Attachments
    texts: Texts
    city: City
    demo: Edition | None
    worker: Worker
    replies: ReplySignal
    _looking: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_FILES_AT_ONCE))

    def routes(self) -> list[Route | Mount]:
        return [
            Route("/", self._page),
            Route("/phone/config", self._config),
            Route("/phone/messages", self._post, methods=["POST"]),
            Route("/phone/messages", self._get, methods=["GET"]),
            Route("/phone/photos/{reference}", self._photo),
            Route("/phone/files/{reference}", self._file),
            Mount("/phone/static", StaticFiles(directory=FOLDER)),
        ]

    async def _page(self, request: Request) -> Response:
        return FileResponse(FOLDER / "index.html")

    async def _config(self, request: Request) -> Response:
        landmarks = [place for place in self.city.landmarks if place.lat is not None][:_SAMPLE_PLACES]
        return JSONResponse(
            {
                "languages": [language.value for language in Language],
                "notice": None,
                "demo": demo_settings(self.demo, self.texts),
                "sample_places": [
                    {"name": place.name_fr, "name_ar": place.name_ar, "lat": place.lat, "lon": place.lon}
                    for place in landmarks
                ],
                "limits": {"text": 4096, "photo_bytes": MAX_BYTES},
            }
        )

    async def _post(self, request: Request) -> Response:
        """Translate, store, wake the worker, answer: 202 also for a message that was stored before."""
        try:
            async with _body(request) as (fields, files):
                phone, message_id = _identifier(fields, "phone"), _identifier(fields, "id")
                host = request.client.host if request.client else ""
                whose = allowance.of_person(NAME, phone) | allowance.of_address(host)
                incoming = await self._incoming(fields, files, whose)
            # What the page showed for a tap or a chosen place: the history must say the same, and nobody else needs it.
            payload = {**incoming.as_dict(), "label": storable(str(fields.get("label") or ""))[:200]}
        except Refused as refused:
            return self._refusal(refused)
        async with self.database.transaction() as session:
            await inbox.accept(session, NAME, phone, f"{phone}:{message_id}", payload, now=datetime.now(UTC))
        self.worker.wake()
        return JSONResponse({"accepted": True}, status_code=202)

    async def _get(self, request: Request) -> Response:
        """History and news since a cursor; waits up to `wait` seconds for news, or until a page that shows "writing" is wrong."""
        try:
            phone = _identifier(request.query_params, "phone")
            after = int(request.query_params.get("after") or 0)
            wait = min(float(request.query_params.get("wait") or 0), MAX_WAIT_SECONDS)
            shows_typing = request.query_params.get("typing") == "1"
        except (Refused, ValueError):
            return self._refusal(Refused(400, "bad_request"))
        deadline = asyncio.get_running_loop().time() + (wait if math.isfinite(wait) else 0)
        while True:
            messages, typing = await self._since(phone, after)
            left = deadline - asyncio.get_running_loop().time()
            if messages or left <= 0 or (shows_typing and not typing):
                break
            await self.replies.wait(min(left, _POLL_SECONDS))
        cursor = max([after, *(int(message["cursor"]) for message in messages)])
        return JSONResponse({"messages": messages, "cursor": cursor, "typing": typing})

    async def _since(self, phone: str, after: int) -> tuple[list[dict[str, Any]], bool]:
        async with self.database.reading() as session:
            conversation = await known_conversation(session, NAME, phone)
            if conversation is None:
                return [], False
            said = (await history.newest(session, conversation.id, after=after)).said
            typing = await inbox.is_waiting(session, conversation.id)
        return [_from_person(row) if isinstance(row, InboxRow) else _from_assistant(row) for row in said], typing

    async def _photo(self, request: Request) -> Response:
        path = self.attachments.path(request.path_params["reference"])
        if path is None or path.suffix != ".jpg":
            return Response(status_code=404)
        return FileResponse(path, media_type="image/jpeg")

    async def _file(self, request: Request) -> Response:
        """A picture or a file of a reply."""
        path = self.attachments.path(request.path_params["reference"])
        if path is None or path.suffix not in (".jpg", ".png", ".ics"):
            return Response(status_code=404)
        return FileResponse(path, media_type=MEDIA_TYPES[path.suffix[1:]])

    async def _incoming(
        self, fields: Mapping[str, Any], files: Mapping[str, UploadFile], whose: Mapping[str, int]
    ) -> Incoming:
        demo_at = _demo_time(fields.get("demo_at"))
        if "photo" in files:
            return Incoming(photo=await self._photo_of(files["photo"], whose), demo_at=demo_at)
        if "voice" in files:
            voice = await self._voice_of(files["voice"], whose)
            return Incoming(voice=voice, other=None if voice else "voice", demo_at=demo_at)
        if fields.get("location") is not None:
            return Incoming(location=_location(fields["location"]), demo_at=demo_at)
        if fields.get("choice") is not None:
            return Incoming(choice=str(fields["choice"])[:200], demo_at=demo_at)
        text = fields.get("text")
        if not isinstance(text, str):
            raise Refused(400, "bad_request")
        return Incoming(text=storable(text)[:MAX_TEXT], demo_at=demo_at)

    async def _photo_of(self, upload: UploadFile, whose: Mapping[str, int]) -> str:
        async with self._looking:
            try:
                return await self.attachments.keep_photo(await _content(upload), whose=whose)
            except CannotKeep as error:
                raise Refused(413 if isinstance(error, NoRoom) else 415, error.code) from None

    async def _voice_of(self, upload: UploadFile, whose: Mapping[str, int]) -> str | None:
        """None where it is not kept, of which the person need not know: the answer is the same."""
        async with self._looking:
            try:
                return await self.attachments.keep_voice(await _content(upload), whose=whose)
            except CannotKeep:
                return None

    def _refusal(self, refused: Refused) -> Response:
        message = {language.value: self.texts.text(f"refused.{refused.code}", language) for language in Language}
        return JSONResponse({"error": {"code": refused.code, "message": message}}, status_code=refused.status)


def storable(text: str) -> str:
    """A text that any database takes: no NUL, no half of a surrogate pair."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def demo_settings(demo: Edition | None, texts: Texts) -> dict[str, Any] | None:
    """Name and times to try of the demonstration edition, in every language."""
    if demo is None:
        return None
    moments = [(day, time) for day in demo.days for time in _TRIAL_TIMES]
    return {
        "name": {language.value: demo.name.text(language) for language in Language},
        "moments": [
            {
                "at": datetime.combine(day, moment, tzinfo=CASABLANCA).isoformat(),
                "label": {
                    language.value: texts.text(
                        "phone.demo_moment", language, day=demo.days.index(day) + 1, time=f"{moment:%H:%M}"
                    )
                    for language in Language
                },
            }
            for day, moment in moments
        ],
    }


@contextlib.asynccontextmanager
async def _body(request: Request) -> AsyncIterator[tuple[dict[str, Any], dict[str, UploadFile]]]:
    """What a post says, and the files it brings. Raises `Refused`."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        yield await _read_json(request), {}
        return
    try:
        form = await request.form(max_files=2, max_fields=20)
    except Exception as error:  # The parser raises several kinds for broken forms; all mean the same to the sender.
        raise _refused(error) from None
    try:
        fields = {name: value for name, value in form.items() if isinstance(value, str)}
        yield fields, {name: value for name, value in form.items() if isinstance(value, UploadFile)}
    finally:
        await form.close()


async def _read_json(request: Request) -> dict[str, Any]:
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > _MAX_JSON:
                raise Refused(TOO_LARGE, "too_large")
        fields = json.loads(body)
    except (HTTPException, ValueError, RecursionError) as error:
        raise _refused(error) from None
    if not isinstance(fields, dict):
        raise Refused(400, "bad_request")
    return fields


def _refused(error: Exception) -> Refused:
    too_large = isinstance(error, HTTPException) and error.status_code == TOO_LARGE
    return Refused(TOO_LARGE, "too_large") if too_large else Refused(400, "bad_request")


async def _content(upload: UploadFile) -> bytes:
    content = await upload.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise Refused(TOO_LARGE, "too_large")
    return content


def _identifier(fields: Any, name: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise Refused(400, "bad_request")
    return value


def _location(value: Any) -> tuple[float, float]:
    try:
        if isinstance(value, str):
            value = json.loads(value)
        lat, lon = (float(number) for number in value)
    except (TypeError, ValueError):
        raise Refused(400, "bad_location") from None
    if not (math.isfinite(lat) and math.isfinite(lon) and -90 <= lat <= 90 and -180 <= lon <= 180):
        raise Refused(400, "bad_location")
    return lat, lon


def _demo_time(value: Any) -> datetime | None:
    if not value:
        return None
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        raise Refused(400, "bad_request") from None
    if moment.tzinfo is None:
        raise Refused(400, "bad_request")
    return moment


def _from_person(row: InboxRow) -> dict[str, Any]:
    payload = row.payload
    parts: list[dict[str, Any]]
    if payload.get("photo"):
        parts = [{"type": "photo", "url": f"/phone/photos/{payload['photo']}"}]
    elif payload.get("voice") or payload.get("other") == "voice":
        parts = [{"type": "voice"}]
    elif payload.get("location"):
        lat, lon = payload["location"]
        parts = [{"type": "location", "lat": lat, "lon": lon, "title": payload.get("label") or "", "address": ""}]
    else:
        parts = [
            {
                "type": "text",
                "text": payload.get("text") or payload.get("label") or payload.get("choice") or "",
                "language": "",
            }
        ]
    return {
        "cursor": row.cursor,
        "from": "person",
        "id": row.message_id.partition(":")[2],
        "at": row.received_at.isoformat(),
        "parts": parts,
    }


def _from_assistant(row: OutboxRow) -> dict[str, Any]:
    return {
        "cursor": row.cursor,
        "from": "assistant",
        "id": str(row.id),
        "at": row.created_at.isoformat(),
        "parts": row.parts,
    }
