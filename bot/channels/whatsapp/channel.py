"""WhatsApp as a channel: one conversation with one sender's number, within and outside of WhatsApp's session."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from twilio.rest import Client

from actions.turn import Incoming
from bot.channels.channel import Failure, Outgoing, Pace, Raw, SendFailed
from bot.channels.whatsapp import incoming
from bot.channels.whatsapp.api import failure_of
from bot.channels.whatsapp.files import FOR_PEOPLE, Files
from bot.channels.whatsapp.media import Media
from bot.channels.whatsapp.rendering import Renderer
from bot.conversation import Clock
from nlu.understanding import Language
from store import whatsapp as store
from store.database import Database

NAME = store.CHANNEL
SESSION = timedelta(hours=24) - timedelta(minutes=1)
"""A minute less than WhatsApp's: what is sent at the last moment would arrive too late."""


class WhatsApp:
    """The channel."""

    name = NAME
    pace = Pace(per_second=80, seconds_per_chat=6, burst_per_chat=10)

    def __init__(
        self,
        database: Database,
        client: Client,
        renderer: Renderer,
        media: Media,
        *,
        sender: str,
        status_callback: str,
        files: Files,
        clock: Clock,
    ) -> None:
        """`sender`: the number with its prefix `whatsapp:`."""
        self._database = database
        self._client = client
        self._renderer = renderer
        self._media = media
        self._sender = sender
        self._status_callback = status_callback
        self._files = files
        self._clock = clock

    async def parse(self, raw: Raw) -> Incoming | None:
        return await incoming.parse(raw, self._media)

    def render(
        self, parts: Sequence[Mapping[str, Any]], *, language: Language, occasion: str | None = None
    ) -> list[Outgoing]:
        return self._renderer.render(parts, language, occasion)

    async def send(self, address: str, message: Outgoing) -> str | None:
        """Sends within the session; outside of it as a template, or says once that a message waits and raises CLOSED."""
        async with self._database.transaction() as session:
            contact = await store.contact_of(session, address)
            to = contact.reply_to if contact else f"{incoming.PREFIX}{address}"
            last = contact.last_inbound_at if contact else None
            knocked = contact.knocked_at is not None if contact else False
        if last is not None and self._clock() - last < SESSION:
            return await self._send_freely(to, message)
        if message.get("template_sid"):
            return await self._create(to, _template(message["template_sid"], message["template_variables"]))
        if not knocked:
            await self._knock(address, to, Language(message["language"]))
        raise SendFailed(Failure.CLOSED, "more than 24 hours since the person wrote")

    async def _send_freely(self, to: str, message: Outgoing) -> str | None:
        if message.get("content_sid"):
            try:
                return await self._create(to, _template(message["content_sid"], message["content_variables"]))
            except SendFailed as failed:
                if failed.failure is not Failure.REFUSED:
                    raise
                # The template is gone, or Twilio found something wrong with it: numbers in a text serve as well.
        fields: dict[str, Any] = {name: message[name] for name in ("body", "persistent_action") if message.get(name)}
        if message.get("media"):
            fields["media_url"] = [self._files.url(message["media"])]
        if message.get("link"):
            fields["body"] = f"📎 {message['body']}\n{self._files.url(message['link'], seconds=FOR_PEOPLE)}"
        return await self._create(to, fields)

    async def _knock(self, address: str, to: str, language: Language) -> None:
        """Tells by a template that a message waits, once until the person writes. Without that template, silence."""
        sid = self._renderer.sids.of("waiting", language)
        if sid is None:
            return
        try:
            await self._create(to, {"content_sid": sid})
        except SendFailed as failed:
            if failed.failure is not Failure.UNCERTAIN:
                raise
        async with self._database.transaction() as session:
            contact = await store.contact_of(session, address)
            if contact is not None:
                contact.knocked_at = self._clock()

    async def _create(self, to: str, fields: Mapping[str, Any]) -> str | None:
        try:
            created = await self._client.messages.create_async(
                to=to, from_=self._sender, status_callback=self._status_callback, **fields
            )
        except Exception as error:
            # From None: what Twilio's exceptions say holds addresses.
            raise failure_of(error) from None
        return str(created.sid) if created.sid else None


def _template(sid: str, variables: Mapping[str, str]) -> dict[str, str]:
    fields = {"content_sid": sid}
    return fields | ({"content_variables": json.dumps(variables, ensure_ascii=False)} if variables else {})


def utc_now() -> datetime:
    return datetime.now(UTC)
