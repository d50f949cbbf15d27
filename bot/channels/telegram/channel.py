"""Telegram as a channel: the same four things as every other one."""

import asyncio
import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from telegram import Bot, Message, ReplyParameters
from telegram.constants import ChatAction, ParseMode
from telegram.error import TelegramError

from actions.texts import Texts
from actions.turn import Incoming
from bot.attachments import Attachments
from bot.channels.channel import Failure, Outgoing, Pace, Raw, SendFailed
from bot.channels.telegram.api import NO_PREVIEW, failure_of, is_broken_markup, is_no_photo
from bot.channels.telegram.rendering import html_of, render
from bot.channels.telegram.updates import Reader, address_of, chat_of, moved_address, update_of
from bot.pacing import Throttle
from nlu.understanding import Language

NAME = "telegram"
_SECONDS_UNTIL_TYPING = 0.7
"""A quick answer needs no "typing…" before it."""
_TYPING_PER_SECOND = 3
"""At most, over all chats: when many people wait, "typing…" would take the place of their answers at Telegram."""
_MOST_REMEMBERED = 10_000
_REMOVE = {"remove_keyboard": True}


@dataclass
class Telegram:
    """The channel."""

    bot: Bot
    reader: Reader
    texts: Texts
    attachments: Attachments
    name: str = NAME
    pace: Pace = field(default=Pace(per_second=28, seconds_per_chat=1.0, burst_per_chat=4))

    def __post_init__(self) -> None:
        self._typing: dict[str, asyncio.Task[None]] = {}
        self._typing_throttle = Throttle(_TYPING_PER_SECOND)
        self._last_in_group: dict[str, int] = {}

    async def parse(self, raw: Raw) -> Incoming | None:
        """Raises `ValueError` for what is no update, `TelegramError` when a file may be fetched later."""
        update = update_of(raw, self.bot)
        address = address_of(raw)
        if update.effective_message and ":" in address:
            self._remember(address, update.effective_message.message_id)
        self._type_soon(address)
        try:
            incoming = await self.reader.incoming(update)
        except BaseException:
            self._stop_typing(address)
            raise
        if incoming is None:
            self._stop_typing(address)
        return incoming

    def render(
        self, parts: Sequence[Mapping[str, Any]], *, language: Language, occasion: str | None = None
    ) -> list[Outgoing]:
        return render(parts, self.texts, language)

    async def send(self, address: str, message: Outgoing) -> str | None:
        self._stop_typing(address)
        try:
            sent = await self._call(chat_of(address), message, reply_to=self._last_in_group.get(address))
        except ValueError:
            raise SendFailed(Failure.REFUSED, "no chat, or a call that Telegram does not know") from None
        except TelegramError as error:
            failed = failure_of(error)
            if failed.address:
                failed.address = moved_address(address, failed.address)
            raise failed from None
        return str(sent.message_id)

    async def close(self) -> None:
        """Ends what runs in the background."""
        for task in self._typing.values():
            task.cancel()
        await asyncio.gather(*self._typing.values(), return_exceptions=True)

    async def _call(self, chat: int, message: Outgoing, *, reply_to: int | None) -> Message:
        reply = ReplyParameters(reply_to, allow_sending_without_reply=True) if reply_to and chat < 0 else None
        to: dict[str, Any] = {"chat_id": chat, "reply_markup": _markup(chat, message), "reply_parameters": reply}
        match message["method"]:
            case "sendMessage":
                return await self._text(to, str(message["text"]))
            case "sendVenue" | "sendLocation":
                place = {name: message[name] for name in ("latitude", "longitude")}
                if message["method"] == "sendLocation":
                    return await self.bot.send_location(**to, **place)
                return await self.bot.send_venue(**to, **place, title=message["title"], address=message["address"])
            case "sendPhoto":
                return await self._picture(to, message)
            case "sendDocument":
                path = self.attachments.path(str(message["document"]))
                if path is None:
                    return await self._text(to, str(message["filename"]))
                return await self.bot.send_document(**to, document=path.read_bytes(), filename=message["filename"])
        raise ValueError("unknown method")

    async def _text(self, to: Mapping[str, Any], text: str) -> Message:
        try:
            return await self.bot.send_message(
                **to, text=html_of(text), parse_mode=ParseMode.HTML, link_preview_options=NO_PREVIEW
            )
        except TelegramError as error:
            if not is_broken_markup(error):
                raise
            return await self.bot.send_message(**to, text=text, link_preview_options=NO_PREVIEW)

    async def _picture(self, to: Mapping[str, Any], message: Outgoing) -> Message:
        path, caption = self.attachments.path(str(message["photo"])), str(message["caption"])
        if path is None:
            return await self._text(to, caption or "…")
        content = path.read_bytes()
        try:
            return await self.bot.send_photo(**to, photo=content, caption=caption or None)
        except TelegramError as error:
            if not is_no_photo(error):
                raise
            return await self.bot.send_document(**to, document=content, filename=path.name, caption=caption or None)

    def _remember(self, address: str, message_id: int) -> None:
        """In a group a reply shows whom it answers; after a restart it is only a message without that."""
        if len(self._last_in_group) >= _MOST_REMEMBERED:
            self._last_in_group.clear()
        self._last_in_group[address] = message_id

    def _type_soon(self, address: str) -> None:
        self._stop_typing(address)
        task = asyncio.create_task(self._type(address))
        self._typing[address] = task
        task.add_done_callback(lambda done: self._typing.get(address) is done and self._typing.pop(address))

    def _stop_typing(self, address: str) -> None:
        task = self._typing.pop(address, None)
        if task is not None:
            task.cancel()

    async def _type(self, address: str) -> None:
        await asyncio.sleep(_SECONDS_UNTIL_TYPING)
        if self._typing_throttle.delay() > 0:
            return
        self._typing_throttle.count(shared_by=1)
        with contextlib.suppress(TelegramError, ValueError):
            await self.bot.send_chat_action(chat_of(address), ChatAction.TYPING)


def _markup(chat: int, message: Outgoing) -> Any:
    """The buttons for this kind of chat. A message without any takes away the keyboard of an earlier question."""
    if "buttons" not in message:
        return None
    buttons = message["buttons"] or {}
    if chat > 0 and buttons.get("private"):
        return buttons["private"]
    return buttons.get("inline") or (_REMOVE if chat > 0 else None)
