"""How updates come in, by webhook or by long polling: stored as they are, and only then confirmed to Telegram."""

import asyncio
import contextlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from telegram import Bot, User
from telegram.error import Conflict, TelegramError

from bot.channels.channel import Raw
from bot.channels.telegram.api import POLL_SECONDS, PollingBot, failure_of
from bot.channels.telegram.updates import KINDS, address_of, album_of, is_addressed, says_something, update_of
from bot.metrics import Metrics
from bot.reception import Reception

log = structlog.get_logger()

WEBHOOK = "/telegram/webhook"
MAX_UPDATE = 1_000_000
"""Bytes; Telegram's own are a few thousand."""
_SECRET = "x-telegram-bot-api-secret-token"  # noqa: S105
_SECONDS_AFTER_CONFLICT = 10.0
_SECONDS_AFTER_FAILURE = 3.0


@dataclass
class Identity:
    """Who the assistant is on Telegram, asked once."""

    bot: Bot
    _me: User | None = None

    async def me(self) -> User:
        """Raises `TelegramError` while Telegram is away."""
        if self._me is None:
            self._me = await self.bot.get_me()
        return self._me

    async def name(self) -> str:
        return (await self.me()).username or ""


@dataclass
class Intake:
    """Takes one update after another into the inbox."""

    channel: str
    bot: Bot
    identity: Identity
    reception: Reception
    _answering: set[asyncio.Task[None]] = field(default_factory=set)

    async def take(self, *raws: Raw) -> None:
        """Stores the updates that say something to the assistant, all at once and in their order."""
        wanted = [raw for raw in raws if await self._is_wanted(raw)]
        stored = await asyncio.gather(*(self._accept(raw) for raw in wanted), return_exceptions=True)
        for outcome in stored:
            if isinstance(outcome, BaseException):
                raise outcome
        for raw in raws:
            query = raw.get("callback_query")
            if isinstance(query, Mapping) and "id" in query:
                self._answer_soon(str(query["id"]))

    async def _accept(self, raw: Raw) -> None:
        await self.reception.accept(self.channel, address_of(raw), str(raw["update_id"]), raw, album=album_of(raw))

    async def _is_wanted(self, raw: Raw) -> bool:
        """What cannot be read is wanted too: it will be parked."""
        try:
            update = update_of(raw, self.bot)
            return says_something(update) and is_addressed(update, await self._me_in(raw))
        except ValueError as error:
            log.warning("an update that cannot be read", update=raw.get("update_id"), reason=str(error))
            return True

    async def close(self) -> None:
        await asyncio.gather(*self._answering, return_exceptions=True)

    async def _me_in(self, raw: Raw) -> User:
        """Who the assistant is; in private chats nobody needs to know, so that Telegram is not asked."""
        private = ":" not in address_of(raw)
        return User(0, "", is_bot=True) if private else await self.identity.me()

    def _answer_soon(self, query_id: str) -> None:
        """Ends the waiting sign on the button, whatever becomes of the message."""
        task = asyncio.create_task(self._answer(query_id))
        self._answering.add(task)
        task.add_done_callback(self._answering.discard)

    async def _answer(self, query_id: str) -> None:
        with contextlib.suppress(TelegramError):  # Too old, or answered before.
            await self.bot.answer_callback_query(query_id)


@dataclass(frozen=True)
class Webhook:
    """What Telegram posts to."""

    intake: Intake
    secret: str
    metrics: Metrics

    def routes(self) -> list[Route]:
        return [Route(WEBHOOK, self._post, methods=["POST"])]

    async def _post(self, request: Request) -> Response:
        """Authenticate, read, store, answer. Anything but 2xx makes Telegram come again and blocks the chat meanwhile."""
        given = request.headers.get(_SECRET, "")
        if not hmac.compare_digest(given.encode("latin-1", "replace"), self.secret.encode()):
            log.warning("webhook refused", channel=self.intake.channel)
            self.metrics.rejected_signatures.labels(self.intake.channel).inc()
            return Response(status_code=403)
        body = b""
        async for chunk in request.stream():
            body += chunk
            if len(body) > MAX_UPDATE:
                return Response(status_code=413)
        try:
            raw = json.loads(body)
        except (ValueError, RecursionError):
            return Response(status_code=400)
        if not isinstance(raw, dict) or not isinstance(raw.get("update_id"), int):
            return Response(status_code=400)
        try:
            await self.intake.take(raw)
        except TelegramError:
            # A message in a group before Telegram could tell who we are: it comes again.
            return Response(status_code=503)
        return Response(status_code=200)


@dataclass
class Poller:
    """Asks Telegram for updates. An offset confirms everything below it, so it moves only over what is stored."""

    intake: Intake
    bot: PollingBot
    wait: float = POLL_SECONDS
    _has_no_webhook: bool = False
    _offset: int | None = None

    async def run(self) -> None:
        """Works until cancelled."""
        while True:
            try:
                await self.poll_once()
            except Conflict:
                # Another program polls with this token, or a webhook is still set.
                log.warning("another reader of this bot's updates", channel=self.intake.channel)
                self._has_no_webhook = False
                await asyncio.sleep(_SECONDS_AFTER_CONFLICT)
            except TelegramError as error:
                wait = failure_of(error).wait
                log.warning("cannot poll", channel=self.intake.channel, error=type(error).__name__)
                await asyncio.sleep(wait or _SECONDS_AFTER_FAILURE)

    async def poll_once(self) -> int:
        """One round; the number of updates that came. Raises `TelegramError`, and whatever the database raises."""
        if not self._has_no_webhook:
            await self.bot.delete_webhook(drop_pending_updates=False)
            self._has_no_webhook = True
        came = await self.bot.get_raw_updates(offset=self._offset, wait=self.wait, kinds=KINDS)
        # After a quiet week ids start anew, perhaps lower: an offset is asked for once, then everything below is gone.
        self._offset = None
        if came:
            await self.intake.take(*came)
            self._offset = max(int(raw["update_id"]) for raw in came) + 1
        return len(came)
