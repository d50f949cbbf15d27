"""Commands: the names that are understood, in any language, and those that each language's menu shows."""

import re
from collections.abc import Mapping, Sequence

from telegram import Bot, BotCommand

from actions.texts import Texts
from actions.turn import Incoming
from nlu.understanding import Language

_INTENTS: Mapping[str, Sequence[str]] = {
    "help": ("aide", "help", "menu", "mousa3ada"),
    "report/other": ("signaler", "report", "bellegh"),
    "request/list": ("suivi", "track", "tabe3"),
    "transport/directions": ("trajet", "directions", "tri9"),
    "expo/overview": ("expo",),
    "change_language": ("langue", "language", "lougha"),
    "talk_to_human": ("agent", "human"),
    "my_data": ("donnees", "mydata", "privacy", "ma3loumat"),
    "cancel": ("annuler", "cancel", "stop"),
}
_SHOWN = ("help", "report/other", "request/list", "transport/directions", "expo/overview", "change_language", "my_data")
_POSITION_OF_NAME = {Language.FRENCH: 0, Language.ENGLISH: 1, Language.DARIJA: -1}
"""Which of the names a menu shows: the first in French, the second in English, the last in Darija."""
_CODES = {Language.FRENCH: "", Language.DARIJA: "ar", Language.ENGLISH: "en"}
"""French is what everybody sees whose language is none of these; for Darija Telegram knows no code but that of Arabic."""
_BY_NAME = {name: intent for intent, names in _INTENTS.items() for name in names}
_PARAMETER = re.compile(r"[A-Za-z0-9_-]{1,64}")


def meaning_of(name: str, rest: str) -> Incoming:
    """What a command says. One with words behind it says these words; an unknown one is taken for a word."""
    name, rest = name.lower(), rest.strip()
    if name == "start":
        # The link behind a QR code on a door: t.me/<bot>?start=<parameter>.
        return Incoming(choice=f"start:{rest}" if _PARAMETER.fullmatch(rest) else "i:greet")
    intent = _BY_NAME.get(name)
    if intent is None:
        return Incoming(text=f"{name.replace('_', ' ')} {rest}".strip())
    return Incoming(text=rest) if rest else Incoming(choice=f"i:{intent}")


def menu(language: Language, texts: Texts) -> list[BotCommand]:
    """The commands that Telegram offers, with what they do."""
    names = {intent: _INTENTS[intent] for intent in _SHOWN}
    position = _POSITION_OF_NAME[language]
    return [
        BotCommand(shown[min(position, len(shown) - 1)], texts.text(f"telegram.command.{intent}", language))
        for intent, shown in names.items()
    ]


async def introduce(bot: Bot, texts: Texts) -> None:
    """Tells Telegram the commands and what the assistant is, in every language. Raises `TelegramError`."""
    for language, code in _CODES.items():
        await bot.set_my_commands(menu(language, texts), language_code=code)
        await bot.set_my_description(texts.text("telegram.description", language), language_code=code)
        await bot.set_my_short_description(texts.text("telegram.short_description", language), language_code=code)
