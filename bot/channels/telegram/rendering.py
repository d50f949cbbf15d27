"""A reply as calls of the Bot API within its limits, and a plain text as HTML.

A call is plain JSON, since it waits in the outbox: `method`, its fields, and `buttons` for the chat to be known when it is
sent: `{"inline": …, "private": …}`, where groups get the inline keyboard, for nobody's location may be asked for there.
"""

import html
import re
from collections.abc import Mapping, Sequence
from typing import Any

from telegram.constants import MessageLimit

from actions.requests.numbers import read_number
from actions.texts import Texts
from bot.channels.channel import Outgoing
from bot.channels.telegram import keyboard
from bot.channels.whatsapp.formatting import one_line, split
from nlu.understanding import Language

MAX_TEXT = int(MessageLimit.MAX_TEXT_LENGTH)
MAX_CAPTION = int(MessageLimit.CAPTION_LENGTH)
_NUMBER = re.compile(r"\b[0-9A-Z]{3}-[0-9A-Z]{3}\b")
Json = dict[str, Any]


def render(parts: Sequence[Mapping[str, Any]], texts: Texts, language: Language) -> list[Outgoing]:
    """The calls in order: texts that follow each other are one message; buttons stand under the last message."""
    calls: list[Json] = []
    words: list[str] = []
    choices: keyboard.Choices = ()
    asks_location = False
    for part in parts:
        match part.get("type"):
            case "text":
                words.append(str(part["text"]))
                continue
            case "choices":
                choices = part["choices"]
                continue
            case "ask_location":
                asks_location = True
                continue
        calls += [*_texts(words), *_medium(part, texts, language)]
        words = []
    calls += _texts(words)
    if not calls and (choices or asks_location):
        calls = [{"method": "sendMessage", "text": texts.text("telegram.choose", language)}]
    if calls:
        calls[-1]["buttons"] = _buttons(choices, asks_location, texts, language)
    return list(calls)


def _texts(words: Sequence[str]) -> list[Json]:
    together = "\n\n".join(word for word in words if word.strip())
    return [{"method": "sendMessage", "text": piece} for piece in split(together, MAX_TEXT)]


def _medium(part: Mapping[str, Any], texts: Texts, language: Language) -> list[Json]:
    match part.get("type"):
        case "location":
            where = {"latitude": float(part["lat"]), "longitude": float(part["lon"])}
            title, address = one_line(str(part.get("title") or "")), one_line(str(part.get("address") or ""))
            if not title and not address:
                return [{"method": "sendLocation", **where}]
            # Telegram wants both.
            city = texts.text("telegram.city", language)
            return [{"method": "sendVenue", **where, "title": title or address, "address": (title and address) or city}]
        case "picture":
            caption, *rest = split(str(part.get("alt") or ""), MAX_CAPTION) or [""]
            return [{"method": "sendPhoto", "photo": part["reference"], "caption": caption}, *_texts(rest)]
        case "file":
            return [{"method": "sendDocument", "document": part["reference"], "filename": part["name"]}]
    return []


def _buttons(choices: keyboard.Choices, asks_location: bool, texts: Texts, language: Language) -> Json | None:
    """None: the keyboard that may still stand below the chat from an earlier question goes away."""
    buttons: Json = {}
    if choices:
        buttons["inline"] = keyboard.inline(choices)
    if asks_location:
        buttons["private"] = keyboard.with_location(texts.text("telegram.share_location", language), choices)
    return buttons or None


def html_of(text: str) -> str:
    """The text as HTML; the number of a request is copied by a touch."""
    pieces: list[str] = []
    last = 0
    for found in _NUMBER.finditer(text):
        if read_number(found.group()) is None:
            continue
        pieces += [html.escape(text[last : found.start()], quote=False), f"<code>{found.group()}</code>"]
        last = found.end()
    return "".join([*pieces, html.escape(text[last:], quote=False)])
