"""The account of the local Twilio: people who write, messages of the assistant, media, status callbacks.

What no real request may hold (an unknown parameter, a button of 21 characters) is answered with 400 and kept in `violations`.
"""

import asyncio
import base64
import contextlib
import json
import re
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from twilio.request_validator import RequestValidator

from tests.bot.fake_twilio.content import Content, Refusal, refused
from tests.bot.fake_twilio.faults import Faults
from tests.bot.fake_twilio.media import Media
from tests.bot.webhooks import caller
from tests.listening import listener

ACCOUNT = "AC" + "0" * 32
TOKEN = "token-of-the-local-twilio"  # noqa: S105
SENDER = "whatsapp:+212520000000"
SESSION_SECONDS = 24 * 3600
_RESOURCE = f"/2010-04-01/Accounts/{ACCOUNT}/Messages"
_KNOWN = frozenset(
    [
        "To",
        "From",
        "Body",
        "ContentSid",
        "ContentVariables",
        "MediaUrl",
        "PersistentAction",
        "StatusCallback",
        "ValidityPeriod",
    ]
)
_ADDRESS = re.compile(r"whatsapp:(\+[1-9][0-9]{6,14}|[A-Z]{2}\.[A-Za-z0-9]{5,60})")
_ACTION = re.compile(r"geo:-?[0-9]{1,2}\.[0-9]+,-?[0-9]{1,3}\.[0-9]+(\|.{1,200})?")


