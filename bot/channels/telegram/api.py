"""The Bot API: python-telegram-bot's `Bot` with bounded time, and what its failures mean for a message.

Nothing here prints an exception: its text can hold the token, which is part of every address.
"""

import contextlib
import hashlib
import hmac
import os
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from typing import Any

import httpx
from telegram import Bot, LinkPreviewOptions
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.request import HTTPXRequest

from bot.channels.channel import Failure, SendFailed

READ_SECONDS = 20.0
CONNECT_SECONDS = 5.0
POLL_SECONDS = 25
"""How long one `getUpdates` waits for news."""
_SECONDS_UNTIL_SETTINGS_ARE_MENDED = 60.0
_GATEWAY_GAVE_UP = (408, 504)
_TOO_LARGE = 413
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


class FileRefused(Exception):
    """A file that cannot be had; `reason` is `too_large` or `gone`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class _Request(HTTPXRequest):
    """Tells apart what the library calls by one name: an error of Telegram, a gateway that gave up, a file too large."""

    async def do_request(self, *arguments: Any, **options: Any) -> tuple[int, bytes]:
        code, payload = await super().do_request(*arguments, **options)
        if code in _GATEWAY_GAVE_UP:
            raise TimedOut(f"http {code}")
        if code == _TOO_LARGE:
            raise BadRequest("request entity too large")
        return code, payload


class PollingBot(Bot):
    """A `Bot` that gives updates as they came: `get_updates` raises where one of them cannot be read, and loses the batch."""

    def __repr__(self) -> str:
        """Without the token, which the library's own shows."""
        return "PollingBot()"

    async def get_raw_updates(self, *, offset: int | None, wait: float, kinds: Sequence[str]) -> list[dict[str, Any]]:
        """Waits `wait` seconds for updates from `offset` on. Raises `TelegramError`."""
        fields: dict[str, Any] = {"timeout": int(wait), "allowed_updates": list(kinds)}
        came = await self._post("getUpdates", fields | ({} if offset is None else {"offset": offset}))
        return came if isinstance(came, list) else []


@contextlib.asynccontextmanager
async def opened_bot(token: str, api_url: str, *, read_seconds: float = READ_SECONDS) -> AsyncIterator[PollingBot]:
    """The bot. It is not `initialize`d, for that asks Telegram, which may be away when the program starts."""
    # The library's switch to durations as `timedelta`; without it every 429 warns of the change.
    os.environ.setdefault("PTB_TIMEDELTA", "true")
    base = api_url.rstrip("/")
    times: dict[str, Any] = {
        "connect_timeout": CONNECT_SECONDS,
        "write_timeout": read_seconds,
        "pool_timeout": read_seconds,
    }
    calls = _Request(connection_pool_size=64, read_timeout=read_seconds, media_write_timeout=60.0, **times)
    polls = _Request(connection_pool_size=2, read_timeout=POLL_SECONDS + 10.0, **times)
    try:
        yield PollingBot(
            token,
            base_url=f"{base}/bot",
            base_file_url=f"{base}/file/bot",
            request=calls,
            get_updates_request=polls,
        )
    finally:
        await calls.shutdown()
        await polls.shutdown()


def webhook_secret(token: str, chosen: str) -> str:
    """What Telegram sends with each update: as set, or derived from the token so that there always is one."""
    return chosen or hmac.new(token.encode(), b"webhook of the assistant", hashlib.sha256).hexdigest()


async def fetch_file(bot: Bot, file_id: str, *, max_bytes: int) -> bytes:
    """The bytes of a file; raises `FileRefused`, or `TelegramError` when it may be tried again."""
    try:
        file = await bot.get_file(file_id)
    except BadRequest as error:
        raise FileRefused("too_large" if "too big" in error.message else "gone") from None
    if (file.file_size or 0) > max_bytes or not file.file_path:
        raise FileRefused("too_large")
    content = bytearray()
    try:
        async with (
            httpx.AsyncClient(timeout=httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS)) as client,
            client.stream("GET", file.file_path) as answer,
        ):
            if answer.status_code in (400, 403, 404):
                raise FileRefused("gone")
            if answer.status_code != 200:
                raise NetworkError(f"http {answer.status_code}")
            async for piece in answer.aiter_bytes():
                content += piece
                if len(content) > max_bytes:
                    raise FileRefused("too_large")
    except httpx.HTTPError as error:
        raise NetworkError(type(error).__name__) from None  # Its text would hold the address, and with it the token.
    return bytes(content)


def failure_of(error: TelegramError) -> SendFailed:
    """What an error of a send means for the message."""
    match error:
        case RetryAfter():
            return SendFailed(Failure.RETRY, "429", wait=_wait_of(error))
        case ChatMigrated():
            return SendFailed(Failure.MOVED, "group became a supergroup", address=str(error.new_chat_id))
        case Forbidden():
            return SendFailed(Failure.UNREACHABLE, "403")
        case InvalidToken():
            return SendFailed(Failure.RETRY, "token refused", wait=_SECONDS_UNTIL_SETTINGS_ARE_MENDED)
        case BadRequest():
            return _refusal_of(error)
        case TimedOut() | NetworkError():
            return _failure_of_network(error)
    return SendFailed(Failure.UNCERTAIN, type(error).__name__)


def _wait_of(error: RetryAfter) -> float:
    """Seconds."""
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


def _refusal_of(error: BadRequest) -> SendFailed:
    words = error.message.lower()
    if "chat not found" in words or "not enough rights" in words or "have no rights" in words:
        return SendFailed(Failure.UNREACHABLE, "no such chat, or no right to write there")
    return SendFailed(Failure.REFUSED, "400")


def _failure_of_network(error: NetworkError) -> SendFailed:
    cause = error.__cause__
    if isinstance(cause, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout):
        return SendFailed(Failure.RETRY, type(cause).__name__)
    if isinstance(error, TimedOut) or isinstance(cause, httpx.HTTPError):
        # The request was, or may have been, written.
        return SendFailed(Failure.UNCERTAIN, type(cause or error).__name__)
    return SendFailed(Failure.RETRY, "5xx")


def is_broken_markup(error: TelegramError) -> bool:
    return isinstance(error, BadRequest) and "can't parse entities" in error.message.lower()


def is_no_photo(error: TelegramError) -> bool:
    """Whether Telegram cannot show a picture as a photo; as a document it still goes."""
    names = ("photo_invalid_dimensions", "image_process_failed", "photo_save_file_invalid", "photo_ext_invalid")
    return isinstance(error, BadRequest) and any(name in error.message.lower() for name in names)
