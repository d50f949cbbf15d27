"""Finding the way: nearest stops, lines and their stops, the arrondissement of a place."""

from actions.faq import answer
from actions.geography import NearStop, Place
from actions.places import name_of, place_at, place_in
from actions.reply import AskLocation, Lines, Pin, Reply, Say, Words, say
from actions.turn import Turn, button, with_choices


def nearest_stop(turn: Turn) -> Reply:
    """The stops nearest to a named place or to the location shared last; asks for one where there is none."""
    place = _named_place_with_coordinates(turn)
    if place is not None and place.lat is not None and place.lon is not None:
        return _stops_near(turn, place.lat, place.lon, name_of(place, turn.language))
    turn.state.awaiting = "nearest_stop"
    return answer(turn, "transport/nearest_stop").then(Reply((AskLocation(),)))


def directions(turn: Turn) -> Reply:
    """The way to a named place: its nearest stops and a pin; the general answer where no place is named."""
    place = _named_place_with_coordinates(turn, last=True)
    if place is None or place.lat is None or place.lon is None:
        return answer(turn, "transport/directions")
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
    return Say(
        "directions.stop_line",
        {
            "stop": Words(name_of(near.stop, turn.language)),
            "lines": Words(", ".join(near.lines)),
            "metres": round(near.metres, -1) if near.metres >= 20 else near.metres,
            "minutes": max(1, near.walking_minutes),
        },
    )


def _named_place_with_coordinates(turn: Turn, *, last: bool = False) -> Place | None:
    """The place of the message that lies on the map; of "from A to B" it is B that is `last`."""
    places = [turn.house.city.place(str(entity.value["id"])) for entity in turn.entities_of("place")]
    located = [place for place in places if place.lat is not None]
    return (located[-1] if last else located[0]) if located else None
