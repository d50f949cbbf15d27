"""Where channels hand in what came: stored once, then the worker is woken. Only after that may a message be confirmed."""

from collections.abc import Callable
from datetime import UTC, datetime

from bot.channels.channel import Raw
from bot.metrics import Metrics
from store import inbox
from store.database import Database


class Reception:
    """Accepts messages of all channels."""

    def __init__(self, database: Database, metrics: Metrics) -> None:
        self._database = database
        self._metrics = metrics
        self.on_message: Callable[[], None] = lambda: None
        """Called when there is a new message."""

    async def accept(self, channel: str, address: str, message_id: str, raw: Raw) -> bool:
        """Stores a message as the provider sent it; false when it was stored before. Once it returns, no crash loses it."""
        async with self._database.transaction() as session:
            new = await inbox.accept(session, channel, address, message_id, {"raw": dict(raw)}, now=datetime.now(UTC))
        (self._metrics.received if new else self._metrics.repeated).labels(channel).inc()
        if new:
            self.on_message()
        return new
