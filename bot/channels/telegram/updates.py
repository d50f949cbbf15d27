"""Updates: whom they are from, whether the assistant is meant, and what they say in no channel's terms.

An edited text counts as a new message within five minutes of the first: people mend a typo to be understood. Later edits,
and those of a location that moves, say nothing new. In groups only what is addressed to the assistant is even stored.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from telegram import Bot, CallbackQuery, Document, Message, MessageEntity, Update, User
from telegram.constants import ChatMemberStatus, ChatType

from actions.turn import Incoming
from bot import allowance
from bot.attachments import MAX_BYTES, Attachments, CannotKeep
from bot.channels.channel import Raw
from bot.channels.phone import MAX_TEXT, storable
from bot.channels.telegram import keyboard
from bot.channels.telegram.api import FileRefused, fetch_file
from bot.channels.telegram.commands import meaning_of
from nlu.understanding import Language

KINDS = ("message", "edited_message", "callback_query", "my_chat_member")
"""The kinds of update that are asked for."""
EDITS_COUNT_FOR = timedelta(minutes=5)
_LANGUAGES = {"fr": Language.FRENCH, "ar": Language.DARIJA, "en": Language.ENGLISH}
_STALE = "stale"
"""A payload that no action knows: it gets the menu."""
_UNUSABLE = ("contact", "sticker", "video", "video_note", "animation", "audio", "document", "poll", "dice", "story")


def update_of(raw: Raw, bot: Bot) -> Update:
    """The update in the library's types; raises `ValueError` for what is none."""
    try:
        update = Update.de_json(dict(raw), bot)
    except Exception as error:  # The library raises whatever the shape of the data leads to.
        raise ValueError(f"no update of Telegram: {type(error).__name__}") from None
    if update is None or not any(getattr(update, kind) for kind in KINDS):
        raise ValueError("an update of a kind that was not asked for")
    return update


def address_of(raw: Raw) -> str:
    """Where a reply goes and whose conversation it is: the chat; in a group the chat and the person. Empty: nobody known."""
    body: Mapping[str, Any] = next((raw[kind] for kind in KINDS if isinstance(raw.get(kind), dict)), {})
    chat = (body.get("message") or body).get("chat") or {}
    sender = body.get("from") or {}
    if not isinstance(chat.get("id"), int):
        return ""
    return str(chat["id"]) if chat.get("type") == ChatType.PRIVATE else f"{chat['id']}:{sender.get('id', 0)}"


def album_of(raw: Raw) -> str | None:
    """What Telegram calls the album that a photo belongs to."""
    message = raw.get("message")
    group = message.get("media_group_id") if isinstance(message, dict) else None
    return str(group) if group else None


def chat_of(address: str) -> int:
    """The chat of an address; raises `ValueError`."""
    return int(address.partition(":")[0])


def moved_address(address: str, chat: str) -> str:
    """The same person's address after the group has become `chat`."""
    _, colon, person = address.partition(":")
    return f"{chat}{colon}{person}"


def says_something(update: Update) -> bool:
    """False for what nobody needs to answer: a location that moves, a late edit, a bot, somebody who left."""
    if update.callback_query:
        return update.callback_query.message is not None
    if update.my_chat_member:
        member = update.my_chat_member
        came = member.old_chat_member.status in (ChatMemberStatus.LEFT, ChatMemberStatus.BANNED)
        here = member.new_chat_member.status in (ChatMemberStatus.MEMBER, ChatMemberStatus.ADMINISTRATOR)
        return member.chat.type in (ChatType.GROUP, ChatType.SUPERGROUP) and came and here
    message = update.message or update.edited_message
    if message is None or (message.from_user and message.from_user.is_bot):
        return False
    if update.edited_message:
        late = message.edit_date is None or message.edit_date - message.date > EDITS_COUNT_FOR
        return bool(message.text or message.caption) and not late
    return bool(message.text or message.effective_attachment or message.location)


def is_addressed(update: Update, me: User) -> bool:
    """Whether a message is meant for the assistant: in private always, in a group when it says so."""
    message = update.message or update.edited_message
    if message is None or message.chat.type == ChatType.PRIVATE:
        return True
    answered = message.reply_to_message.from_user if message.reply_to_message else None
    if answered and answered.id == me.id:
        return True
    for entity, words in _marks(message):
        match entity.type:
            case MessageEntity.MENTION if words.lower() == f"@{me.username}".lower():
                return True
            case MessageEntity.TEXT_MENTION if entity.user and entity.user.id == me.id:
                return True
            case MessageEntity.BOT_COMMAND if entity.offset == 0:
                _, at, whose = words.partition("@")
                return not at or whose.lower() == str(me.username).lower()
    return False


