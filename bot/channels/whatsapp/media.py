"""Photos and voice notes of people: copied here, then deleted at Twilio."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import structlog
from twilio.base.exceptions import TwilioException
from twilio.rest import Client

from actions.turn import Incoming
from bot import allowance
from bot.attachments import MAX_BYTES, Attachments, CannotKeep, NotAPhoto
from bot.channels.phone import MAX_TEXT
from bot.channels.whatsapp.api import MediaRefused, TwilioHttp, fetch_media
from store import whatsapp as store
from store.database import Database
from store.tables import WhatsAppMediaRow

log = structlog.get_logger()


class Media:
    """Copies media once: a message that is parsed again after a crash finds its photo here, also when Twilio has it no more."""

    def __init__(self, database: Database, attachments: Attachments, client: Client, http: TwilioHttp) -> None:
        self._database = database
        self._attachments = attachments
        self._client = client
        self._http = http

    async def incoming(self, url: str, kind: str, raw: Mapping[str, Any], address: str) -> Incoming:
        """A photo or a voice note as a reference; everything else as a kind the assistant cannot use.

        Raises httpx's errors when Twilio cannot be reached, and `OSError` when nothing can be written here, so that the
        message is tried again. Until then the medium stays at Twilio: it is deleted only once its fate is noted here.
        """
        is_photo = kind.startswith("image/") and raw.get("MessageType") != "sticker"
        words = str(raw.get("Body") or "").strip()[:MAX_TEXT] or None
        if not is_photo and not kind.startswith("audio/"):
            await self._note(url, None)
            await self.delete(url)
            return Incoming(other=str(raw.get("MessageType") or "document"), text=words)
        try:
            reference = await self._copied(url, whose=allowance.of_person(store.CHANNEL, address), is_photo=is_photo)
        except CannotKeep as error:
            await self.delete(url)
            return Incoming(other=error.code if is_photo else "voice", text=words)
        await self.delete(url)
        return Incoming(photo=reference, text=words) if is_photo else Incoming(voice=reference)

    async def _copied(self, url: str, *, whose: Mapping[str, int], is_photo: bool) -> str:
        """The reference of the copy; raises `CannotKeep`, and httpx's errors."""
        async with self._database.transaction() as session:
            known = await store.copied_media(session, url)
        if known is not None and known.reference is not None:
            return known.reference
        if known is not None:
            raise NotAPhoto("refused before")
        try:
            content = await fetch_media(self._client, self._http, url, max_bytes=MAX_BYTES)
            keep = self._attachments.keep_photo if is_photo else self._attachments.keep_voice
            reference = await keep(content, whose=whose)
        except (MediaRefused, CannotKeep) as error:
            log.warning("medium not kept", reason=type(error).__name__)
            await self._note(url, None)
            raise error if isinstance(error, CannotKeep) else NotAPhoto(str(error)) from error
        await self._note(url, reference)
        return reference

    async def _note(self, url: str, reference: str | None) -> None:
        async with self._database.transaction() as session:
            if await store.copied_media(session, url) is None:
                session.add(WhatsAppMediaRow(url=url, reference=reference, copied_at=datetime.now(UTC)))

    async def delete(self, url: str) -> bool:
        """Deletes a medium at Twilio; where that fails it is tried again later, by `delete_rest`."""
        parts = urlsplit(url).path.split("/")
        try:
            message, sid = parts[parts.index("Messages") + 1], parts[parts.index("Media") + 1]
        except (ValueError, IndexError):
            return False
        try:
            await self._client.messages(message).media(sid).delete_async()
        except TwilioException as error:
            if getattr(error, "status", None) != 404:
                log.warning("medium not deleted at Twilio", error=type(error).__name__)
                return False
        except Exception as error:
            log.warning("medium not deleted at Twilio", error=type(error).__name__)
            return False
        async with self._database.transaction() as session:
            row = await store.copied_media(session, url)
            if row is not None:
                row.deleted_at = datetime.now(UTC)
        return True

    async def delete_rest(self) -> int:
        """Deletes what could not be deleted before; how many that were."""
        async with self._database.transaction() as session:
            urls = await store.media_to_delete(session)
        return sum([await self.delete(url) for url in urls])
