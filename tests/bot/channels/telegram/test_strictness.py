"""The local Telegram refuses what Telegram would: a test that passes against it says something."""

import json
from typing import Any

import httpx
import pytest
from telegram.constants import BotCommandLimit

from actions.texts import Texts
from bot.channels.telegram.api import PollingBot
from bot.channels.telegram.commands import introduce
from tests.bot.fake_telegram import TOKEN, FakeTelegram

HELLO = {"chat_id": 42, "text": "Bonjour"}


def inline(*rows: int, data: str = "x") -> dict[str, str]:
    keyboard = [[{"text": "Oui", "callback_data": data}] * count for count in rows]
    return {"reply_markup": json.dumps({"inline_keyboard": keyboard})}


@pytest.mark.parametrize(
    ("method", "fields"),
    [
        ("sendMessage", {"chat_id": 42}),
        ("sendMessage", HELLO | {"text": " "}),
        ("sendMessage", HELLO | {"text": "a" * 4_097}),
        ("sendMessage", HELLO | {"text": "🚋" * 2_049}),
        ("sendMessage", HELLO | {"colour": "red"}),
        ("sendMessage", HELLO | {"text": "<b>Bonjour", "parse_mode": "HTML"}),
        ("sendMessage", HELLO | {"text": "<vous>", "parse_mode": "HTML"}),
        ("sendMessage", HELLO | inline(9)),
        ("sendMessage", HELLO | inline(*[8] * 13)),
        ("sendMessage", HELLO | inline(1, data="ش" * 33)),
        ("sendMessage", HELLO | inline(1, data="")),
        ("sendVenue", {"chat_id": 42, "latitude": 33.5, "longitude": -7.6, "title": "Marché"}),
        ("sendVenue", {"chat_id": 42, "latitude": 33.5, "longitude": -7.6, "title": "Marché", "address": ""}),
        ("sendPhoto", {"chat_id": 42, "photo": "http://127.0.0.1/photo.png"}),
        ("setMyCommands", {"commands": json.dumps([{"command": "Aide", "description": "x"}])}),
        ("setMyCommands", {"commands": "[]", "language_code": "ary"}),
        ("answerCallbackQuery", {"callback_query_id": "never"}),
        ("sendTelepathy", HELLO),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_a_wrong_call_is_refused_and_noted(telegram: FakeTelegram, method: str, fields: dict[str, Any]) -> None:
    async with httpx.AsyncClient(base_url=f"{telegram.url}/bot{TOKEN}/") as client:
        answer = await client.post(method, data=fields)
    assert (answer.status_code in (400, 404), len(telegram.violations), telegram.sent) == (True, 1, [])


@pytest.mark.parametrize(
    "fields",
    [
        HELLO | {"text": "a" * 4_096},
        HELLO | {"text": f"{'&amp;' * 4_096}", "parse_mode": "HTML"},
        HELLO | inline(8),
        HELLO | inline(*[8] * 12, 4),
        HELLO | inline(1, data="ش" * 32),
    ],
    ids=["4096", "4096 after entities", "a full row", "a hundred", "64 bytes"],
)
async def test_what_is_just_within_the_limits_is_taken(telegram: FakeTelegram, fields: dict[str, Any]) -> None:
    async with httpx.AsyncClient(base_url=f"{telegram.url}/bot{TOKEN}/") as client:
        answer = await client.post("sendMessage", data=fields)
    assert (answer.status_code, telegram.violations) == (200, [])


async def test_commands_and_descriptions_are_set_in_three_languages(
    telegram: FakeTelegram, bot: PollingBot, texts: Texts
) -> None:
    await introduce(bot, texts)
    commands = {
        fields.get("language_code", ""): [command["command"] for command in fields["commands"]]
        for name, fields in telegram.calls
        if name == "setMyCommands"
    }
    assert commands == {
        "": ["aide", "signaler", "suivi", "trajet", "expo", "langue", "donnees"],
        "ar": ["mousa3ada", "bellegh", "tabe3", "tri9", "expo", "lougha", "ma3loumat"],
        "en": ["help", "report", "track", "directions", "expo", "language", "mydata"],
    }
    assert all(len(names) <= BotCommandLimit.MAX_COMMAND_NUMBER for names in commands.values())
    descriptions = [fields["description"] for name, fields in telegram.calls if name == "setMyDescription"]
    assert ["15" in description and "19" in description for description in descriptions] == [True] * 3
    assert telegram.violations == []
