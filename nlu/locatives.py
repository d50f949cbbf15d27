"""The words of place of `locatives.yml`, and the pieces that a place is told in: a street, a house's number, a landmark."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from nlu.plain_yaml import load_yaml
from nlu.text import Word, normalise

LOCATIVES_FILE = Path(__file__).with_name("locatives.yml")
STOPS = ",.;:!?"
"""Signs that end a place; of a normalised text, in whatever letters."""
ATTACHED = ("ف", "ب", "ل")
"""The "in", "at" and "to" that Arabic letters write onto a word."""
_ATTACHED_LATIN = "f"
_AND_PREFIX, _SHORTEST_PREFIXED = "و", 3
_ELIDED = re.compile(r"^[ld]['’]")
_DOUBLED = re.compile(r"([^\W\d_])\1")
_NAMED_STREET = 3
_WORDS_OF_A_LANDMARK = _FAR_FROM_A_NUMBER = 4
_WORDS_BETWEEN = 5


def listed(name: str) -> frozenset[str]:
    """One of the lists, normalised."""
    return _lists()[name]


def is_one_of(known: frozenset[str], word: str) -> bool:
    """The word however often a letter of it is doubled ("9ddam"), or the one behind an attached "in", "at" or article ("فزنقة",
    "fchari3", "l'angle")."""
    if word in known:
        return True
    bare = _ELIDED.sub("", word)
    if word[:1] in ATTACHED or (word[:1] == _ATTACHED_LATIN and word[1:] in listed("streets")):
        bare = word[1:]
    return bare in known or (bare not in listed("doubled") and _DOUBLED.sub(r"\1", bare) in known)


def is_place_word(word: str) -> bool:
    return is_one_of(listed("beginnings") | listed("streets"), word)


def end_of_place(text: str, found: Sequence[Word], end: int) -> tuple[int, bool]:
    """Where a place of a normalised text ends whose name ends at `end`, and whether more of it stands behind the name: "Ain Chock
    rue 4", "Sbata 9dam lhammam", "bd Ghandi 112 entre la pharmacie et la mosquée"."""
    first = next((n for n, word in enumerate(found) if word.start >= end), len(found))
    number = first
    while (further := _behind_piece(text, found, number)) > number:
        number = further
    return (found[number - 1].end, True) if number > first else (end, False)


def landmark_beyond(text: str, found: Sequence[Word], end: int) -> tuple[int, int] | None:
    """The first and the last word of "devant l'école Ibn Khaldoun" somewhere behind a place that ends at `end`."""
    for number, word in enumerate(found):
        if word.start >= end and is_one_of(listed("beside"), word.text):
            behind = _behind_landmark(text, found, number)
            if behind > number:
                return number, behind - 1
    return None


def first_of_number(found: Sequence[Word], number: int) -> int:
    """The word with which the number of the house begins that stands before a street: "45" in "au 45 rue 12"."""
    first = number
    if is_one_of(listed("streets"), found[number].text):
        while first and found[first - 1].text.isdigit():
            first -= 1
        while first < number and first and found[first - 1].text in listed("number_of"):
            first -= 1
    return first


def behind_house(found: Sequence[Word], number: int) -> int:
    """The position behind the number of a house ("n°112", "الدار رقم 45", "immeuble 14") that begins here; the same where none does."""
    at = number
    if at < len(found) and found[at].text in listed("within"):
        at += 1
    houses = at
    while at < len(found) and at - houses < 2 and found[at].text in listed("number_of"):
        at += 1
    if at == houses and at < len(found) and is_one_of(listed("houses"), found[at].text):
        at += 1
        while at < len(found) and found[at].text in listed("number_of"):
            at += 1
    return at + 1 if at > houses and at < len(found) and found[at].text.isdigit() else number


