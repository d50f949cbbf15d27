"""The city's other systems: the Open311 server, and the work with a city's own back end where one is set."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from actions.desk import Desk
from actions.push import Push
from actions.texts import Texts
from bot import pushes
from bot.settings import Settings
from staff.open311.forwarding import Forwarding
from staff.open311.server import Open311
from staff.open311.upstream import Upstream
from store.database import Database


def no_photo_url(reference: str) -> str | None:
    """Stored photos have no public address."""
    return None


def server(database: Database, desk: Desk, texts: Texts, clock: Callable[[], datetime], *, public_url: str) -> Open311:
    """The GeoReport v2 server."""
    return Open311(database, lambda: desk, texts, clock, public_url, no_photo_url)


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
    return Forwarding(database, lambda: desk, texts, upstream, clock, push, no_photo_url)
