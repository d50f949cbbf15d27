"""Puts the parts of the Telegram channel together."""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Awaitable, Callable

import structlog
from telegram import Bot

from bot.channels.registry import Plugged, Surroundings
from bot.channels.telegram.api import opened_bot, webhook_secret
from bot.channels.telegram.channel import NAME, Telegram
from bot.channels.telegram.commands import introduce
from bot.channels.telegram.intake import WEBHOOK, Identity, Intake, Poller, Webhook
from bot.channels.telegram.updates import KINDS, Reader
from bot.settings import Settings

log = structlog.get_logger()

_SECONDS_BETWEEN_TRIES = (1.0, 5.0, 30.0, 300.0)
_TOKEN = re.compile(r"[0-9]{5,20}:[A-Za-z0-9_-]{10,100}")


@contextlib.asynccontextmanager
async def open_telegram(surroundings: Surroundings) -> AsyncIterator[Plugged]:
    """The channel, with a webhook where the service has a public address, else polling. Raises `ValueError` for bad settings."""
    settings = surroundings.settings
    check(settings)
    token = settings.telegram_token.get_secret_value()
    secret = webhook_secret(token, settings.telegram_webhook_secret.get_secret_value())
    async with opened_bot(token, settings.telegram_api_url) as bot:
        identity = Identity(bot)
        reader = Reader(bot, surroundings.attachments, identity.name)
        channel = Telegram(bot, reader, surroundings.texts, surroundings.attachments)
        intake = Intake(NAME, bot, identity, surroundings.reception)

        async def set_up() -> None:
            await _persistently("introduction", lambda: introduce(bot, surroundings.texts))
            if settings.public_url:
                await _persistently("webhook", lambda: _set_webhook(bot, settings.public_url, secret))

        setting_up = asyncio.create_task(set_up())
        try:
            if settings.public_url:
                yield Plugged(channel, Webhook(intake, secret, surroundings.metrics).routes())
            else:
                yield Plugged(channel, duties={f"{NAME} polling": Poller(intake, bot).run})
        finally:
            setting_up.cancel()
            await asyncio.gather(setting_up, return_exceptions=True)
            await intake.close()
            await channel.close()


def check(settings: Settings) -> None:
    """Raises `ValueError` naming the setting that is wrong."""
    if not _TOKEN.fullmatch(settings.telegram_token.get_secret_value()):
        raise ValueError("TELEGRAM_TOKEN does not look like a token of BotFather, 123456789:AAH… (docs/going-live.md)")
    secret = settings.telegram_webhook_secret.get_secret_value()
    if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", secret):
        raise ValueError("TELEGRAM_WEBHOOK_SECRET may hold A-Z, a-z, 0-9, _ and - only, 256 signs at most")
    if settings.public_url and not re.match(r"https?://[^/]", settings.public_url):
        raise ValueError("PUBLIC_URL must begin with https://")


async def _set_webhook(bot: Bot, public_url: str, secret: str) -> None:
    """Never drops what waits at Telegram."""
    await bot.set_webhook(
        public_url.rstrip("/") + WEBHOOK, secret_token=secret, allowed_updates=list(KINDS), max_connections=40
    )
    log.info("webhook set", channel=NAME)


async def _persistently(what: str, action: Callable[[], Awaitable[None]]) -> None:
    """Until Telegram has taken it: the service runs on meanwhile."""
    attempt = 0
    while True:
        try:
            return await action()
        except Exception as error:  # Telegram's, or anything else: without a webhook nothing comes in.
            log.warning("not taken by Telegram yet", of=what, error=type(error).__name__)
        await asyncio.sleep(_SECONDS_BETWEEN_TRIES[min(attempt, len(_SECONDS_BETWEEN_TRIES) - 1)])
        attempt += 1
