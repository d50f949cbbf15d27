"""Which methods there are, what each needs and takes, and what Telegram refuses; limits are those of `telegram.constants`."""

import html.parser
import json
import re
from typing import Any

from telegram.constants import (
    BotCommandLimit,
    BotDescriptionLimit,
    CallbackQueryLimit,
    ChatAction,
    InlineKeyboardButtonLimit,
    InlineKeyboardMarkupLimit,
    MessageLimit,
    ParseMode,
    ReplyLimit,
    WebhookLimit,
)

_SENDING = {"reply_markup", "reply_parameters", "disable_notification", "protect_content", "message_thread_id"}
_TEXTUAL = {"parse_mode", "entities", "caption_entities"}
METHODS: dict[str, tuple[set[str], set[str]]] = {
    "getMe": (set(), set()),
    "getUpdates": (set(), {"offset", "limit", "timeout", "allowed_updates"}),
    "setWebhook": ({"url"}, {"secret_token", "allowed_updates", "max_connections", "drop_pending_updates"}),
    "deleteWebhook": (set(), {"drop_pending_updates"}),
    "getWebhookInfo": (set(), set()),
    "sendMessage": ({"chat_id", "text"}, _SENDING | _TEXTUAL | {"link_preview_options"}),
    "sendPhoto": ({"chat_id", "photo"}, _SENDING | _TEXTUAL | {"caption"}),
    "sendDocument": ({"chat_id", "document"}, _SENDING | _TEXTUAL | {"caption", "disable_content_type_detection"}),
    "sendVenue": ({"chat_id", "latitude", "longitude", "title", "address"}, _SENDING),
    "sendLocation": ({"chat_id", "latitude", "longitude"}, _SENDING),
    "sendChatAction": ({"chat_id", "action"}, {"message_thread_id"}),
    "answerCallbackQuery": ({"callback_query_id"}, {"text", "show_alert", "cache_time"}),
    "getFile": ({"file_id"}, set()),
    "setMyCommands": ({"commands"}, {"scope", "language_code"}),
    "setMyDescription": (set(), {"description", "language_code"}),
    "setMyShortDescription": (set(), {"short_description", "language_code"}),
}
"""By method the fields it needs and those it may have besides."""
SENDS = frozenset(name for name, (needed, _) in METHODS.items() if "chat_id" in needed and name != "sendChatAction")
_TAGS = {"b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "code", "pre", "a", "blockquote", "tg-spoiler"}


class Refusal(Exception):
    """An answer that is no success; `violation` for what no right client would ever send."""

    def __init__(self, status: int, description: str, *, violation: bool = True, **parameters: int) -> None:
        super().__init__(description)
        self.status = status
        self.parameters = parameters
        self.violation = violation


def bad(description: str) -> Refusal:
    return Refusal(400, f"Bad Request: {description}")


def read(method: str, fields: dict[str, Any]) -> dict[str, Any]:
    """The fields with JSON read; raises `Refusal` for what Telegram would not take."""
    if method not in METHODS:
        raise Refusal(404, "Not Found: method not found")
    needed, optional = METHODS[method]
    for name in needed - set(fields):
        raise bad(f"parameter {name!r} is required" if name != "text" else "message text is empty")
    if set(fields) - needed - optional:
        raise bad(f"{method} does not know {sorted(set(fields) - needed - optional)}")
    structured = {"reply_markup", "reply_parameters", "commands", "allowed_updates", "link_preview_options", "scope"}
    values = {
        name: json.loads(value) if name in structured and isinstance(value, str) else value
        for name, value in fields.items()
    }
    _check(method, values)
    return values


def _check(method: str, fields: dict[str, Any]) -> None:
    if "text" in fields and method == "sendMessage":
        _check_text(fields["text"], fields.get("parse_mode"), MessageLimit.MAX_TEXT_LENGTH, "message is too long")
        if not shown(fields["text"], fields.get("parse_mode")).strip():
            raise bad("message text is empty")
    if "caption" in fields:
        _check_text(
            fields["caption"], fields.get("parse_mode"), MessageLimit.CAPTION_LENGTH, "message caption is too long"
        )
    if "reply_markup" in fields:
        _check_markup(fields["reply_markup"], private=int(fields["chat_id"]) > 0)
    match method:
        case "sendVenue":
            if not fields["title"].strip() or not fields["address"].strip():
                raise bad("venue title and address must be non-empty")
        case "sendChatAction":
            if fields["action"] not in set(ChatAction):
                raise bad("wrong parameter action in request")
        case "answerCallbackQuery":
            if len(fields.get("text", "")) > CallbackQueryLimit.ANSWER_CALLBACK_QUERY_TEXT_LENGTH:
                raise bad("MESSAGE_TOO_LONG")
        case "setMyCommands":
            _check_commands(fields["commands"])
        case "setWebhook":
            secret = fields.get("secret_token", "")
            if not re.fullmatch(rf"[A-Za-z0-9_-]{{0,{WebhookLimit.MAX_SECRET_TOKEN_LENGTH}}}", secret):
                raise bad("secret token contains unallowed characters")
        case "setMyDescription":
            if len(fields.get("description", "")) > BotDescriptionLimit.MAX_DESCRIPTION_LENGTH:
                raise bad("description is too long")
        case "setMyShortDescription":
            if len(fields.get("short_description", "")) > BotDescriptionLimit.MAX_SHORT_DESCRIPTION_LENGTH:
                raise bad("short description is too long")
    if not re.fullmatch("[a-z]{2}|", fields.get("language_code", "")):
        raise bad("invalid language code specified")


def shown(text: str, parse_mode: str | None) -> str:
    """What people see of a text; raises `Refusal` for broken HTML."""
    if parse_mode is None:
        return text
    if parse_mode != ParseMode.HTML:
        raise bad("unsupported parse_mode")
    reader = _Html()
    reader.feed(text)
    reader.close()
    if reader.open:
        raise Refusal(
            400, f"Bad Request: can't parse entities: Can't find end tag corresponding to start tag {reader.open[-1]!r}"
        )
    return "".join(reader.words)


class _Html(html.parser.HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag not in _TAGS:
            raise Refusal(400, f"Bad Request: can't parse entities: Unsupported start tag {tag!r}")
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            raise Refusal(400, f"Bad Request: can't parse entities: Unexpected end tag {tag!r}")

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def _check_text(text: str, parse_mode: str | None, limit: int, error: str) -> None:
    # Counted in UTF-16 units: the stricter of the two ways in which it is documented.
    if len(shown(text, parse_mode).encode("utf-16-le")) // 2 > limit:
        raise bad(error)


def _check_markup(markup: dict[str, Any], *, private: bool) -> None:
    if "inline_keyboard" in markup:
        _check_inline(markup["inline_keyboard"])
    elif "keyboard" in markup:
        for row in markup["keyboard"]:
            for button in row:
                if not button.get("text"):
                    raise bad("keyboard button text must be non-empty")
                if button.get("request_location") and not private:
                    raise bad("location can be requested in private chats only")
        if len(markup.get("input_field_placeholder", "x")) > ReplyLimit.MAX_INPUT_FIELD_PLACEHOLDER:
            raise bad("placeholder is too long")
    elif not markup.get("remove_keyboard"):
        raise bad("object expected as reply markup")


def _check_inline(rows: list[list[dict[str, Any]]]) -> None:
    buttons = [button for row in rows for button in row]
    if any(len(row) > InlineKeyboardMarkupLimit.BUTTONS_PER_ROW or not row for row in rows):
        raise bad("a row has one to eight buttons")
    if not 0 < len(buttons) <= InlineKeyboardMarkupLimit.TOTAL_BUTTON_NUMBER:
        raise bad("reply markup is too long")
    for button in buttons:
        if set(button) - {"text"} != {"callback_data"} or not button["text"].strip():
            raise bad("text buttons are unallowed in the inline keyboard")
        size = len(button["callback_data"].encode())
        if not InlineKeyboardButtonLimit.MIN_CALLBACK_DATA <= size <= InlineKeyboardButtonLimit.MAX_CALLBACK_DATA:
            raise bad("BUTTON_DATA_INVALID")


def _check_commands(commands: list[dict[str, str]]) -> None:
    if len(commands) > BotCommandLimit.MAX_COMMAND_NUMBER:
        raise bad("too many commands")
    for command in commands:
        if not re.fullmatch("[a-z0-9_]{1,32}", command["command"]):
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= len(command["description"]) <= BotCommandLimit.MAX_DESCRIPTION:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
