"""Puts the parts of the WhatsApp channel together."""

import asyncio
import contextlib
import itertools
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta

import structlog

from bot.channels.registry import Plugged, Surroundings
from bot.channels.whatsapp.api import open_client
from bot.channels.whatsapp.channel import NAME, WhatsApp, utc_now
from bot.channels.whatsapp.content import take_inventory
from bot.channels.whatsapp.files import Files
from bot.channels.whatsapp.incoming import PREFIX
from bot.channels.whatsapp.intake import Intake
from bot.channels.whatsapp.media import Media
from bot.channels.whatsapp.reconciliation import Reconciliation
from bot.channels.whatsapp.rendering import Renderer
from bot.channels.whatsapp.reports import Reports
from bot.channels.whatsapp.templates import Sids, wanted
from bot.channels.whatsapp.webhook import STATUS, Signatures, Webhook
from bot.settings import Settings
from store import whatsapp as store

log = structlog.get_logger()

SECONDS_BETWEEN_ROUNDS = 180.0
_SECONDS_TO_SECOND_ROUND = 30.0
"""What came just before the start is old enough by then to be known as missed."""
_ROUNDS_BETWEEN_INVENTORIES = 20
_SECONDS_BETWEEN_REFRESHES = 60.0
_SEEN_FOR = timedelta(days=3)


@contextlib.asynccontextmanager
async def open_whatsapp(surroundings: Surroundings) -> AsyncIterator[Plugged]:
    """The channel with its routes and duties. Raises `ValueError` naming the setting that is missing."""
    settings, database = surroundings.settings, surroundings.database
    check(settings)
    token = settings.twilio_auth_token.get_secret_value()
    client, http = open_client(settings.twilio_account_sid, token, base_url=settings.twilio_api_url)
    sender = PREFIX + settings.whatsapp_from.removeprefix(PREFIX)
    files = Files(settings.public_url, token, surroundings.attachments.path)
    media = Media(database, surroundings.attachments, client, http)
    intake = Intake(surroundings.reception)
    reports = Reports(database)
    sids = Sids()
    channel = WhatsApp(
        database,
        client,
        Renderer(surroundings.texts, sids),
        media,
        sender=sender,
        status_callback=settings.public_url.rstrip("/") + STATUS,
        files=files,
        clock=utc_now,
    )
    tokens = [token, settings.twilio_auth_token_previous.get_secret_value()]
    webhook = Webhook(
        Signatures(settings.public_url, tokens),
        on_message=intake.accept,
        on_status=reports.take,
        on_rejected=surroundings.metrics.rejected_signatures.labels(NAME).inc,
    )
    reconciliation = Reconciliation(database, client, intake, sender=sender)
    templates = wanted(surroundings.texts)

    async def refresh() -> None:
        async with database.transaction() as session:
            known = await store.templates(session)
        sids.replace({name: template.sid for name, template in known.items() if template.status in store.USABLE})

    async def take_templates() -> None:
        inventory = await take_inventory(client, templates)
        async with database.transaction() as session:
            await store.keep_templates(session, inventory.known(), now=datetime.now(UTC))
            await store.forget_before(session, datetime.now(UTC) - _SEEN_FOR)

    async def look_after() -> None:
        """Missed messages, media still at Twilio, templates that WhatsApp has approved meanwhile."""
        for round_ in itertools.count():
            await _guarded("missed messages", reconciliation.run_once())
            await _guarded("media at Twilio", media.delete_rest())
            if round_ % _ROUNDS_BETWEEN_INVENTORIES == 0:
                await _guarded("templates", take_templates())
            await asyncio.sleep(SECONDS_BETWEEN_ROUNDS if round_ else _SECONDS_TO_SECOND_ROUND)

    await refresh()
    refreshing = asyncio.create_task(_repeat(refresh))
    try:
        yield Plugged(channel, [*webhook.routes(), *files.routes()], {f"{NAME} upkeep": look_after})
    finally:
        refreshing.cancel()
        await asyncio.gather(refreshing, return_exceptions=True)
        await http.close()


def check(settings: Settings) -> None:
    """Raises `ValueError` naming the setting that is missing or wrong."""
    needed = {
        "TWILIO_ACCOUNT_SID": settings.twilio_account_sid,
        "TWILIO_AUTH_TOKEN": settings.twilio_auth_token.get_secret_value(),
        "PUBLIC_URL": settings.public_url,
    }
    missing = [name for name, value in needed.items() if not value]
    if missing:
        raise ValueError(f"WHATSAPP_FROM is set, but not {', '.join(missing)} (docs/going-live.md)")
    if not re.fullmatch(r"(whatsapp:)?\+[1-9][0-9]{6,14}", settings.whatsapp_from):
        raise ValueError("WHATSAPP_FROM must be a number with country code and no spaces, like +212520000000")
    if not re.match(r"https?://[^/]", settings.public_url):
        raise ValueError("PUBLIC_URL must begin with https://")


async def _repeat(work: Callable[[], Awaitable[None]]) -> None:
    while True:
        await asyncio.sleep(_SECONDS_BETWEEN_REFRESHES)
        await _guarded("templates at hand", work())


async def _guarded(name: str, work: Awaitable[object]) -> None:
    """One piece of upkeep; if it fails the others go on, and it is tried again in the next round."""
    try:
        await work
    except Exception as error:
        log.warning("upkeep failed", of=name, error=type(error).__name__)
