"""What stays of a request when nobody may be recognised in it any more."""

from actions.geography import City
from actions.requests.words import ReportWords
from nlu.text import normalise, words
from store.tables import ServiceRequestRow

_LONGEST_NUMBER = 3
"""Digits of a house or street number; longer ones may be a telephone's."""


def place_without_person(row: ServiceRequestRow, city: City, report_words: ReportWords) -> str:
    """The words of the place that name no person; none where the position itself is known."""
    if row.lat is not None and row.lon is not None:
        return ""
    return public_place(row.place_text, city, report_words)


def public_place(text: str, city: City, report_words: ReportWords) -> str:
    """Of a description only streets, numbers, public things and names of the city's places: what is not known is left out."""
    typed, found = words(text), words(normalise(text))
    if len(typed) != len(found):
        return ""
    names = _names(city)
    kept: set[int] = set()
    for first in range(len(found)):
        for last in range(first, min(first + 5, len(found))):
            if " ".join(word.text for word in found[first : last + 1]) in names:
                kept.update(range(first, last + 1))
    for number, word in enumerate(found):
        short_number = word.text.isdigit() and len(word.text) <= _LONGEST_NUMBER
        if (
            short_number
            or report_words.place_fillers.are_all_of(word.text)
            or report_words.place_things.are_all_of(word.text)
        ):
            kept.add(number)
    # Three short numbers in a row are a telephone number written in groups.
    digits = [number for number, word in enumerate(found) if word.text.isdigit()]
    for start in digits:
        if {start + 1, start + 2} <= set(digits):
            kept -= {start, start + 1, start + 2}
    return " ".join(text[typed[number].start : typed[number].end] for number in sorted(kept))


def _names(city: City) -> frozenset[str]:
    return frozenset(
        " ".join(word.text for word in words(normalise(name)))
        for place in city.places
        for name in (place.name_fr, place.name_ar)
    )
