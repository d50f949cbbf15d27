"""Stops of tram and busway: which are near, and which a line has."""

from actions.faq import answer, talk_about
from actions.geography import NearStop, Place
from actions.places import name_of
from actions.reply import AskLocation, Lines, Reply, Say, Words
from actions.turn import Turn

_AT_THE_STOP = 20
"""Metres within which nobody needs to be told to walk."""


def nearest(turn: Turn) -> Reply:
    """The stops nearest to a named place or to the location shared last; asks for one where there is none."""
    place = _named_place_with_coordinates(turn)
    if place is not None and place.lat is not None and place.lon is not None:
        return near(turn, (place.lat, place.lon), Words(name_of(place, turn.language)))
    turn.state.awaiting = "nearest_stop"
    return answer(turn, "transport/nearest_stop").then(Reply((AskLocation(),)))


def lines(turn: Turn) -> Reply:
    """The stops of the line that is named, those near the one place that is ("le T1 s'arrête à Casa Voyageurs ?"), or the lines there are."""
    named = [str(entity.value["id"]) for entity in turn.entities_of("line")]
    place = _named_place_with_coordinates(turn)
    if place is not None and len(turn.entities_of("place")) == 1:
        return nearest(turn)
    if not named:
        return answer(turn, "transport/lines")
    talk_about(turn, "transport/lines")
    parts = []
    for line in dict.fromkeys(named):
        its = turn.house.city.stops_of(line)
        names = " · ".join(name_of(stop, turn.language) for stop in its)
        parts.append(
            Say(
                "directions.line",
                {
                    "line": line,
                    "first": Words(name_of(its[0], turn.language)),
                    "last": Words(name_of(its[-1], turn.language)),
                    "stops": Words(names),
                },
                len(its),
            )
        )
    return Reply(tuple(parts))


def near(turn: Turn, at: tuple[float, float], place: Words | Say | None) -> Reply:
    """The stops nearest to a point (latitude, longitude), under the name of the place that it is, else as those near the person."""
    heading = Say("directions.stops_near_place", {"place": place}) if place else Say("directions.stops_near_you")
    found = turn.house.city.nearest_stops(*at)
    talk_about(turn, "transport/nearest_stop")
    return Reply((Lines((heading, *(_stop_line(turn, stop) for stop in found))),))


def _stop_line(turn: Turn, found: NearStop) -> Say:
    about = {"stop": Words(name_of(found.stop, turn.language)), "lines": Words(", ".join(found.lines))}
    if found.metres < _AT_THE_STOP:
        return Say("directions.stop_here", about)
    walk = {"metres": max(round(found.metres, -1), 10), "minutes": max(1, found.walking_minutes)}
    return Say("directions.stop_line", {**about, **walk})


def _named_place_with_coordinates(turn: Turn) -> Place | None:
    """The first place of the message that lies on the map."""
    places = [turn.house.city.place(str(entity.value["id"])) for entity in turn.entities_of("place")]
    return next((place for place in places if place.lat is not None), None)
