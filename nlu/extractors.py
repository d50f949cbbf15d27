"""Finds the things a message names: request numbers, phone numbers, the aspect that a short question asks about.

Everything works on the normalised text; values are plain JSON.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from nlu.plain_yaml import load_yaml
from nlu.skeleton import word_skeleton
from nlu.text import Word, longest_by_first_word, normalise, words
from nlu.understanding import Entity

ASPECTS_FILE = Path(__file__).with_name("aspects.yml")
LANGUAGES_FILE = Path(__file__).with_name("languages.yml")

_REQUEST_NUMBER = re.compile(
    # With its dash any sign may be mistyped; without, only the signs that numbers have, or Arabizi ("lbare7") would count.
    r"(?<![a-z0-9-])(?:([0-9a-z]{3})\s?[-–—]\s?([0-9a-z]{3})|([2-9abcdefghjkmnprt]{3})[. ]?([2-9abcdefghjkmnprt]{2}[a-hj-np-tv-z]))(?![a-z0-9-])"
)
_PHONE = re.compile(r"(?<!\d)(?:\+?212|00212|0)[\s.-]?[5-8](?:[\s.-]?\d){8}(?!\d)")
_MAX_WORDS_OF_A_BARE_QUESTION = 8


def extract(text: str, normalised: str) -> tuple[Entity, ...]:
    """The entities of a message in the order they stand in it."""
    found = [
        *_request_numbers(normalised),
        *_phones(normalised),
        *_languages(normalised),
        *_photos(normalised),
        *_aspects(normalised),
    ]
    return tuple(sorted(found, key=lambda entity: (entity.start, entity.end)))


def _request_numbers(normalised: str) -> list[Entity]:
    """Six signs in two threes (`7K3-42R`), at least one a digit; `actions.requests.numbers` knows whether it can be right."""
    found = []
    for match in _REQUEST_NUMBER.finditer(normalised):
        joined = "".join(group for group in match.groups() if group).upper()
        if any(char.isdigit() for char in joined):
            value = f"{joined[:3]}-{joined[3:]}"
            found.append(Entity("request_number", value, match.group(), match.start(), match.end()))
    return found


def _phones(normalised: str) -> list[Entity]:
    return [
        Entity("phone", re.sub(r"\D", "", match.group()), match.group(), match.start(), match.end())
        for match in _PHONE.finditer(normalised)
    ]


def _languages(normalised: str) -> list[Entity]:
    """A language or script that is named; "darija b l7orouf latin" means Latin letters, so those are looked for first."""
    padded = f" {normalised} "
    for language, names in _language_names().items():
        for name in names:
            start = padded.find(name)
            if start >= 0:
                return [Entity("language", language, name.strip(), max(start - 1, 0), start - 1 + len(name))]
    return []


def _photos(normalised: str) -> list[Entity]:
    """A photo that is spoken of ("ma 3ndich tswira"), not sent."""
    known = _photo_words()
    return [Entity("photo", None, w.text, w.start, w.end) for w in words(normalised) if w.text in known]


def _aspects(normalised: str) -> list[Entity]:
    """What a follow-up asks: `bare` is true when the message says nothing else, as in "et combien ça coûte ?"."""
    table, longest, fillers = _aspect_words()
    found_words = words(normalised)
    reach = [max(longest.get(word.text, 0), longest.get(_without_and(word.text), 0)) for word in found_words]
    hits: list[tuple[str, int, int]] = []
    covered: set[int] = set()
    for size in range(max(reach, default=0), 0, -1):
        for start in range(len(found_words) - size + 1):
            window = range(start, start + size)
            if reach[start] < size or covered & set(window):
                continue
            key = _key(found_words[start : start + size])
            aspect = table.get(key) or table.get(_without_and(key))
            if aspect == "contact" and _gives_number(found_words, start + size):
                aspect = None
            if aspect:
                hits.append((aspect, found_words[start].start, found_words[start + size - 1].end))
                covered |= set(window)
    rest = [
        word for position, word in enumerate(found_words) if position not in covered and not _is_filler(word, fillers)
    ]
    bare = not rest and len(found_words) <= _MAX_WORDS_OF_A_BARE_QUESTION
    return [
        Entity("aspect", {"aspect": aspect, "bare": bare}, normalised[start:end], start, end)
        for aspect, start, end in hits
    ]


def _without_and(phrase: str) -> str:
    """ "وشحال": the "and" is written on."""
    return phrase.removeprefix("و")


def _gives_number(found: Sequence[Word], after: int) -> bool:
    """ "zn9a 5 numéro 8" tells a number, it asks for none."""
    return after < len(found) and found[after].text.isdecimal()


def _key(window: Sequence[Word]) -> str:
    return " ".join(word.text for word in window)


def _is_filler(word: Word, fillers: frozenset[str]) -> bool:
    return word.text in fillers or len(word.text) == 1 or not word_skeleton(word.text)


@lru_cache(maxsize=1)
def _photo_words() -> frozenset[str]:
    content: dict[str, Any] = load_yaml(ASPECTS_FILE.read_text(encoding="utf-8"))
    return frozenset(normalise(str(word)) for word in content["photo"])


@lru_cache(maxsize=1)
def _language_names() -> Mapping[str, Sequence[str]]:
    content: dict[str, list[str]] = load_yaml(LANGUAGES_FILE.read_text(encoding="utf-8"))
    return {language: [f" {normalise(name)}" for name in names] for language, names in content.items()}


def asks_of_a_case(text: str) -> bool:
    """Whether a message begins as a question about a case does: "et si j'ai perdu l'ancienne ?", "w ila dya3tha"."""
    said = " ".join(word.text for word in words(normalise(text)))
    begins = any(f"{said} ".startswith(f"{phrase} ") for phrase in _phrases("cases"))
    return begins or any(f" {phrase} " in f" {said} " for phrase in _phrases("anywhere"))


@lru_cache(maxsize=2)
def _phrases(name: str) -> frozenset[str]:
    """The phrases of a list, or of a list for each language."""
    content: dict[str, Any] = load_yaml(ASPECTS_FILE.read_text(encoding="utf-8"))
    phrases = (phrase for row in content[name] for phrase in ([row] if isinstance(row, str) else row))
    return frozenset(_key(words(normalise(str(phrase)))) for phrase in phrases)


@lru_cache(maxsize=1)
def _aspect_words() -> tuple[Mapping[str, str], Mapping[str, int], frozenset[str]]:
    """Phrases to aspects; the words of the longest phrase by its first word; words that say nothing."""
    content: dict[str, Any] = load_yaml(ASPECTS_FILE.read_text(encoding="utf-8"))
    table = {
        _key(words(normalise(str(phrase)))): aspect
        for aspect, phrases in content["aspects"].items()
        for phrase in phrases
    }
    return table, longest_by_first_word(table), frozenset(normalise(str(word)) for word in content["fillers"])
