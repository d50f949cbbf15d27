"""Plays the golden conversations of this folder: what people send, and what must stand in the reply.

Each file is a list of conversations; see the first one for the fields. `{number}` stands for the number of the request
that was filed last.
"""

import io
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from PIL import Image

from actions.turn import House
from nlu.times import CASABLANCA
from tests.bot.pictures import voice_note
from tests.conftest import NOON, Person, Talk, payloads_of, text_of

CONVERSATIONS = [
    (path.stem, conversation)
    for path in sorted(Path(__file__).parent.glob("*.yml"))
    for conversation in yaml.safe_load(path.read_text(encoding="utf-8"))
]
_NUMBER = re.compile(r"\b[2-9A-Z]{3}-[2-9A-Z]{3}\b")
_FIELDS = {
    "says",
    "chooses",
    "location",
    "photo",
    "voice",
    "other",
    "language",
    "contains",
    "lacks",
    "offers",
    "at",
    "pin",
    "picture",
    "file",
}


def test_there_are_enough_in_every_variety() -> None:
    languages = [turn["language"] for _, c in CONVERSATIONS for turn in c["turns"] if "language" in turn]
    assert len(CONVERSATIONS) >= 60
    assert {language for language in languages if languages.count(language) >= 10} == {"fr", "ary", "ary-Latn", "en"}


@pytest.mark.parametrize(
    "conversation", [c for _, c in CONVERSATIONS], ids=[f"{file}: {c['name']}" for file, c in CONVERSATIONS]
)
async def test_conversation(conversation: dict[str, Any], talk: Talk, expo_house: House) -> None:
    house = expo_house if conversation.get("expo") == "demo" else None
    async with talk(at=_moment(conversation.get("at")), in_house=house) as person:
        number = "7K3-42R"
        for turn in conversation["turns"]:
            assert set(turn) <= _FIELDS, f"unknown field in {turn}"
            if "at" in turn:
                person.at = _moment(turn["at"])
            parts = await _send(person, turn, number)
            found = _NUMBER.search(text_of(parts))
            number = found.group() if found else number
            _check(turn, parts, number)


async def _send(person: Person, turn: dict[str, Any], number: str) -> list[dict[str, Any]]:
    if "says" in turn:
        return await person.says(str(turn["says"]).replace("{number}", number))
    if "chooses" in turn:
        return await person.sends(choice=turn["chooses"].replace("{number}", number))
    if "location" in turn:
        return await person.sends(location=tuple(turn["location"]))
    if "photo" in turn:
        picture = io.BytesIO()
        Image.new("RGB", (64, 48), "grey").save(picture, "JPEG")
        return await person.sends(photo=person.attachments.store_photo(picture.getvalue()))
    if "voice" in turn:
        return await person.sends(voice=person.attachments.store_voice(voice_note()))
    return await person.sends(other=turn["other"])


def _check(turn: dict[str, Any], parts: list[dict[str, Any]], number: str) -> None:
    text = text_of(parts)
    assert text, f"silence after {turn}"
    for wanted in turn.get("contains", ()):
        assert wanted.replace("{number}", number) in text, f"{wanted!r} is not in the reply to {turn}:\n{text}"
    for unwanted in turn.get("lacks", ()):
        assert unwanted not in text, f"{unwanted!r} is in the reply to {turn}:\n{text}"
    for payload in turn.get("offers", ()):
        assert payload.replace("{number}", number) in payloads_of(parts), f"{payload} is not offered after {turn}"
    if "language" in turn:
        assert {part["language"] for part in parts if part["type"] == "text"} == {turn["language"]}, text
    if turn.get("pin"):
        assert any(part["type"] == "location" for part in parts)
    if "file" in turn:
        assert [part["name"] for part in parts if part["type"] == "file"] == [turn["file"]]
    if turn.get("picture"):
        assert any(part["type"] == "picture" for part in parts)


def _moment(written: str | None) -> datetime:
    if written is None:
        return NOON
    moment = datetime.fromisoformat(str(written))
    return moment if moment.tzinfo else moment.replace(tzinfo=CASABLANCA)
