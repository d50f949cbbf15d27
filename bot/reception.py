"""Where channels hand in what came: stored once, then the worker is woken. Only after that may a message be confirmed."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.channels.channel import Raw
from bot.metrics import Metrics
from store import inbox, outbox
from store.database import Database

_WAITED_TOO_LONG = {
    "": timedelta(days=7),
    "request": timedelta(days=7),
    "change": timedelta(days=2),
    "remind": timedelta(minutes=15),
}
"""How long what waits for a person's next message is worth saying, by the first word of a push key; "" is for answers."""
_PUSH_WAITED_TOO_LONG = timedelta(hours=6)
"""For all other pushes: a reminder of a talk is of no use on the next day."""


class Reception:
    """Accepts messages of all channels."""

    def __init__(self, database: Database, metrics: Metrics) -> None:
        self._database = database
        self._metrics = metrics
        self.on_message: Callable[[], None] = lambda: None
        """Called when there is a new message."""

    async def accept(
        self,
        channel: str,
        address: str,
        message_id: str,
        raw: Raw,
        *,
        beside: Callable[[AsyncSession], Awaitable[None]] | None = None,
    ) -> bool:
        """Stores a message as the provider sent it; false when it was stored before. Once it returns, no crash loses it.

        `beside` is what the channel itself has to note in the same transaction. What waited for this person's next message
        is sent from now on.
        """
        now = datetime.now(UTC)
        async with self._database.transaction(urgent=True) as session:
            if beside is not None:
                await beside(session)
            new = await inbox.accept(session, channel, address, message_id, {"raw": dict(raw)}, now=now)
            if new:
                kinds = {kind: now - age for kind, age in _WAITED_TOO_LONG.items()}
                await outbox.resume(session, channel, address, kinds=kinds, since=now - _PUSH_WAITED_TOO_LONG)
        (self._metrics.received if new else self._metrics.repeated).labels(channel).inc()
        if new:
            self.on_message()
        return new
