"""What each service's rules say about messages that nobody has just asked for."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from actions.broadcasts import Way, language_of, wants_none
from bot.channels.whatsapp.channel import NAME as WHATSAPP
from bot.channels.whatsapp.channel import SESSION
from bot.channels.whatsapp.templates import name_of
from store import whatsapp as whatsapp_store
from store.broadcasts import Recipient

TEMPLATE = "broadcast"
"""The kind of template that carries a message to many once WhatsApp's session is over."""


class Reach:
    """By which way a message to many reaches people now."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock

    async def __call__(self, session: AsyncSession, recipients: Sequence[Recipient]) -> Sequence[Way]:
        known = await whatsapp_store.templates(session)
        usable = {name for name, template in known.items() if template.status in whatsapp_store.USABLE}
        return [_way(recipient, usable, self._clock()) for recipient in recipients]


def _way(recipient: Recipient, templates: Collection[str], now: datetime) -> Way:
    if wants_none(recipient):
        return Way.OPTED_OUT
    if recipient.blocked:
        return Way.BLOCKED
    if recipient.channel != WHATSAPP:
        return Way.MESSAGE
    last = recipient.last_inbound_at
    if last is not None and now - last < SESSION:
        return Way.MESSAGE
    return Way.TEMPLATE if name_of(TEMPLATE, language_of(recipient)) in templates else Way.CLOSED
