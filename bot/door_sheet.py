"""The sheet of codes for the doors of the expo's rooms: one page a room, whole in one file, ready to print."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

import segno
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from actions.expo.door import START
from actions.expo.wording import room_name
from actions.programme.edition import Edition, Localised
from actions.reply import Say, Words
from actions.texts import Texts, with_directions
from nlu.programme_words import door_code
from nlu.understanding import Language

_TEMPLATE = "door_sheet.html"
_HTML_LANGUAGE = {Language.DARIJA: ("ar-MA", "rtl"), Language.DARIJA_LATIN: ("ary-Latn", "ltr")}
_TELEGRAM_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{4,31}")
_MARKS = "\u200f\u2066\u2069"
"""Of direction, around what is one text all the same."""
_ERROR_CORRECTION = "q"
"""A quarter of a code may be dirty or torn; the links are short enough for it."""


@dataclass(frozen=True, slots=True)
class Ways:
    """The ways into the chat that the codes open; empty where there is none. Raises `ValueError` for what is none.

    `whatsapp`: a number with country code; `telegram`: the bot's user name; `page`: the address of the phone page.
    """

    whatsapp: str = ""
    telegram: str = ""
    page: str = ""

    def __post_init__(self) -> None:
        if self.whatsapp and not 8 <= len(self._digits) <= 15:
            raise ValueError(f"{self.whatsapp!r} is no number; write it with country code, such as +212600000000")
        if self.telegram and not _TELEGRAM_NAME.fullmatch(self.telegram.removeprefix("@")):
            raise ValueError(f"{self.telegram!r} is no user name of a bot; BotFather shows it, such as SalamCasaBot")
        if self.page and (urlsplit(self.page).scheme not in ("http", "https") or not urlsplit(self.page).netloc):
            raise ValueError(f"{self.page!r} is no address of a page; write it such as https://casa.example")

    @property
    def _digits(self) -> str:
        return re.sub(r"\D", "", self.whatsapp)

    def codes(self, room: str, *, demonstration: bool) -> "list[Code]":
        """The codes of one door, the most used way first."""
        found = []
        if self.whatsapp:
            address = f"https://wa.me/{self._digits}?text={quote(door_code(room))}"
            found.append(Code(Words("WhatsApp"), f"+{self._digits}", address))
        if self.telegram:
            name = self.telegram.removeprefix("@")
            found.append(Code(Words("Telegram"), f"@{name}", f"https://t.me/{name}?start={START}{room}"))
        if self.page:
            # The phone page knows the demonstration by its own clock, which the code switches on.
            asked = {"start": f"{START}{room}", **({"demo": "1"} if demonstration else {})}
            address = f"{self.page.rstrip('/')}/?{urlencode(asked)}"
            found.append(Code(Say("expo.door.sheet.page"), urlsplit(self.page).netloc, address))
        return found


@dataclass(frozen=True, slots=True)
class Code:
    """A code: where it leads in words, what somebody without a camera looks for, and the link."""

    name: Say | Words
    written: str
    address: str

    @property
    def picture(self) -> str:
        """The code as SVG with the quiet zone that scanners want; its size is the style's."""
        made = segno.make(self.address, error=_ERROR_CORRECTION, micro=False)
        return str(made.svg_inline(border=4, omitsize=True, dark="#000", light="#fff"))


@dataclass(frozen=True, slots=True)
class _Line:
    """A text and the language in which a reader, human or machine, has to take it."""

    text: str
    language: str
    direction: str


def _in_all_languages(text_in: Callable[[Language], str]) -> list[_Line]:
    """A text in the four varieties, each wording once: the two scripts of Darija and French share some."""
    found: dict[str, _Line] = {}
    for language in (Language.FRENCH, Language.DARIJA, Language.DARIJA_LATIN, Language.ENGLISH):
        tag, direction = _HTML_LANGUAGE.get(language, (language.value, "ltr"))
        text = text_in(language)
        found.setdefault(text.strip(_MARKS), _Line(text, tag, direction))
    return list(found.values())


def sheet(edition: Edition, ways: Ways, texts: Texts) -> str:
    """The whole sheet as HTML that needs no other file. Raises `ValueError` where there is nothing to open or no door."""
    if not edition.rooms:
        raise ValueError(f"{edition.id}: the edition has no rooms; add them to its file (docs/expo-format.md)")
    if not ways.codes("A", demonstration=False):
        raise ValueError("no way into the chat is known; give --whatsapp, --telegram or --page")
    pages = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

    def said(part: Say | Words) -> list[_Line]:
        return _in_all_languages(lambda language: texts.of(part, language))

    def written(words: Localised) -> list[_Line]:
        return _in_all_languages(lambda language: with_directions(words.text(language), language))

    return pages.get_template(_TEMPLATE).render(
        title=said(Say("expo.door.sheet.title")),
        edition=written(edition.name),
        notice=said(Say("expo.demo.notice")) if edition.demonstration else [],
        calls=said(Say("expo.door.sheet.call")),
        doors=[
            {
                "names": said(room_name(room.id)),
                "floors": written(room.floor),
                "writes": said(Say("expo.door.sheet.write", {"code": door_code(room.id)})),
                "codes": [
                    {"code": code, "names": said(code.name)}
                    for code in ways.codes(room.id, demonstration=edition.demonstration)
                ],
            }
            for room in edition.rooms.values()
        ],
    )
