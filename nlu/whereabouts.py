"""The words of a message that say where: "9dam madrassat Ibn Sina f Sbata" out of a whole story."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import yaml

from nlu.text import Word, normalise, words
from nlu.understanding import Entity

LOCATIVES_FILE = Path(__file__).with_name("locatives.yml")
_ATTACHED = ("ف", "ب", "ل")
_REACH = 8
"""Words before a place name within which a "in front of" still belongs to it."""


def phrase_of_place(text: str, places: Sequence[Entity]) -> str | None:
    """The stretch from the first word of place ("9dam", "devant", "حدا") to the last place name.

    None where no such word stands before a name, so that a bare "Sbata" is not taken for an address. The text is
    given back as it was typed, when its words can be told apart in both forms.
    """
    if not places:
        return None
    normalised = normalise(text)
    found = words(normalised)
    end = max(entity.end for entity in places)
    first_place = min(entity.start for entity in places)
    before = [word for word in found if word.end <= first_place][-_REACH:]
    start = next((word.start for word in before if _is_one_of(_locatives(), word.text)), None)
    if start is None:
        return None
    return _as_typed(text, found, start, end) or normalised[start:end]


def says_where(text: str) -> bool:
    """Whether a message speaks of a street ("rue 15", "زنقة 3"), known to the gazetteer or not."""
    return any(_is_one_of(_street_words(), word.text) for word in words(normalise(text)))


def names_a_street(text: str, place: Entity) -> bool:
    """Whether a name is that of a street ("rue d'Agadir", "شارع طنجة"), not of the city itself."""
    before = [word.text for word in words(normalise(text)) if word.end <= place.start][-2:]
    return any(word in _street_words() for word in before)


def _is_one_of(known: frozenset[str], word: str) -> bool:
    """The word, or the word behind an attached "in" or "at" ("فزنقة")."""
    return word in known or (word[:1] in _ATTACHED and word[1:] in known)


def _as_typed(text: str, found: Sequence[Word], start: int, end: int) -> str | None:
    typed = words(text)
    if len(typed) != len(found):
        return None
    chosen = [number for number, word in enumerate(found) if word.start >= start and word.end <= end]
    return text[typed[chosen[0]].start : typed[chosen[-1]].end] if chosen else None


@lru_cache(maxsize=1)
def _locatives() -> frozenset[str]:
    return frozenset(normalise(str(word)) for row in _rows()["beginnings"] for word in row)


@lru_cache(maxsize=1)
def _street_words() -> frozenset[str]:
    return frozenset(normalise(str(word)) for row in _rows()["streets"] for word in row)


def _rows() -> dict[str, list[list[str]]]:
    content: dict[str, list[list[str]]] = yaml.safe_load(LOCATIVES_FILE.read_text(encoding="utf-8"))
    return content