@dataclass
class FakeTwilio:
    """The state of one account with one WhatsApp sender."""

    webhook: str = ""
    token: str = TOKEN
    faults: Faults = field(default_factory=Faults)
    answer_statuses: bool = False
    """Whether each message is reported as sent and delivered without being told to."""
    retries: int = 1
    """What Twilio does by default: once more, and only when the connection failed."""
    retry_seconds: float = 0.05
    retry_on_errors: bool = False
    """`rp=all`: an answer of 4xx or 5xx is tried again as well."""
    messages: list[dict[str, Any]] = field(default_factory=list)
    media: Media = field(default_factory=Media)
    violations: list[str] = field(default_factory=list)
    requests: list[tuple[str, str]] = field(default_factory=list)
    fetched: dict[str, bytes] = field(default_factory=dict)
    """Media of outgoing messages, by URL."""
    hours_ahead: float = 0.0
    url: str = ""

    def __post_init__(self) -> None:
        self.content = Content()
        self._last_inbound: dict[str, float] = {}
        self._count = 0
        self._tasks: set[asyncio.Task[Any]] = set()
        self._client = caller(seconds=15)

    # What a test looks at

    @property
    def sent(self) -> list[dict[str, Any]]:
        """The messages that were accepted from the assistant, oldest first."""
        return [message for message in self.messages if message["direction"] == "outbound-api"]

    def now(self) -> float:
        return time.time() + self.hours_ahead * 3600

    # What the world does

    async def receive(
        self,
        sender: str,
        body: str = "",
        *,
        media: list[tuple[str, bytes]] | None = None,
        deliver: bool = True,
        **fields: str,
    ) -> tuple[str, int]:
        """A person writes: the message's id and the status the webhook answered (0: nobody there). `fields` go into the webhook."""
        message = self._add(sender, SENDER, body, "inbound", "received")
        self._last_inbound[sender] = self.now()
        form = {
            "SmsMessageSid": message["sid"],
            "NumMedia": str(len(media or ())),
            "ProfileName": "Samira",
            "MessageType": "text",
            "SmsSid": message["sid"],
            "WaId": sender.removeprefix("whatsapp:+"),
            "SmsStatus": "received",
            "Body": body,
            "To": SENDER,
            "NumSegments": "1",
            "ReferralNumMedia": "0",
            "MessageSid": message["sid"],
            "AccountSid": ACCOUNT,
            "From": sender,
            "ApiVersion": "2010-04-01",
        }
        for number, (kind, content) in enumerate(media or ()):
            sid = self._sid("ME")
            self.media.items[sid] = {"message": message["sid"], "type": kind, "content": content}
            form[f"MediaUrl{number}"] = f"https://api.twilio.com{_RESOURCE}/{message['sid']}/Media/{sid}"
            form[f"MediaContentType{number}"] = kind
        message["num_media"] = form["NumMedia"]
        form |= fields
        if not deliver or not self.webhook:
            return message["sid"], 0
        status = await self._post(self.webhook, form)
        if self.faults.random.random() < self.faults.duplicate_webhook:
            await self._post(self.webhook, form)
        return message["sid"], status

    async def report(self, sid: str, status: str, *, error: int | None = None) -> int:
        """Twilio tells what became of a message of ours; the status the callback answered."""
        message = next(message for message in self.messages if message["sid"] == sid)
        message |= {"status": status, "error_code": error}
        form = {
            "SmsSid": sid,
            "SmsStatus": status,
            "MessageStatus": status,
            "ChannelToAddress": message["to"],
            "To": message["to"],
            "ChannelPrefix": "whatsapp",
            "MessageSid": sid,
            "AccountSid": ACCOUNT,
            "From": SENDER,
            "ApiVersion": "2010-04-01",
            "ChannelInstallSid": "",
        }
        if error is not None:
            form |= {"ErrorCode": str(error), "EventType": "UNDELIVERED"}
        return await self._post(message["callback"], form) if message["callback"] else 0

    def sign(self, url: str, form: dict[str, str], *, token: str | None = None) -> dict[str, str]:
        return {"X-Twilio-Signature": RequestValidator(token or self.token).compute_signature(url, form)}

    async def _post(self, url: str, form: dict[str, str]) -> int:
        status = 0
        for _ in range(1 + self.retries):
            try:
                answer = await self._client.post(url, data=form, headers=self.sign(url, form))
                status = answer.status_code
            except httpx.TransportError:
                status = 0
            if 200 <= status < 400 or (status and not self.retry_on_errors):
                break
            await asyncio.sleep(self.retry_seconds)
        return status

    # The REST interface

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route(f"{_RESOURCE}.json", self._create, methods=["POST"]),
                Route(f"{_RESOURCE}.json", self._list),
                *self.media.routes(self, _RESOURCE),
                *self.content.routes(self),
                Route("/_fake/{action}", self._control, methods=["GET", "POST"]),
            ],
            exception_handlers={Refusal: self._refusal},
        )

    def check(self, request: Request) -> None:
        """Every request needs the account and its token, and goes into the list of requests."""
        self.requests.append((request.method, request.url.path))
        expected = base64.b64encode(f"{ACCOUNT}:{self.token}".encode()).decode()
        if request.headers.get("authorization") != f"Basic {expected}":
            raise Refusal(401, 20003, "Authenticate")

    async def _refusal(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, Refusal)
        if error.status == 400:
            self.violations.append(f"{error.code}: {error}")
        return refused(error)

    async def _create(self, request: Request) -> Response:
        self.check(request)
        pairs = parse_qsl((await request.body()).decode(), keep_blank_values=True, strict_parsing=True)
        fault = self.faults.draw()
        if fault == "too_many":
            headers = {"Retry-After": "1"}
            return JSONResponse({"code": 20429, "message": "Too Many Requests", "status": 429}, 429, headers)
        if fault == "server_error":
            return Response("<html>Service Unavailable</html>", 503, media_type="text/html")
        if fault == "lost_request":
            await asyncio.sleep(self.faults.hang)
            return Response(status_code=503)
        message = self._accept(pairs)
        if fault == "lost_answer":
            await asyncio.sleep(self.faults.hang)
        return JSONResponse(_resource(message), 201)

    def _accept(self, pairs: list[tuple[str, str]]) -> dict[str, Any]:
        fields = dict(pairs)
        unknown = set(fields) - _KNOWN
        if unknown:
            raise Refusal(400, 20001, f"unknown parameters {sorted(unknown)}")
        if fields.get("From") != SENDER:
            raise Refusal(400, 63007, "no such sender")
        if not _ADDRESS.fullmatch(fields.get("To", "")):
            raise Refusal(400, 21211, "invalid To")
        media = [value for name, value in pairs if name == "MediaUrl"]
        actions = [value for name, value in pairs if name == "PersistentAction"]
        self._check_shape(fields, media, actions)
        template = self.content.rendered(fields) if "ContentSid" in fields else None
        message = self._add(SENDER, fields["To"], fields.get("Body", ""), "outbound-api", "queued")
        message |= {
            "content_sid": fields.get("ContentSid"),
            "template": template,
            "persistent_action": actions,
            "media_url": media,
            "callback": fields.get("StatusCallback", ""),
        }
        if template:
            message["body"] = template["body"]
        self._later(self._progress(message))
        return message

    def _check_shape(self, fields: dict[str, str], media: list[str], actions: list[str]) -> None:
        body = fields.get("Body", "")
        if "ContentSid" in fields:
            if "Body" in fields or media or actions:
                raise Refusal(400, 20001, "a template goes without Body, MediaUrl and PersistentAction")
            return
        if not body and not media:
            raise Refusal(400, 21619, "a message needs a body or media")
        if len(body) > 1600:
            raise Refusal(400, 21617, "body over 1,600 characters")
        if len(media) > 1:
            raise Refusal(400, 63013, "one medium a message")
        if actions and (len(actions) > 1 or not _ACTION.fullmatch(actions[0])):
            raise Refusal(400, 63013, f"not a place: {actions}")

    async def _progress(self, message: dict[str, Any]) -> None:
        """What WhatsApp does with an accepted message: outside of the session only approved templates pass."""
        last = self._last_inbound.get(message["to"])
        open_session = last is not None and self.now() - last < SESSION_SECONDS
        approved = bool(message["template"] and message["template"]["approved"])
        if not open_session and not approved:
            await self.report(message["sid"], "failed", error=63016)
            return
        for url in message["media_url"]:
            answer = await self._client.get(url)
            if answer.status_code != 200:
                await self.report(message["sid"], "failed", error=63019)
                return
            self.fetched[url] = answer.content
        message["status"] = "delivered"
        if self.answer_statuses:
            for status in ("delivered", "sent"):  # Out of order, as in life.
                await self.report(message["sid"], status)

    async def _list(self, request: Request) -> Response:
        self.check(request)
        query = request.query_params
        found = sorted(self.messages, key=lambda message: -message["at"])
        if "To" in query:
            found = [message for message in found if message["to"] == query["To"]]
        if "From" in query:
            found = [message for message in found if message["from"] == query["From"]]
        if "DateSent>" in query:
            since = query["DateSent>"][:10]
            found = [message for message in found if time.strftime("%Y-%m-%d", time.gmtime(message["at"])) >= since]
        size, page = int(query.get("PageSize", "50")), int(query.get("Page", "0"))
        records = found[page * size : (page + 1) * size]
        more = len(found) > (page + 1) * size
        following = str(request.url.include_query_params(Page=page + 1)) if more else None
        return JSONResponse(
            {
                "messages": [_resource(message) for message in records],
                "page": page,
                "page_size": size,
                "next_page_uri": following[following.index("/2010") :] if following else None,
                "uri": request.url.path,
            }
        )

    # For tests in another process

    async def _control(self, request: Request) -> Response:
        fields = json.loads(await request.body() or "{}")
        match request.path_params["action"]:
            case "receive":
                media = [(kind, base64.b64decode(content)) for kind, content in fields.pop("media", ())]
                sid, status = await self.receive(fields.pop("sender"), fields.pop("body", ""), media=media, **fields)
                return JSONResponse({"sid": sid, "status": status})
            case "report":
                return JSONResponse({"status": await self.report(fields.pop("sid"), fields.pop("status"), **fields)})
            case "advance":
                self.hours_ahead += float(fields["hours"])
            case "faults":
                self.faults = Faults(**fields)
            case "approve":
                self.content.approve_all()
            case "sent":
                return JSONResponse({"sent": self.sent, "violations": self.violations})
        return JSONResponse({})

    # Within

    def _add(self, sender: str, to: str, body: str, direction: str, status: str) -> dict[str, Any]:
        message: dict[str, Any] = {
            "sid": self._sid("SM"),
            "from": sender,
            "to": to,
            "body": body,
            "direction": direction,
            "status": status,
            "error_code": None,
            "num_media": "0",
            "at": self.now(),
            "callback": "",
        }
        self.messages.append(message)
        return message

    def _sid(self, prefix: str) -> str:
        self._count += 1
        return f"{prefix}{self._count:032x}"

    def _later(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def settled(self) -> None:
        """Waits until every callback under way was made."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    @classmethod
    @contextlib.asynccontextmanager
    async def running(cls, *, port: int = 0, **settings: Any) -> AsyncIterator["FakeTwilio"]:
        """A server on a free port of this machine; `url` is its address."""
        twilio = cls(**settings)
        with listener(port) as listening:
            twilio.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
            config = uvicorn.Config(twilio.app(), log_config=None, lifespan="off", timeout_graceful_shutdown=1)
            server = uvicorn.Server(config)
            serving = asyncio.create_task(server.serve(sockets=[listening]))
            try:
                while not server.started:
                    await asyncio.sleep(0.01)
                yield twilio
            finally:
                server.should_exit = True
                for task in twilio._tasks:
                    task.cancel()
                await asyncio.gather(*twilio._tasks, return_exceptions=True)
                await twilio._client.aclose()
                await serving


def _resource(message: dict[str, Any]) -> dict[str, Any]:
    at = time.strftime("%a, %d %b %Y %H:%M:%S +0000", time.gmtime(message["at"]))
    fields = {name: message[name] for name in ("sid", "from", "to", "body", "direction", "status", "num_media")}
    return fields | {
        "account_sid": ACCOUNT,
        "date_created": at,
        "date_updated": at,
        "date_sent": at,
        "error_code": message["error_code"],
        "uri": f"{_RESOURCE}/{message['sid']}.json",
    }
