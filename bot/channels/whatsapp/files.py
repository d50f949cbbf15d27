"""Pictures and files that Twilio fetches from us: and that people open by a link. Each is signed and expires."""

import hashlib
import hmac
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from bot.attachments import MEDIA_TYPES

FILES = "/whatsapp/files"
FOR_TWILIO, FOR_PEOPLE = 3_600, 7 * 24 * 3_600
"""Seconds that a link is good for."""


class Files:
    """Signed links to files, and the route behind them."""

    def __init__(
        self,
        public_url: str,
        secret: str,
        find: Callable[[str], Path | None],
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`find` tells where the file of a reference lies; `clock` gives seconds since the epoch."""
        self._base = public_url.rstrip("/")
        self._key = hashlib.sha256(b"whatsapp files\0" + secret.encode()).digest()
        self._find = find
        self._clock = clock

    def url(self, reference: str, *, seconds: int = FOR_TWILIO) -> str:
        """A link to a file, from now on for so long."""
        until = int(self._clock()) + seconds
        query = urlencode({"until": until, "signature": self._signature(reference, until)})
        return f"{self._base}{FILES}/{reference}?{query}"

    def routes(self) -> list[Route]:
        return [Route(f"{FILES}/{{reference}}", self._file)]

    async def _file(self, request: Request) -> Response:
        reference = str(request.path_params["reference"])
        until = request.query_params.get("until", "")
        signature = request.query_params.get("signature", "")
        if not until.isdecimal() or len(until) > 12 or int(until) < self._clock():
            return Response(status_code=404)
        if not hmac.compare_digest(self._signature(reference, int(until)).encode(), signature.encode()):
            return Response(status_code=404)
        path = self._find(reference)
        if path is None:
            return Response(status_code=404)
        return FileResponse(
            path, media_type=MEDIA_TYPES.get(path.suffix[1:]), headers={"Cache-Control": "private, max-age=3600"}
        )

    def _signature(self, reference: str, until: int) -> str:
        return hmac.new(self._key, f"{reference}\n{until}".encode(), hashlib.sha256).hexdigest()
