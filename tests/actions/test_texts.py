"""Catalogues: complete, formattable, and readable from right to left."""

import string
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from actions.reply import File, Picture, Reply, Words
from actions.texts import Texts, UnknownText, with_directions
from bot.settings import PROJECT
from nlu.understanding import Language

FOLDER = PROJECT / "data" / "texts"
ROOMS = sorted(path.name for path in (FOLDER / "fr").glob("*.po"))


def _messages(language: Language, room: str) -> dict[str, list[str]]:
    with (FOLDER / language.value / room).open("rb") as file:
        catalogue = read_po(file)
    return {
        message.id if isinstance(message.id, str) else message.id[0]: [message.string]
        if isinstance(message.string, str)
        else list(message.string)
        for message in catalogue
        if message.id
    }


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("room", ROOMS)
@pytest.mark.parametrize("language", list(Language))
def test_every_language_has_every_text_with_the_same_placeholders(language: Language, room: str) -> None:
    french, other = _messages(Language.FRENCH, room), _messages(language, room)
    assert set(other) == set(french)
    for key, forms in other.items():
        assert all(forms), f"{key} is empty in {language}"
        allowed = set().union(*map(_placeholders, french[key])) | {"count"}
        assert all(_placeholders(form) <= allowed for form in forms), key


def test_unknown_texts_are_errors(texts: Texts) -> None:
    with pytest.raises(UnknownText):
        texts.text("no.such.text", Language.FRENCH)


def test_arabic_plurals_are_chosen(texts: Texts) -> None:
    forms = [texts.text("request.photos", Language.DARIJA, count=count) for count in (1, 2, 3)]
    assert forms == ["تصويرة وحدة", "جوج تصاور", "3 تصاور"]


@pytest.mark.parametrize(
    ("plain", "marked"),
    [
        ("عيط ل 37 37 دابا", "\u200fعيط ل \u206637 37\u2069 دابا"),
        ("الطلب 7K3-42R تسجل.", "\u200fالطلب \u20667K3-42R\u2069 تسجل."),
        ("شوف chikaya.ma.", "\u200fشوف \u2066chikaya.ma\u2069."),
        (
            "شوف https://example.org/?a=1&b=33.5,-7.6",
            "\u200fشوف \u2066https://example.org/?a=1&b=33.5,-7.6\u2069",
        ),
        ("واحد\n\nجوج", "\u200fواحد\n\n\u200fجوج"),
    ],
)
def test_numbers_and_names_are_isolated_in_arabic_letters(plain: str, marked: str) -> None:
    assert with_directions(plain, Language.DARIJA) == marked


def test_other_scripts_get_no_marks() -> None:
    assert with_directions("Appelez le 37 37", Language.FRENCH) == "Appelez le 37 37"


def test_no_text_stands_in_code() -> None:
    """Decision 4: no answer text, number or price in code."""
    arabic = [
        f"{path.name}:{number}"
        for folder in ("actions", "bot", "store")
        for path in sorted(Path(PROJECT / folder).rglob("*.py"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if any("\u0620" <= char <= "\u064a" for char in line) and '"""' not in line and "#" not in line
    ]
    assert arabic == []


def test_pictures_and_files_are_parts_of_a_reply(texts: Texts) -> None:
    reply = Reply((Picture("0a.png", Words("الخريطة ديال T1")), File("0b.ics", "agenda.ics", "text/calendar")))
    assert texts.render(reply, Language.DARIJA) == [
        {"type": "picture", "reference": "0a.png", "alt": "\u200fالخريطة ديال \u2066T1\u2069"},
        {"type": "file", "reference": "0b.ics", "name": "agenda.ics", "media_type": "text/calendar"},
    ]
