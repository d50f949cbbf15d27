"""Finding the way: nearest stops, lines and their stops, the arrondissement of a place."""

from actions.faq import answer
from actions.geography import NearStop, Place
from actions.places import name_of, place_at, place_in
from actions.reply import AskLocation, Lines, Pin, Reply, Say, Words, say
from actions.turn import Turn, button, with_choices

_AT_THE_STOP = 20
"""Metres within which nobody needs to be told to walk."""


def nearest_stop(turn: Turn) -> Reply:
    """The stops nearest to a named place or to the location shared last; asks for one where there is none."""
    place = _named_place_with_coordinates(turn)
    if place is not None and place.lat is not None and place.lon is not None:
        return _stops_near(turn, place.lat, place.lon, name_of(place, turn.language))
    turn.state.awaiting = "nearest_stop"
    return answer(turn, "transport/nearest_stop").then(Reply((AskLocation(),)))


def directions(turn: Turn) -> Reply:
    """The way to a named place: its nearest stops and a pin; the general answer where no place is named."""
    named = [turn.house.city.place(str(entity.value["id"])) for entity in turn.entities_of("place")]
    if not named:
        return answer(turn, "transport/directions")
    # Of "from A to B" it is B; its own position, or the stop that bears its name.
    place = named[-1] if named[-1].lat is not None else turn.house.city.stop_of(named[-1].id)
    if place is None or place.lat is None or place.lon is None:
        return say("directions.not_on_map", place=Words(name_of(named[-1], turn.language)))
    pin = Pin(place.lat, place.lon, name_of(place, turn.language))
    return _stops_near(turn, place.lat, place.lon, name_of(place, turn.language)).then(Reply((pin,)))


def lines(turn: Turn) -> Reply:
    """The stops of the line that is named, or the lines there are."""
    named = [str(entity.value["id"]) for entity in turn.entities_of("line")]
    if not named:
        return answer(turn, "transport/lines")
    parts = []
    for line in dict.fromkeys(named):
        stops = turn.house.city.stops_of(line)
        names = " · ".join(name_of(stop, turn.language) for stop in stops)
        parts.append(
            Say(
                "directions.line",
                {
                    "line": line,
                    "first": Words(name_of(stops[0], turn.language)),
                    "last": Words(name_of(stops[-1], turn.language)),
                    "stops": Words(names),
                },
                len(stops),
            )
        )
    return Reply(tuple(parts))


def arrondissement(turn: Turn) -> Reply:
    """The arrondissement of the place that is named; without one the general answer, and a location is welcome."""
    found = place_in(turn)
    if found and found.arrondissement and found.place_id != found.arrondissement:
        name = name_of(turn.house.city.place(found.arrondissement), turn.language)
        return say("directions.in_arrondissement", place=Words(found.text), arrondissement=Words(name))
    turn.state.awaiting = "arrondissement"
    return answer(turn, "faq/arrondissement").then(Reply((AskLocation(),)))


def about_location(turn: Turn, lat: float, lon: float) -> Reply:
    """What a shared location is good for: the arrondissement, the nearest stops, a report at this place."""
    turn.state.location = (lat, lon)
    awaiting, turn.state.awaiting = turn.state.awaiting, None
    found = place_at(turn, lat, lon)
    if found.outside or found.arrondissement is None:
        return with_choices(say("directions.location_outside"), turn.intent_choice("help"))
    name = Words(name_of(turn.house.city.place(found.arrondissement), turn.language))
    here = say("directions.you_are_in", arrondissement=name)
    if awaiting == "arrondissement":
        return here
    stops = _stops_near(turn, lat, lon, None)
    if awaiting == "nearest_stop":
        return stops
    return with_choices(here.then(stops), button("directions.button.report_here", "report_here"))


def _stops_near(turn: Turn, lat: float, lon: float, place: str | None) -> Reply:
    heading = Say("directions.stops_near_place", {"place": Words(place)}) if place else Say("directions.stops_near_you")
    near = turn.house.city.nearest_stops(lat, lon)
    return Reply((Lines((heading, *(_stop_line(turn, stop) for stop in near))),))


def _stop_line(turn: Turn, near: NearStop) -> Say:
    about = {"stop": Words(name_of(near.stop, turn.language)), "lines": Words(", ".join(near.lines))}
    if near.metres < _AT_THE_STOP:
        return Say("directions.stop_here", about)
    walk = {"metres": max(round(near.metres, -1), 10), "minutes": max(1, near.walking_minutes)}
    return Say("directions.stop_line", {**about, **walk})


def _named_place_with_coordinates(turn: Turn) -> Place | None:
    """The first place of the message that lies on the map."""
    places = [turn.house.city.place(str(entity.value["id"])) for entity in turn.entities_of("place")]
    return next((place for place in places if place.lat is not None), None)
