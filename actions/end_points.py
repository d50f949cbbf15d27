"""The ends of a way as one person has them: where they are, the venue of the expo, a place by its id."""

from actions.geography import Place, distance_metres
from actions.reply import Reply, Say, Words, say
from actions.state import LOCATION_LASTS
from actions.travel.ends import Endpoint, endpoint_of
from actions.travel.itinerary import End
from actions.turn import Turn

_VENUE_IS_THE_PLACE = 100
"""Metres within which the venue of the expo is called by the name that the gazetteer has in both scripts."""


def here_end(turn: Turn) -> Endpoint:
    """Where their location was shared."""
    return Endpoint(Say("itinerary.here"), End(turn.state.location))


def is_located(turn: Turn) -> bool:
    shared = turn.state.located_at
    return turn.state.location is not None and shared is not None and turn.now - shared <= LOCATION_LASTS


def venue_end(turn: Turn) -> Endpoint | None:
    """The venue, by its name in the person's script where the gazetteer has it; None where it is not on the map."""
    known = turn.expo.place_to_go
    if known is None or known[0].lat is None or known[0].lon is None:
        return None
    at = (known[0].lat, known[0].lon)
    near = [
        (distance_metres(*at, place.lat, place.lon), place.id)
        for place in turn.house.city.landmarks
        if place.lat is not None and place.lon is not None
    ]
    metres, id_ = min(near)
    if metres <= _VENUE_IS_THE_PLACE:
        return end_at(turn, turn.house.city.place(id_))
    return Endpoint(Words(known[0].name), End(at))


def about_the_venue(turn: Turn) -> Reply:
    known = turn.expo.place_to_go
    if known is None:
        return Reply(())
    venue, edition = known
    if turn.expo.edition:
        notice = (Say("expo.demo.notice"),) if edition.demonstration else ()
        return Reply(notice)
    year = max(edition.days).year
    return say("itinerary.last_venue", venue=Words(venue.name), year=year, site=edition.site)


def end_of(turn: Turn, id_: str) -> Endpoint | None:
    match id_:
        case "here":
            return here_end(turn) if turn.state.location else None
        case "venue":
            return venue_end(turn)
    return end_at(turn, turn.house.city.place(id_))


def id_of(end: Endpoint) -> str:
    if end.place:
        return end.place.id
    return "here" if isinstance(end.name, Say) else "venue"


def end_at(turn: Turn, place: Place) -> Endpoint | None:
    """A named place as an end; None where nobody knows where it lies."""
    return endpoint_of(place, turn.house.city, turn.house.network.of, turn.language)
