"""The city's other systems: the Open311 server, and the work with a city's own back end where one is set."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncSession

from actions.desk import Desk
from actions.push import Push
from actions.texts import Texts
from bot import pushes
from bot.settings import Settings
from staff.open311.forwarding import Forwarding
from staff.open311.photos import ROOT, photo_url
from staff.open311.server import Open311
from staff.open311.upstream import Upstream
from store.database import Database


def server(
    database: Database,
    desk: Desk,
    texts: Texts,
    clock: Callable[[], datetime],
    *,
    public_url: str,
    photo: Callable[[str], Path | None],
) -> Open311:
    """The GeoReport v2 server; `photo` tells where a stored photo lies."""
    return Open311(database, lambda: desk, texts, clock, public_url, photo)


def forwarding(
    settings: Settings,
    database: Database,
    desk: Desk,
    texts: Texts,
    clock: Callable[[], datetime],
    *,
    on_push: Callable[[int], None],
) -> Forwarding | None:
    """The work with the back end of the settings; None where there is none."""
    if not settings.open311_upstream:
        return None

    async def push(session: AsyncSession, news: Push) -> bool:
        told = await pushes.put(session, texts, news, now=clock())
        on_push(news.conversation_id)
        return told

    upstream = Upstream.at(
        settings.open311_upstream,
        api_key=settings.open311_upstream_key,
        jurisdiction=settings.open311_upstream_jurisdiction,
    )
    base = settings.public_url.rstrip("/")

    def address(reference: str) -> str | None:
        return photo_url(base + ROOT, reference) if base else None

    return Forwarding(database, lambda: desk, texts, upstream, clock, push, address)
