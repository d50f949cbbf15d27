"""Where a message wants to start and where to go: the places it names, told apart by the words before them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from actions.geography import City, Place
from actions.places import name_of
from actions.reply import Say, Words
from actions.travel.itinerary import End
from actions.travel.network import Assumptions
from nlu.programme_words import says
from nlu.text import normalise, words
from nlu.understanding import Entity, Language


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An end of a way as people see it. `whole_area`: only an arrondissement is known, the way leads to one point of it."""

    name: Words | Say
    at: End
    place: Place | None = None
    whole_area: bool = False
    stand_in: Words | None = None
    """The place that the way really leads to, where nobody knows the position of the one that is named."""


@dataclass(frozen=True, slots=True)
class Named:
    """The places that a message names as start and destination."""

    start: Place | None
    goal: Place | None


def named_ends(text: str, places: Sequence[Entity], city: City, of: Assumptions) -> Named:
    """Start and destination of "from A to B", in any order; one place alone is the destination unless "from" stands before it.

    A word that only means "from" decides before one that has other uses ("de", "du").
    """
    again = _named_twice(text, places, of)
    if again is not None:
        return Named(_place(again, city), _place(again, city))
    found: dict[str, Entity] = {}
    for entity in places:
        found.setdefault(str(entity.value["id"]), entity)
    entities = list(found.values())
    strong = [entity for entity in entities if begins_at(text, entity.start, of)]
    weak = [entity for entity in entities if _word_before(text, entity, of) in of.weak_origin_words]
    alone = len(entities) == 1
    starts = strong or ([] if alone else weak or entities)
    start = starts[0] if starts else None
    goals = [entity for entity in entities if entity is not start]
    return Named(_place(start, city), _place(goals[-1] if goals else None, city))


def _named_twice(text: str, places: Sequence[Entity], of: Assumptions) -> Entity | None:
    """The place of "from A to A": named twice and nothing else beside it, once behind a "from" and once not."""
    from_words = of.origin_words | of.weak_origin_words
    behind_from = [entity for entity in places if _word_before(text, entity, of) in from_words]
    one = len(places) > 1 and len({str(entity.value["id"]) for entity in places}) == 1
    return behind_from[0] if one and 0 < len(behind_from) < len(places) else None


def leaves_the_expo(text: str, places: Sequence[Entity], of: Assumptions) -> bool:
    """Whether the way begins at the expo ("back to Casa Port from the expo"), not at the place that is named.

    "De l'expo à Sidi Moumen" does; "Sidi Moumen, entrée de l'expo" and "d'Aïn Sebaâ à l'entrée de l'expo" do not.
    """
    if any(_word_before(text, entity, of) in of.origin_words | of.weak_origin_words for entity in places):
        return False
    for word in words(normalise(text)):
        if not says(word.text, "expo"):
            continue
        before = word_before(text, word.start, of)
        if before in of.origin_words | of.behind_the_expo:
            return True
        if before in of.weak_origin_words and all(word.start < entity.start for entity in places):
            return True
    return False


def endpoint_of(place: Place, city: City, of: Assumptions, language: Language) -> Endpoint | None:
    """A named place as an end of a way; None where nobody knows where it lies."""
    name = Words(name_of(place, language))
    if place.id in of.stand_ins:
        known = endpoint_of(city.place(of.stand_ins[place.id]), city, of, language)
        return (
            replace(known, name=name, stand_in=Words(name_of(known.place, language))) if known and known.place else None
        )
    area = place.kind == "arrondissement"
    stop = place if place.kind == "stop" else city.stop_of(place.id) if place.lat is None or area else None
    if stop is not None:
        point = (stop.lat, stop.lon) if stop.lat is not None and stop.lon is not None else None
        return Endpoint(name, End(point, stop.id), place, area)
    if place.lat is None or place.lon is None:
        return None
    return Endpoint(name, End((place.lat, place.lon)), place, area)


def _place(entity: Entity | None, city: City) -> Place | None:
    return city.place(str(entity.value["id"])) if entity else None


def _word_before(text: str, entity: Entity, of: Assumptions) -> str | None:
    """The word before a name, apart from what only says its kind ("depuis l'arrêt Bachkou")."""
    return word_before(text, entity.start, of)


def begins_at(text: str, start: int, of: Assumptions) -> bool:
    """Whether a way begins for sure at the place that stands there: "depuis …", "je pars de …"."""
    before = word_before(text, start, of)
    if before in of.weak_origin_words:
        said = [word for word in words(normalise(text)) if word.end <= start]
        place = next(word.start for word in reversed(said) if word.text == before)
        return word_before(text, place, of) in of.leaving_words
    return before in of.origin_words


def word_before(text: str, end: int, of: Assumptions) -> str | None:
    """The last word before a place in the text, apart from what only says the kind of a name or stands between."""
    before = [word.text for word in words(normalise(text)) if word.end <= end]
    return next((word for word in reversed(before) if word not in of.words_between), None)
