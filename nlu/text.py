"""One shape for every way of typing the same message.

Nothing here knows a language: Unicode forms, Arabic letter variants, elongation, invisible characters and digits.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

_LETTERS_THAT_TELL = 4
MAX_CHARS = 2_000
"""What is understood of a message; beyond it people paste documents, and the meaning is at the beginning."""

_LETTER_VARIANTS = str.maketrans(
    {
        **dict.fromkeys("أإآٱ", "ا"),
        **dict.fromkeys("ىیئ", "ي"),
        "ؤ": "و",
        "ة": "ه",
        "ک": "ك",
        **dict.fromkeys("ڭݣگڮ", "ڭ"),
        "پ": "ب",
        **dict.fromkeys("ڤڥ", "ف"),
        "چ": "ش",
        "ـ": None,
        "œ": "oe",
        "æ": "ae",
        "ß": "ss",
        **dict.fromkeys("’‘`´ʼ", "'"),
        **dict.fromkeys("«»“”„", '"'),
        "،": ",",
        "؛": ";",
        "؟": "?",
        **{chr(0x0660 + digit): str(digit) for digit in range(10)},
        **{chr(0x06F0 + digit): str(digit) for digit in range(10)},
    }
)
_LETTERS_REMEMBERED = 4_096
_TEXTS_REMEMBERED = 256
"""A message is looked at by many, within one turn."""
_REPEATED = re.compile(r"([^\W\d_])\1{2,}|([^\w\s])\2+")
"""A letter three times or more, a sign twice or more."""
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_ARABIC = re.compile(r"[\u0620-\u064a\u0671-\u06d3\u06ad]")
_LATIN = re.compile(r"[a-z]")


class Word(NamedTuple):
    """A word of a normalised text; `start` and `end` count characters of that text."""

    text: str
    start: int
    end: int

    @property
    def is_arabic(self) -> bool:
        return _ARABIC.search(self.text) is not None


def clean(text: str) -> str:
    """The message as its writer meant it to be seen: no control, direction or zero-width characters, single spaces."""
    if text.isprintable():  # The usual case, ten times as fast: nothing that is filtered here can be printed.
        return " ".join(text.split())
    visible = (" " if char in "\t\n\r\v\f\u2028\u2029" else char for char in text)
    kept = (char for char in visible if unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn"))
    return " ".join("".join(kept).split())


def normalise(text: str) -> str:
    """The form in which two spellings of the same message are compared: lower case, no accents, one letter for its variants.

    At most `MAX_CHARS` characters of the cleaned text are read. Idempotent.
    """
    # One character may stand for eighteen (ﷺ), so what comes of them is cut as well.
    shown = unicodedata.normalize("NFKC", clean(text[: MAX_CHARS * 4])[:MAX_CHARS])[:MAX_CHARS].casefold()
    lettered = shown.translate(_LETTER_VARIANTS)
    recomposed = lettered if lettered.isascii() else _without_marks(lettered).translate(_LETTER_VARIANTS)
    short = _REPEATED.sub(r"\1\2", recomposed)
    return " ".join(short.split())[:MAX_CHARS].rstrip()


def _without_marks(text: str) -> str:
    return unicodedata.normalize("NFC", text.translate(_BARE))


class _BareLetters(dict[int, str]):
    """What is left of a character without its marks, for `str.translate`; remembers those of the alphabets people use."""

    def __missing__(self, code: int) -> str:
        apart = unicodedata.normalize("NFD", chr(code))
        bare = "".join(char for char in apart if unicodedata.category(char) != "Mn")
        if len(self) < _LETTERS_REMEMBERED:
            self[code] = bare
        return bare


_BARE = _BareLetters()


@lru_cache(maxsize=_TEXTS_REMEMBERED)
def words(normalised: str) -> tuple[Word, ...]:
    """The words of a normalised text in order; an apostrophe inside a word stays in it."""
    return tuple(Word(match.group(), match.start(), match.end()) for match in _WORD.finditer(normalised))


def longest_by_first_word(phrases: Iterable[str]) -> dict[str, int]:
    """The first word of each phrase to the number of words of the longest that begins so."""
    longest: dict[str, int] = {}
    for phrase in phrases:
        first, *rest = phrase.split(" ")
        longest[first] = max(longest.get(first, 0), 1 + len(rest))
    return longest


def arabic_letters(text: str) -> int:
    return len(_ARABIC.findall(text))


def latin_letters(text: str) -> int:
    return len(_LATIN.findall(text))


def tells_something(text: str) -> bool:
    """Whether there is something to understand: letters, and not one over and over."""
    normalised = normalise(text)
    if not arabic_letters(normalised) and not latin_letters(normalised):
        return False
    # One letter over and over, a phone in a pocket: any n-gram of it would decide.
    return len(text) < _LETTERS_THAT_TELL or len(set(filter(str.isalnum, normalised))) != 1
