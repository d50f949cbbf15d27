"""How much two spellings of a name resemble each other."""

from collections.abc import Sequence

from rapidfuzz import fuzz

_DIGIT_LETTERS = str.maketrans({"7": "h", "3": "a", "9": "k", "q": "k", "5": "x"})
_VOWELS = "aeiouwy"


def similarity(one: str, other: str) -> float:
    """0 to 100; the digits that stand for letters count as what French writes for them."""
    return fuzz.ratio(one.translate(_DIGIT_LETTERS), other.translate(_DIGIT_LETTERS))


def begin_alike(one: str, other: str) -> bool:
    """The first letters are the same or both vowels: "olfa" and "oulfa", but not "report" and "airport"."""
    return one[0] == other[0] or (one[0] in _VOWELS and other[0] in _VOWELS)


def alike(form: Sequence[str], parts: Sequence[str]) -> bool:
    """Where both are cut into words alike, every word resembles its counterpart: not "hay salam" for "hay salmia"."""
    return len(form) != len(parts) or all(similarity(a, b) >= 65 for a, b in zip(form, parts, strict=True))
