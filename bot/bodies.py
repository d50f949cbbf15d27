"""The bodies of requests: none is longer than anybody needs, whoever reads it and however it comes."""

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.exceptions import HTTPException

TOO_LARGE = 413


class BoundedBodies:
    """Ends a request with 413 where its body is, or turns out to be, longer than `most` bytes.

    Here and not where bodies are read: what reads a form puts files on the disk before anybody sees them.
    """

    def __init__(self, app: Callable[..., Awaitable[None]], most: int) -> None:
        self._app = app
        self._most = most

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        came = _declared(scope)
        if came <= self._most:
            came = 0

        async def receive_within_bounds() -> Any:
            nonlocal came
            if came <= self._most:
                message = await receive()
                came += len(message.get("body", b""))
                if came <= self._most:
                    return message
            raise HTTPException(TOO_LARGE)

        await self._app(scope, receive_within_bounds, send)


def _declared(scope: Any) -> int:
    """The length that the request says it has; 0 where it says none."""
    length = next((value for name, value in scope["headers"] if name == b"content-length"), b"")
    return int(length) if length.isdigit() else 0
