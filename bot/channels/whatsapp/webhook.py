"""What Twilio posts to us: messages of people, and reports of what became of ours. Signed, or refused."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

import structlog
from starlette.datastructures import ImmutableMultiDict
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from twilio.request_validator import RequestValidator

from bot.channels.whatsapp.incoming import PREFIX

log = structlog.get_logger()

MESSAGES, STATUS = "/whatsapp/messages", "/whatsapp/status"
MAX_BYTES = 128 * 1024
_OVERRIDES = ("", "#rc=5&rp=all")
"""Endings of the URL that going-live.md has in Twilio's console; a fragment is never in a request, it may be in what is signed."""

Form = ImmutableMultiDict[str, str]


class Signatures:
    """Recognises what Twilio signed: over the public URL as configured and every field, blank ones too."""

    def __init__(self, public_url: str, tokens: Sequence[str]) -> None:
        """`tokens`: the present one, and during a rotation the one before."""
        self._base = public_url.rstrip("/")
        self._validators = [RequestValidator(token) for token in tokens if token]

    def is_valid(self, path: str, query: str, form: Form, signature: str) -> bool:
        """Whether `signature` is Twilio's for a POST to this path (with its query) and these fields."""
        url = f"{self._base}{path}" + (f"?{query}" if query else "")
        valid = [
            validator.validate(f"{url}{override}", form, signature)
            for validator in self._validators
            for override in _OVERRIDES
        ]
        return any(valid)


class Webhook:
    """The two addresses that Twilio posts to."""

    def __init__(
        self,
        signatures: Signatures,
        *,
        on_message: Callable[[dict[str, str], datetime], Awaitable[object]],
        on_status: Callable[[dict[str, str]], Awaitable[object]],
        on_rejected: Callable[[], None] = lambda: None,
    ) -> None:
        self._signatures = signatures
        self._on_message = on_message
        self._on_status = on_status
        self._on_rejected = on_rejected

    def routes(self) -> list[Route]:
        return [
            Route(MESSAGES, self._message, methods=["POST"]),
            Route(STATUS, self._status, methods=["POST"]),
        ]

    async def _message(self, request: Request) -> Response:
        form = await self._signed(request, MESSAGES)
        if form is None:
            return Response(status_code=403)
        if "MessageSid" in form and form.get("From", "").startswith(PREFIX):
            # Only once it is stored is it answered: on an error Twilio tries again, and what it gives up is listed later.
            await self._on_message(form, datetime.now(UTC))
        return Response("<Response/>", media_type="text/xml")

    async def _status(self, request: Request) -> Response:
        form = await self._signed(request, STATUS)
        if form is None:
            return Response(status_code=403)
        if "MessageSid" in form:
            await self._on_status(form)
        return Response(status_code=204)

    async def _signed(self, request: Request, path: str) -> dict[str, str] | None:
        """The fields; None (and nothing said about why) for what Twilio has not signed."""
        body = b""
        async for piece in request.stream():
            body += piece
            if len(body) > MAX_BYTES:
                break
        form = _fields(body) if len(body) <= MAX_BYTES else None
        signature = request.headers.get("X-Twilio-Signature", "")
        if form is None or not self._signatures.is_valid(path, request.url.query, form, signature):
            self._on_rejected()
            log.warning("webhook without a valid signature refused", path=path)
            return None
        return dict(form)


def _fields(body: bytes) -> Form | None:
    try:
        pairs: list[tuple[Any, Any]] = parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=200)
    except ValueError:
        return None
    return ImmutableMultiDict(pairs)
