"""Several ways in one message: "from Aïn Diab to the expo, then to Casa Port" names its places in the order in which somebody goes."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from actions.phrases import Phrases
from actions.travel.ends import begins_at, word_before
from actions.travel.network import Assumptions
from nlu.programme_words import says
from nlu.text import normalise, words
from nlu.understanding import Entity

VENUE = "venue"
_PAIR = 2


@dataclass(frozen=True, slots=True)
class _Named:
    """A place of the message, or the expo, and where it stands there."""

    id: str
    start: int
    end: int


def stages(text: str, places: Sequence[Entity], of: Assumptions, *, venue: str | None) -> tuple[str | None, ...]:
    """The ids of the places in the order of the way, the expo as `VENUE`; None first where nobody says from where.

    Empty where it is not said that one comes after another. `venue` is the place that the expo is at, which is the same one.
    """
    normalised = normalise(text)
    named = _in_order(normalised, places, venue)
    later = [place for before, place in pairwise(named) if _comes_after(normalised, before, place, of)]
    if len(named) < _PAIR or not later:
        return ()
    first = [place for place in named if begins_at(text, place.start, of)]
    first = first or [place for place in named[:1] if word_before(text, place.start, of) in of.weak_origin_words]
    start = first[0] if first else named[0] if len(named) > _PAIR else None
    ids = tuple(place.id for place in named if place is not start)
    if start is None and later[0].id == VENUE and word_before(text, later[0].start, of) in of.behind_the_expo:
        return ()  # "To Casa Port after the expo" is one way.
    return (start.id if start else None, *ids) if len(ids) >= _PAIR else ()


def _in_order(normalised: str, places: Sequence[Entity], venue: str | None) -> list[_Named]:
    """Each place once, where it stands first; one that is named twice in a row, as the expo and by its venue, counts as one."""
    named = [
        _Named(VENUE if entity.value["id"] == venue else str(entity.value["id"]), entity.start, entity.end)
        for entity in places
    ]
    taken = [(place.start, place.end) for place in named]
    for word in words(normalised):
        if says(word.text, "expo") and not any(start < word.end and word.start < end for start, end in taken):
            named.append(_Named(VENUE, word.start, word.end))
    once: list[_Named] = []
    for place in sorted(named, key=lambda place: place.start):
        if place.id not in [known.id for known in once]:
            once.append(place)
    return once


def _comes_after(normalised: str, before: _Named, place: _Named, of: Assumptions) -> bool:
    between = normalised[before.end : place.start]
    return Phrases(of.then_words).are_in(between)
