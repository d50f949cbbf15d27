"""The delivering channels. Each is plugged in here; whether it is switched on is up to the settings."""

import contextlib
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field

from starlette.routing import BaseRoute

from actions.texts import Texts
from bot.attachments import Attachments
from bot.channels.channel import Channel
from bot.metrics import Metrics
from bot.reception import Reception
from bot.settings import Settings
from bot.supervision import Work
from store.database import Database


@dataclass(frozen=True)
class Surroundings:
    """What a channel may use."""

    settings: Settings
    database: Database
    attachments: Attachments
    texts: Texts
    reception: Reception
    metrics: Metrics


@dataclass(frozen=True)
class Plugged:
    """What a channel brings along."""

    channel: Channel
    routes: Sequence[BaseRoute] = ()
    """Added to the web application, a webhook for instance."""
    duties: Mapping[str, Work] = field(default_factory=dict)
    """By name, what runs in the background until cancelled, in one process at a time: polling, reconciliation.
    One that returns is started again after a second, one that fails after growing waits (`bot/supervision.py`)."""


Opener = Callable[[Surroundings], AbstractAsyncContextManager[Plugged | None]]
"""Opens a channel and closes its connections at the end; None where the settings do not switch it on.
Imports the provider's library inside, so that who does not use it does not load it."""


@contextlib.asynccontextmanager
async def telegram(surroundings: Surroundings) -> AsyncIterator[Plugged | None]:
    """Telegram, where there is a token."""
    if not surroundings.settings.telegram_token.get_secret_value():
        yield None
        return
    from bot.channels.telegram.opening import open_telegram

    async with open_telegram(surroundings) as plugged:
        yield plugged


@contextlib.asynccontextmanager
async def whatsapp(surroundings: Surroundings) -> AsyncIterator[Plugged | None]:
    """WhatsApp through Twilio, where a number is set."""
    if not surroundings.settings.whatsapp_from:
        yield None
        return
    from bot.channels.whatsapp.opening import open_whatsapp

    async with open_whatsapp(surroundings) as plugged:
        yield plugged


def check(settings: Settings) -> None:
    """Raises `ValueError` where a channel is switched on but its settings cannot work."""
    if settings.telegram_token.get_secret_value():
        from bot.channels.telegram.opening import check as check_telegram

        check_telegram(settings)
    if settings.whatsapp_from:
        from bot.channels.whatsapp.opening import check as check_whatsapp

        check_whatsapp(settings)


CHANNELS: tuple[Opener, ...] = (telegram, whatsapp)