def _marks(message: Message) -> list[tuple[MessageEntity, str]]:
    return [*message.parse_entities().items(), *message.parse_caption_entities().items()]


@dataclass(frozen=True)
class Reader:
    """Makes an `Incoming` of an update; fetches and stores what comes with it."""

    bot: Bot
    attachments: Attachments
    name: Callable[[], Awaitable[str]]
    """The assistant's user name, which is left out of what people write to it in groups."""

    async def incoming(self, update: Update) -> Incoming | None:
        """Raises `TelegramError` when a file may be fetched later."""
        if not says_something(update):
            return None
        if update.my_chat_member:
            return Incoming(choice="i:greet")
        person = update.effective_user
        code = (person.language_code or "")[:2] if person else ""
        language = _LANGUAGES.get(code)
        if update.callback_query:
            return replace(_tapped(update.callback_query), language=language)
        message = update.message or update.edited_message
        if message is None:
            return None
        found = await self._message(message, edited=update.edited_message is not None)
        return replace(found, language=language)

    async def _message(self, message: Message, *, edited: bool) -> Incoming:
        words = storable(await self._words(message))[:MAX_TEXT]
        if edited or message.text:
            return _said(message, words)
        if message.location:
            return Incoming(location=(message.location.latitude, message.location.longitude))
        if message.photo:
            sizes = [size for size in message.photo if (size.file_size or 0) <= MAX_BYTES] or message.photo[:1]
            return await self._photo(message, sizes[-1].file_id, words)
        if message.document and _is_picture(message.document):
            return await self._photo(message, message.document.file_id, words, offer_place=True)
        if message.voice:
            return await self._voice(message, message.voice.file_id)
        kind = next((kind for kind in _UNUSABLE if getattr(message, kind)), "unknown")
        return Incoming(other=kind, text=words or None)

    async def _words(self, message: Message) -> str:
        """Text or caption, without the assistant's name where a group's message begins or ends with it."""
        words = message.text or message.caption or ""
        if message.chat.type == ChatType.PRIVATE:
            return words
        mention = f"@{await self.name()}".lower()
        kept = [word for word in words.split(" ") if word.strip(",:;!?").lower() != mention]
        return " ".join(kept).strip()

    async def _photo(self, message: Message, file_id: str, words: str, *, offer_place: bool = False) -> Incoming:
        try:
            content = await fetch_file(self.bot, file_id, max_bytes=MAX_BYTES)
            photo = await self.attachments.keep_photo(content, whose=_charged(message))
        except FileRefused as refused:
            return Incoming(other=refused.reason, text=words or None)
        except CannotKeep as error:
            return Incoming(other=error.code, text=words or None)
        place = await self.attachments.place_of(content) if offer_place else None
        return Incoming(photo=photo, text=words or None, photo_location=place)

    async def _voice(self, message: Message, file_id: str) -> Incoming:
        """Answered the same whether it is kept or not."""
        try:
            content = await fetch_file(self.bot, file_id, max_bytes=MAX_BYTES)
            return Incoming(voice=await self.attachments.keep_voice(content, whose=_charged(message)))
        except FileRefused as refused:
            return Incoming(other=refused.reason)
        except CannotKeep:
            return Incoming(other="voice")


def _charged(message: Message) -> dict[str, int]:
    """Whose day's allowance a file takes: in a group the person's, not the group's."""
    sender = message.from_user or message.chat
    return allowance.of_person("telegram", str(sender.id))


def _said(message: Message, words: str) -> Incoming:
    command = next(
        (text for entity, text in _marks(message) if entity.type == "bot_command" and not entity.offset), None
    )
    if command is None:
        return Incoming(text=words)
    return meaning_of(command[1:].partition("@")[0], words[len(command) :])


def _tapped(query: CallbackQuery) -> Incoming:
    """A tap says its payload. Of a long one only the hash came: then it says the button's words."""
    data = query.data or ""
    if not keyboard.is_hashed(data):
        return Incoming(choice=data[:200] or _STALE)
    label = keyboard.label_of(data, query.message.to_dict()) if query.message else None
    return Incoming(text=label) if label else Incoming(choice=_STALE)


def _is_picture(document: Document) -> bool:
    return (document.mime_type or "").startswith("image/")
