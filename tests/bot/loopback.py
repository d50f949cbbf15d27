"""A delivering channel without a network: what is sent lands in a list, and the next sends can be told to fail."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from actions.turn import Incoming
from bot.channels.channel import Outgoing, Pace, Raw, SendFailed
from bot.channels.registry import Plugged, Surroundings
from nlu.understanding import Language


class Loopback:
    """The channel, and the far side of it. `failures`: raised by the next sends, an exception of any kind or None."""

    name = "loopback"

    def __init__(self, pace: Pace | None = None) -> None:
        self.pace = pace or Pace(per_second=1_000, seconds_per_chat=0)
        self.sent: list[tuple[str, str]] = []
        self.parsed: list[Raw] = []
        self.failures: list[Exception | None] = []
        self.occasions: list[str | None] = []
        self.duties: dict[str, Callable[[], Awaitable[None]]] = {}
        self.hold: Any = None
        """An `asyncio.Event` that sends wait for."""
        self.fetched = asyncio.Event()
        """Messages with a `slow` part, such as a photo on its way, are read once it is set."""
        self.sending = asyncio.Event()
        """Set when the first send begins."""

    async def parse(self, raw: Raw) -> Incoming | None:
        self.parsed.append(raw)
        if "poison" in raw:
            raise ValueError(raw["poison"])
        if "slow" in raw:
            await self.fetched.wait()
        return Incoming(text=raw["text"]) if "text" in raw else None

    def render(
        self, parts: Sequence[Mapping[str, Any]], *, language: Language, occasion: str | None = None
    ) -> list[Outgoing]:
        self.occasions.append(occasion)
        return [{"text": part["text"]} for part in parts if part["type"] == "text"]

    async def send(self, address: str, message: Outgoing) -> str | None:
        self.sending.set()
        if self.hold is not None:
            await self.hold.wait()
        failure = self.failures.pop(0) if self.failures else None
        if failure is not None and not isinstance(failure, SendFailed):
            self.sent.append((address, message["text"]))
        if failure is not None:
            raise failure
        self.sent.append((address, message["text"]))
        return f"L{len(self.sent)}"

    @asynccontextmanager
    async def opened(self, surroundings: Surroundings) -> AsyncIterator[Plugged]:
        """As the registry wants it; the reception stays at hand for the test."""
        self.reception, self.database = surroundings.reception, surroundings.database
        yield Plugged(self, duties=self.duties)
