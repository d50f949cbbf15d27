"""Which open requests may be about the same thing as a new one. Rules only, no I/O.

The person is shown them and decides; nothing is merged by itself. Distances are metres, times have a zone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from actions.geography import City, distance_metres
from actions.phrases import Phrases
from actions.requests.categories import Category
from nlu.skeleton import word_skeleton
from nlu.text import normalise, words
from store.tables import ServiceRequestRow

MAX_SHOWN = 3
_POINTS = ("landmark", "stop")
_AREAS = ("arrondissement", "neighbourhood", "city")
_SAME_WORDS = 0.6
"""Share of the words that tell a place apart which the shorter of two descriptions has in common with the longer."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where something is, as far as it is known."""

    position: tuple[float, float] | None
    place_id: str | None
    place_text: str
    arrondissement: str | None


@dataclass(frozen=True, slots=True)
class Duplicate:
    """An open request that may be the same thing; `metres` is None where only the words of the place agree."""

    row: ServiceRequestRow
    metres: int | None


def position_of(city: City, place_id: str | None, lat: float | None, lon: float | None) -> tuple[float, float] | None:
    """A shared position, or that of a landmark or stop that is named; an area is no position."""
    if lat is not None and lon is not None:
        return (lat, lon)
    place = city.place(place_id) if place_id else None
    if place is None or place.kind not in _POINTS or place.lat is None or place.lon is None:
        return None
    return (place.lat, place.lon)


def same_things(categories: Mapping[str, Category], category: Category) -> tuple[str, ...]:
    """The category itself and those in which people file the same thing, whichever of the two names the other."""
    others = [
        c.intent for c in categories.values() if c.intent in category.neighbours or category.intent in c.neighbours
    ]
    return (category.intent, *others)


def nearby_duplicates(
    spot: Spot,
    category: Category,
    candidates: Sequence[ServiceRequestRow],
    *,
    city: City,
    fillers: Phrases,
    now: datetime,
) -> list[Duplicate]:
    """The candidates near in place and time, the nearest first, three at most.

    A candidate of a neighbouring category has to be twice as near as one of the same.
    """
    found = []
    for row in candidates:
        if now - row.created_at > timedelta(days=category.near_days):
            continue
        radius = category.radius_m if row.category == category.intent else category.radius_m / 2
        other = Spot(
            position_of(city, row.place_id, row.lat, row.lon), row.place_id, row.place_text, row.arrondissement
        )
        if spot.position and other.position:
            metres = distance_metres(*spot.position, *other.position)
            if metres <= radius:
                found.append(Duplicate(row, round(metres)))
        elif _described_alike(spot, other, city=city, fillers=fillers):
            found.append(Duplicate(row, None))
    return sorted(found, key=lambda duplicate: (duplicate.metres or 0, -duplicate.row.id))[:MAX_SHOWN]


def _described_alike(one: Spot, other: Spot, *, city: City, fillers: Phrases) -> bool:
    """Whether two descriptions mean the same place: the same numbers, and mostly the same names in whatever script."""
    if one.arrondissement and other.arrondissement and one.arrondissement != other.arrondissement:
        return False
    names_one, numbers_one = _tokens(one, city, fillers)
    names_other, numbers_other = _tokens(other, city, fillers)
    if numbers_one != numbers_other or not (names_one or numbers_one):
        return False
    if not names_one or not names_other:
        # "rue 14" in one arrondissement is one street.
        return bool(numbers_one) and not names_one and not names_other and one.arrondissement == other.arrondissement
    common = names_one & names_other
    return len(common) / min(len(names_one), len(names_other)) >= _SAME_WORDS


def _tokens(spot: Spot, city: City, fillers: Phrases) -> tuple[frozenset[str], frozenset[str]]:
    """Names (as skeletons, so that scripts meet) and numbers of a description, without the areas it lies in."""
    areas: set[str] = set()
    for place_id in (spot.place_id, spot.arrondissement):
        place = city.place(place_id) if place_id else None
        if place and place.kind in _AREAS:
            areas |= {_key(word.text) for name in (place.name_fr, place.name_ar) for word in words(normalise(name))}
    names, numbers = set(), set()
    for word in words(normalise(spot.place_text)):
        key = _key(word.text)
        if word.text.isdigit():
            numbers.add(word.text)
        elif key and not fillers.are_all_of(word.text) and not {key, key[1:]} & areas:
            names.add(key)
    return frozenset(names), frozenset(numbers)


def _key(word: str) -> str:
    return word_skeleton(word) or word
