"""The place that a message means: the names it holds, or a shared location, with the arrondissement where that is known."""

from dataclasses import dataclass, replace
from itertools import pairwise

from actions.geography import Place
from actions.turn import Turn
from nlu.text import words
from nlu.understanding import Language, Understanding
from nlu.whereabouts import (
    between_arrondissements,
    is_not_the_city,
    phrase_of_place,
    side_by_side,
    street_of_a_quarter,
    stretch,
    with_number,
    without_in,
)

_STOPS, _WORDS_OF_A_MATTER = ",.;،", 2
"""Between two places they part where somebody lives from what they tell; "Derb Sultan, Al Fida" is one place."""


@dataclass(frozen=True, slots=True)
class PlaceFound:
    """`arrondissement` is a place id, or None where the facts do not say it; `outside` means not in Casablanca."""

    text: str
    place_id: str | None
    arrondissement: str | None
    outside: bool = False
    exact: bool = True
    """False when only an arrondissement is known: a crew cannot search a whole one."""

    @property
    def is_arrondissement(self) -> bool:
        return self.place_id is not None and self.place_id == self.arrondissement


def name_of(place: Place, language: Language) -> str:
    """The name of a place in the script of a language."""
    return place.name_ar if language is Language.DARIJA and place.name_ar else place.name_fr


def further_place(turn: Turn, known: str, further: str) -> str:
    """A place with more words that tell it, joined by the comma of the script that is spoken."""
    comma = "،" if turn.language is Language.DARIJA else ","
    return f"{known}{comma} {further}"


def place_in(
    turn: Turn,
    *,
    understanding: Understanding | None = None,
    besides: str | None = None,
    besides_arrondissement: str | None = None,
) -> PlaceFound | None:
    """The most telling place of the message: an arrondissement says most, then a place inside one, then any name.

    `understanding`: that of a part of the message. `besides` are the places that a correction denies ("machi Sbata, Sidi Othmane").
    """
    meant = understanding or turn.understanding
    if meant is None:
        return None
    away = behind_the_home(turn, meant)
    meant = turn.house.parser.parse(away) if away else meant
    entities = meant.entities_of("place")
    found: list[tuple[int, PlaceFound]] = []
    arrondissement: str | None = None
    for entity in entities:
        place = turn.house.city.place(str(entity.value["id"]))
        if place.id in (besides, besides_arrondissement):
            continue
        if place.kind == "arrondissement":
            arrondissement = arrondissement or place.id
            found.append((1, PlaceFound(name_of(place, turn.language), place.id, place.id)))
        elif place.kind == "city" and is_not_the_city(meant.text, entity, place.name_ar):
            found.append((2, PlaceFound(meant.text[:300], None, None)))
        elif place.kind == "city":
            found.append((3, PlaceFound(name_of(place, turn.language), place.id, None, outside=True)))
        else:
            found.append((0, PlaceFound(name_of(place, turn.language), place.id, place.arrondissement)))
    if not found:
        return None
    best = min(found, key=lambda ranked: ranked[0])[1]
    elsewhere = next((place for _, place in found if place.outside), None)
    if elsewhere and arrondissement is None and best.arrondissement is None and not _is_on_the_map(turn, best):
        return elsewhere  # "à Marrakech, avenue Mohammed VI": every city has that avenue, and one alone has "2 Mars".
    either = between_arrondissements(meant.text, entities)
    described = phrase_of_place(meant.text, entities) or side_by_side(meant.text, entities)
    if described is None and either is not None:
        described = stretch(meant.text, *either)
    described = described or street_of_a_quarter(meant.text, entities)
    if described is None:
        numbered = (with_number(meant.text, entity) for entity in entities)
        described = next((place for place in numbered if place), None)
    return replace(
        best,
        arrondissement=None if either else arrondissement or best.arrondissement,
        text=without_in(described) if described else best.text,
        exact=bool(described) or not best.is_arrondissement,
    )


def behind_the_home(turn: Turn, meant: Understanding) -> str | None:
    """ "le trou est à Anfa" of "j'habite Sbata mais le trou est à Anfa": what is told behind where somebody lives, when it names a
    place of its own, which is the one that is meant. None for any other message."""
    lives, text = turn.house.report_words.lives, meant.text
    behind = lives.behind(text)
    if behind is None:
        return None
    begins = len(text) - len(behind)
    places = sorted((place for place in meant.entities_of("place") if place.start >= begins - 1), key=lambda p: p.start)
    for home, other in pairwise(places):
        between = text[home.end : other.start]
        but = turn.house.report_words.yes_but.are_in(between)
        tells = any(sign in between for sign in _STOPS) and len(words(between)) >= _WORDS_OF_A_MATTER
        if but or tells:
            return text[home.end :].strip(" ,.;،")
    return None


def _is_on_the_map(turn: Turn, found: PlaceFound) -> bool:
    return found.place_id is not None and turn.house.city.place(found.place_id).lat is not None


def place_at(turn: Turn, lat: float, lon: float) -> PlaceFound:
    """The place of a shared location."""
    arrondissement = turn.house.city.arrondissement_at(lat, lon)
    return PlaceFound("", None, arrondissement.id if arrondissement else None, outside=arrondissement is None)
