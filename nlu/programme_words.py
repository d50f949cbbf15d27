"""The words by which people ask about a programme: which of them tell something, and which two of them are one."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

import yaml
from rapidfuzz import fuzz

from nlu.skeleton import word_skeleton
from nlu.text import Word, normalise, words

WORDS_FILE = Path(__file__).with_name("programme_words.yml")
_ARTICLE = re.compile(r"^(?:la|the) ")
_ARTICLE_AT_END = re.compile(r" (?:la|the|l)$")
_ELISION = re.compile(r"^(?:[ldnsjcmt]|qu)'")


def parts(text: str) -> list[str]:
    """The words of a text, normalised and without elided articles."""
    return [_ELISION.sub("", word.text) for word in words(normalise(text))]


def content_words(text: str) -> list[str]:
    """The words that tell something of what is sought: neither "le" nor "conférence" nor "3la"."""
    too_common = _lists()["too_common"]
    return [part for part in parts(text) if part not in too_common and len(part) > 1]


def likeness(first: str, second: str) -> float:
    """How sure it is that two words are one: 1 the same, 0.8 or more a misspelling or the other script, else 0."""
    if first == second:
        return 1.0
    if min(len(first), len(second)) < 4:
        return 0.0
    bones = word_skeleton(first)
    if _is_arabic(first) != _is_arabic(second):
        return 0.85 if len(bones) > 2 and bones == word_skeleton(second) else 0.0
    if min(len(first), len(second)) > 4 and (first.startswith(second) or second.startswith(first)):
        return 0.8
    close = fuzz.ratio(first, second)
    if close >= 84 or (len(bones) > 2 and close >= 65 and bones == word_skeleton(second)):
        return 0.9
    return 0.0


def room_at(text: str, names: Iterable[str]) -> int | None:
    """Where in the normalised text a room is named as such by one of its names; None where it is not.

    "salle B" names one, "dans quelle salle a lieu" does not.
    """
    known = _lists()
    asks = "".join(rf"(?<!{re.escape(word)} )" for word in sorted(known["asks_which"]))
    named = rf"{asks}\b{_any(known['room'])} {_any(map(normalise, names))}\b(?! {_any(known['no_room_behind'])}\b)"
    found = re.search(named, normalise(text))
    return found.start() if found else None


def names_room(text: str, names: Iterable[str]) -> bool:
    """Whether a text names a room as such by one of its names."""
    return room_at(text, names) is not None


def comes_from(text: str, position: int) -> bool:
    """Whether the word before a position of the normalised text says that somebody comes from there."""
    before = _ARTICLE_AT_END.sub("", normalise(text)[:position].rstrip()).split()
    return bool(before) and before[-1] in _lists()["origin"]


def asks_the_way(text: str) -> bool:
    """Whether a text asks how to go somewhere."""
    return bool(_lists()["way"] & set(parts(text)))


def asks_where(text: str) -> bool:
    """Whether a text asks where something is, or how to go there."""
    return bool((_lists()["where"] | _lists()["way"]) & set(parts(text)))


def is_room(text: str, names: Iterable[str]) -> bool:
    """Whether a text is the name of a room or its door and nothing else: "salle B", "باب ب", "grande salle"."""
    known, plain = _lists(), _ARTICLE.sub("", normalise(text).strip(" .,!?؟"))
    called = [normalise(name) for name in names]
    short = [name for name in called if len(name) < 3]
    return plain in set(called) - set(short) or (
        re.fullmatch(rf"{_any(known['room'] | known['door'])} {_any(short or called)}", plain) is not None
    )


def names_expo(text: str) -> bool:
    """Whether a text names the expo."""
    return bool(_lists()["expo"] & set(parts(text)))


def practical_words(text: str) -> list[str]:
    """What a question for practical matters is about; empty where it asks for all of them."""
    return [word for word in content_words(text) if word not in _lists()["practical"]]


def door_code(name: str) -> str:
    """The words that the code of a door writes for whoever scans it."""
    return f"{min(_lists()['door_code']).capitalize()} {name}"


def speaks_of_tracks(text: str) -> bool:
    """Whether a text says "track", "parcours", "محور"."""
    return re.search(rf"\b{_any(_lists()['track'])}\b", normalise(text)) is not None


def _any(known: Iterable[str]) -> str:
    """One of the words, the longer ones first."""
    return f"(?:{'|'.join(re.escape(word) for word in sorted(known, key=lambda word: (-len(word), word)))})"


def _is_arabic(word: str) -> bool:
    return Word(word, 0, len(word)).is_arabic


@lru_cache(maxsize=1)
def _lists() -> Mapping[str, frozenset[str]]:
    content: dict[str, list[str]] = yaml.safe_load(WORDS_FILE.read_text(encoding="utf-8"))
    return {name: frozenset(map(normalise, listed)) for name, listed in content.items()}
