"""What a reply becomes on Telegram and on WhatsApp, made by the channels' own rendering, for the staff desk to look at."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from actions.reply import Reply
from actions.texts import Texts
from bot.channels.telegram import rendering as telegram
from bot.channels.whatsapp.formatting import size
from bot.channels.whatsapp.rendering import MAX_BODY, MAX_TEMPLATE_BODY, Renderer
from bot.channels.whatsapp.templates import Sids
from nlu.understanding import Language
from staff.previews import Preview, Shown
from store import whatsapp as whatsapp_store


class Previews:
    """Renders without sending."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts

    async def __call__(self, session: AsyncSession, reply: Reply, language: Language) -> Sequence[Preview]:
        known = await whatsapp_store.templates(session)
        usable = {name: found.sid for name, found in known.items() if found.status in whatsapp_store.USABLE}
        parts = self._texts.render(reply, language)
        sids = Sids(usable)
        calls = telegram.render(parts, self._texts, language)
        messages = Renderer(self._texts, sids).render(parts, language, None)
        lists = {sids.of("list", language, count) for count in range(1, 11)} - {None}
        button = self._texts.text("whatsapp.list_button", language)
        return [
            Preview("Telegram", tuple(_on_telegram(call) for call in calls if call.get("text"))),
            Preview("WhatsApp", tuple(_on_whatsapp(message, lists, button) for message in messages)),
        ]


def _on_telegram(call: Mapping[str, Any]) -> Shown:
    text = str(call["text"])
    keyboard = ((call.get("buttons") or {}).get("inline") or {}).get("inline_keyboard") or []
    rows = tuple(tuple(str(button["text"]) for button in row) for row in keyboard)
    return Shown(text, size(text), telegram.MAX_TEXT, rows)


def _on_whatsapp(message: Mapping[str, Any], lists: set[str | None], button: str) -> Shown:
    body = str(message.get("body") or "")
    variables = message.get("content_variables")
    if not variables:
        return Shown(body, size(body), MAX_BODY)
    values = json.loads(variables) if isinstance(variables, str) else variables
    titles = tuple((str(values[str(place)]),) for place in range(2, len(values) + 1, 2))
    opens = button if message.get("content_sid") in lists else ""
    text = str(values["1"])
    return Shown(text, size(text), MAX_TEMPLATE_BODY, titles, opens)
