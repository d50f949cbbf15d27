"""A message of a person on its way into the inbox, from the webhook or from Twilio's list."""

from collections.abc import Mapping
from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.channels.whatsapp.incoming import address_of, album_of, kept
from bot.reception import Reception
from store import whatsapp as store


class Intake:
    """Stores messages once, and with each that the person's session is open."""

    def __init__(self, reception: Reception) -> None:
        self._reception = reception

    async def accept(self, form: Mapping[str, str], written_at: datetime) -> bool:
        """Stores a message with the fields of Twilio's webhook; false when it was stored before."""
        address, sid = address_of(form), form["MessageSid"]

        async def note(session: AsyncSession) -> None:
            await store.note_inbound(
                session, address, reply_to=form["From"], sid=sid, written_at=written_at, now=datetime.now(UTC)
            )

        return await self._reception.accept(store.CHANNEL, address, sid, kept(form), beside=note, album=album_of(form))