def _behind_piece(text: str, found: Sequence[Word], number: int) -> int:
    """The position behind the next piece of a place; the same where none begins here."""
    behind = behind_house(found, number)
    if behind > number or number >= len(found):
        return behind
    word, after = found[number], found[number + 1 : number + 4]
    of_a_street = any(is_one_of(listed("streets"), w.text) for w in found[max(0, number - _FAR_FROM_A_NUMBER) : number])
    if word.text.isdigit() and of_a_street and _is_last(text, found, number):
        return number + 1
    if not after:
        return number
    if is_one_of(listed("streets"), word.text):
        if after[0].text.isdigit():
            return number + 2
        # "الوازيس زنقة تاشفين حدا البوسطة": between two words of place, it is the street's name.
        named = len(after) >= _NAMED_STREET - 1 and is_one_of(listed("beginnings"), after[1].text)
        return number + 2 if named and after[1].text not in listed("since") else number
    return _behind_landmark(text, found, number)


def _is_last(text: str, found: Sequence[Word], number: int) -> bool:
    """Whether nothing is counted by a number: a sentence ends behind it, or a place begins."""
    if number + 1 == len(found):
        return True
    between = text[found[number].end : found[number + 1].start]
    return any(sign in between for sign in STOPS) or is_place_word(found[number + 1].text)


def _behind_landmark(text: str, found: Sequence[Word], number: int) -> int:
    """The position behind "à côté de la boulangerie", "9rib mn lycee", "entre la pharmacie et la mosquée"."""
    at = number
    while at + 1 < len(found) and found[at].text in listed("within"):
        at += 1
    if at + 1 >= len(found) or not is_one_of(listed("beginnings"), found[at].text):
        return number
    if found[at].text in listed("since") or found[at + 1].text in listed("some"):
        return number
    if found[at].text in listed("between"):
        second = _second_of_two(text, found, at + 2)
        if second is not None:
            return _behind_name(text, found, second)
    return _behind_name(text, found, at + 1)


def _second_of_two(text: str, found: Sequence[Word], number: int) -> int | None:
    """Where the second name begins of "entre le café Paul et la pharmacie", "بين الجامع والمدرسة"; None where no "and" is near."""
    for at in range(number, min(number + _WORDS_BETWEEN, len(found))):
        if any(sign in text[found[at - 1].end : found[at].start] for sign in STOPS):
            return None
        if found[at].text in listed("and"):
            return at + 1 if at + 1 < len(found) else None
        if found[at].text[:1] == _AND_PREFIX and len(found[at].text) > _SHORTEST_PREFIXED:
            return at
    return None


def _behind_name(text: str, found: Sequence[Word], number: int) -> int:
    """The position behind the name of a thing: an article or a "from", the thing, and the name it has behind an "of" or of itself."""
    at, small = number, listed("of") | listed("since") | listed("number_of")
    while at + 1 < len(found) and found[at].text in small:
        at += 1
    at += 1
    while at < len(found) and at - number < _WORDS_OF_A_LANDMARK:
        between = text[found[at - 1].end : found[at].start]
        if any(sign in between for sign in STOPS):
            break
        owner = found[at].text in listed("of") and at + 1 < len(found) and is_a_kind_of_landmark(found[at - 1].text)
        if owner or found[at].text in listed("begins_a_name"):
            at += 2 if at + 1 < len(found) else 1
        else:
            break
    return at


def is_a_kind_of_landmark(thing: str) -> bool:
    """Whether something is a kind of landmark ("الجامع ديال الرحمة", "ljame3 dyal …"), with its article or without."""
    return any(is_one_of(listed("named"), thing.removeprefix(article)) for article in ("", "ال", "l'", "l"))


@lru_cache(maxsize=1)
def _lists() -> Mapping[str, frozenset[str]]:
    content: dict[str, list[Any]] = load_yaml(LOCATIVES_FILE.read_text(encoding="utf-8"))
    return {name: frozenset(normalise(str(word)) for word in _flat(rows)) for name, rows in content.items()}


def _flat(rows: Sequence[Any]) -> Iterator[Any]:
    for row in rows:
        yield from row if isinstance(row, list) else [row]
