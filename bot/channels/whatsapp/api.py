"""Twilio's REST interface: the official client over a transport of ours, and what its failures mean for a message.

The client's own asynchronous transport ignores time-outs, posts again after a 503 when retries are on, and sends JSON
bodies as forms; there is no option for another server. This one bounds time, never repeats, and can be led elsewhere.
"""

import logging
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import httpx
from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException
from twilio.http import AsyncHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from bot.channels.channel import Failure, SendFailed

READ_SECONDS = 15.0
CONNECT_SECONDS = 5.0
_REDIRECTS = 3
_SECONDS_UNTIL_SETTINGS_ARE_MENDED = 60.0
_SECONDS_OF_CHANNEL_LIMIT = 10.0

CLOSED_SESSION = 63016
UNREACHABLE = frozenset({21610, 63003, 63024, 63032})
"""Opted out at Twilio; no such person on WhatsApp; not a recipient; kept away by WhatsApp."""
_SETTINGS = frozenset({20003, 20005, 20404, 21606, 63007})
"""Wrong token or account, suspended account, unknown sender: the message is right, the settings are not."""
_CHANNEL_LIMIT = 63018
_MEDIA_LATER = frozenset({401, 403, 408, 425, 429})
"""Answers to a request for a medium that tell nothing of it: a wrong token, a link that ran out, too many requests."""


class TooManyRequests(Exception):
    """Twilio answered 429; `wait` in seconds where it named them."""

    def __init__(self, wait: float | None) -> None:
        super().__init__("429")
        self.wait = wait


class MediaRefused(Exception):
    """Media that must not be fetched, is too large or is gone."""


class TwilioHttp(AsyncHttpClient):
    """Requests of the Twilio client through httpx; with `base_url` every host of Twilio is that server instead."""

    def __init__(self, base_url: str = "", *, read_seconds: float = READ_SECONDS) -> None:
        super().__init__(logging.getLogger("twilio.http_client"), True, read_seconds)
        self._base = urlsplit(base_url) if base_url else None
        self.client = httpx.AsyncClient(
            timeout=httpx.Timeout(read_seconds, connect=CONNECT_SECONDS), follow_redirects=False
        )

    def led(self, url: str) -> str:
        """The URL to ask instead of Twilio's own, where another server is set."""
        if self._base is None:
            return url
        parts = urlsplit(url)
        return urlunsplit((self._base.scheme, self._base.netloc, parts.path, parts.query, ""))

    @property
    def is_led(self) -> bool:
        return self._base is not None

    async def request(
        self,
        method: str,
        uri: str,
        params: dict[str, object] | None = None,
        data: dict[str, object] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Response:
        """One request, once. Raises httpx's transport errors and `TooManyRequests`."""
        as_json = (headers or {}).get("Content-Type") == "application/json"
        body: dict[str, Any] = {"json": data} if as_json else {"data": data}
        answer = await self.client.request(
            method.upper(),
            self.led(uri),
            params=params or None,  # type: ignore[arg-type]
            headers=headers,
            auth=auth,
            **(body if data else {}),
        )
        if answer.status_code == 429:
            raise TooManyRequests(_seconds(answer.headers.get("Retry-After")))
        return Response(answer.status_code, answer.text, answer.headers)

    async def close(self) -> None:
        await self.client.aclose()


def open_client(
    account_sid: str, auth_token: str, *, base_url: str = "", read_seconds: float = READ_SECONDS
) -> tuple[Client, TwilioHttp]:
    """The Twilio client and its transport, which is to be closed."""
    http = TwilioHttp(base_url, read_seconds=read_seconds)
    return Client(account_sid, auth_token, http_client=http), http


async def fetch_media(client: Client, http: TwilioHttp, url: str, *, max_bytes: int) -> bytes:
    """The bytes behind a media URL of Twilio. Account and token go to Twilio's API host only, not where it redirects to.

    Raises `MediaRefused`, or httpx's transport errors when it may be tried again.
    """
    if not is_api_url(url):
        raise MediaRefused("not an address of Twilio's API")
    auth: tuple[str, str] | None = (str(client.username), str(client.password))
    address = http.led(url)
    for _ in range(_REDIRECTS + 1):
        async with http.client.stream("GET", address, auth=auth) as answer:
            if answer.is_redirect and answer.next_request is not None:
                address, auth = str(answer.next_request.url), None
                if not address.startswith("https://") and not http.is_led:
                    raise MediaRefused("led to a place without encryption")
                continue
            if answer.status_code >= 500 or answer.status_code in _MEDIA_LATER:
                raise httpx.HTTPStatusError(f"{answer.status_code}", request=answer.request, response=answer)
            if answer.status_code != 200:
                raise MediaRefused(f"answered {answer.status_code}")
            content = b""
            async for piece in answer.aiter_bytes():
                content += piece
                if len(content) > max_bytes:
                    raise MediaRefused("too large")
            return content
    raise MediaRefused("redirected too often")


def is_api_url(url: str) -> bool:
    """Whether a URL is of Twilio's API host (`api.twilio.com`, also with an edge and a region)."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    return parts.scheme == "https" and host.startswith("api.") and host.endswith(".twilio.com") and not parts.username


def failure_of(error: Exception) -> SendFailed:
    """What an error of `messages.create` means. Twilio has no idempotency key, so what may have been written is unsure."""
    match error:
        case TooManyRequests():
            return SendFailed(Failure.RETRY, "429", wait=error.wait)
        case httpx.ConnectError() | httpx.ConnectTimeout() | httpx.PoolTimeout():
            return SendFailed(Failure.RETRY, type(error).__name__)
        case TwilioRestException() | TwilioServiceException():
            return failure_of_code(error.status, int(error.code or 0))
        case httpx.TransportError() | TwilioException() | ValueError():
            # The request was, or may have been, written; or an answer came that is none of Twilio's.
            return SendFailed(Failure.UNCERTAIN, type(error).__name__)
    raise error


def failure_of_code(status: int, code: int) -> SendFailed:
    """What an HTTP status with a Twilio error code means for a message."""
    reason = f"http {status}, twilio {code}"
    if code == CLOSED_SESSION:
        return SendFailed(Failure.CLOSED, reason)
    if code in UNREACHABLE:
        return SendFailed(Failure.UNREACHABLE, reason)
    if code == _CHANNEL_LIMIT or status == 429:
        return SendFailed(Failure.RETRY, reason, wait=_SECONDS_OF_CHANNEL_LIMIT)
    if status in (401, 403) or code in _SETTINGS:
        return SendFailed(Failure.RETRY, reason, wait=_SECONDS_UNTIL_SETTINGS_ARE_MENDED)
    if status in (408, 504):  # Somebody between us and Twilio gave up waiting.
        return SendFailed(Failure.UNCERTAIN, reason)
    if status >= 500:
        return SendFailed(Failure.RETRY, reason)
    return SendFailed(Failure.REFUSED, reason)


def failure_text(error: Exception) -> str:
    """What went wrong, for an operator at a terminal."""
    match error:
        case TwilioRestException() | TwilioServiceException() if error.status in (401, 403):
            return "Twilio does not know this account and token (TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN)"
        case TwilioRestException():
            return f"Twilio answered {error.status}: {error.msg}"
        case TwilioException():
            return "Twilio refused; are TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN right?"
        case httpx.TransportError():
            return f"Twilio could not be reached ({type(error).__name__})"
    return f"{type(error).__name__}: {error}"


def _seconds(header: str | None) -> float | None:
    try:
        return max(0.0, float(header)) if header else None
    except ValueError:
        return None
