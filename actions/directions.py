"""Finding the way from one place to another, and the arrondissement of a place."""

from collections.abc import Sequence
from datetime import datetime, time

from actions import stops
from actions.faq import TOPIC_LASTS, answer, talk_about
from actions.geography import Place, distance_metres
from actions.places import name_of, place_at, place_in
from actions.reply import AskLocation, Choice, Pin, Reply, Say, Words, say
from actions.state import LOCATION_LASTS
from actions.travel.ends import Endpoint, Named, endpoint_of, leaves_the_expo, named_ends
from actions.travel.hours import Running, running
from actions.travel.itinerary import End, Itinerary, find_way
from actions.travel.wording import way_in_words
from actions.turn import Turn, button, with_choices
from nlu.programme_words import says
from nlu.text import normalise, words
from nlu.understanding import Decision, Entity, Understanding

_VENUE_IS_THE_PLACE = 100
"""Metres within which the venue of the expo is called by the name that the gazetteer has in both scripts."""
_SHORT = 4
"""Fewer words than these stand beside the place in a message that is only the other end of a way ("de la gare Casa Port")."""


def directions(turn: Turn) -> Reply:
    """The way from one place to another; what is missing of the two is asked for."""
    leaving = _from_the_expo(turn)
    if leaving is not None:
        return leaving
    named = _named(turn)
    if named.goal is None and named.start is None:
        return answer(turn, "transport/directions")
    if turn.house.network.of.airport.place in {end.id for end in (named.start, named.goal) if end}:
        return airport(turn)
    if named.goal is None:
        return _ask_goal(turn, named.start) if named.start else answer(turn, "transport/directions")
    goal = endpoint_of(named.goal, turn.house.city, turn.house.network.of, turn.language)
    if goal is None:
        return _not_on_map(turn, named.goal)
    return _to(turn, goal, named.start)


def to_the_expo(turn: Turn) -> Reply:
    """The way to the venue of the expo; without an edition to the last known one, which is said."""
    leaving = _from_the_expo(turn)
    if leaving is not None:
        return leaving
    goal = _venue(turn)
    if goal is None:
        return answer(turn, "expo/directions")
    if turn.house.network.of.airport.place in [str(entity.value["id"]) for entity in turn.entities_of("place")]:
        return airport(turn)
    named = _named(turn)
    here = [place for place in (named.start, named.goal) if place and place.kind != "city"]
    start = next((place for place in here if goal.place is None or place.id != goal.place.id), None)
    told = _about_the_venue(turn)
    if says(turn.text, "parking"):
        told = told.then(say("itinerary.parking_unknown"))
    if named.start is not None and named.start.kind == "city":
        told = told.then(_not_on_map(turn, named.start))
    return told.then(_to(turn, goal, start))


def await_start(turn: Turn) -> None:
    """Where the expo is has just been told: a place or a location that follows is where somebody sets out for it."""
    if _venue(turn) is not None and turn.state.form is None:
        turn.state.awaiting = "way_to:"


def _from_the_expo(turn: Turn) -> Reply | None:
    """The way from the venue to the place that is named; None where the way does not begin there, or nobody knows it."""
    places = turn.entities_of("place")
    if not places or not leaves_the_expo(turn.text, places, turn.house.network.of):
        return None
    if turn.house.network.of.airport.place in [str(entity.value["id"]) for entity in places]:
        return airport(turn)
    venue, place = _venue(turn), turn.house.city.place(str(places[-1].value["id"]))
    goal = endpoint_of(place, turn.house.city, turn.house.network.of, turn.language)
    if venue is None or goal is None:
        return _not_on_map(turn, place) if goal is None else None
    return _about_the_venue(turn).then(_way(turn, venue, goal))


def airport(turn: Turn) -> Reply:
    """Between the airport and the city: bus and train, and where a place is named the way between it and them."""
    told = answer(turn, "transport/airport")
    of = turn.house.network.of.airport
    named = _named(turn)
    coming = named.start is not None and named.start.id == of.place
    place = named.goal if coming else named.start
    if place is None or place.id == of.place or place.kind == "city":
        return told
    city_end = endpoint_of(place, turn.house.city, turn.house.network.of, turn.language)
    if city_end is None:
        return told
    gates = [
        (stop, endpoint_of(turn.house.city.place(stop), turn.house.city, turn.house.network.of, turn.language))
        for stop in of.gateways
    ]
    ways = []
    for stop, gate in gates:
        if gate is not None:
            start, goal = (gate, city_end) if coming else (city_end, gate)
            ways.append((find_way(turn.house.network, start.at, goal.at), stop, start, goal))
    at = _leaving(turn)
    if all(way.rides and running(way, at=at) in (Running.NOT_YET, Running.NO_MORE) for way, *_ in ways):
        # The bus runs all night, the train does not.
        ways = [found for found in ways if found[1] in of.bus]
    way, stop, start, goal = min(ways, key=lambda found: found[0].minutes)
    if not way.rides and way.minutes < 1:
        return told  # The train leaves where they are.
    key = "bus_or_train" if stop in of.bus else "train"
    here = Words(name_of(turn.house.city.place(stop), turn.language))
    between = say(f"itinerary.airport.{'from' if coming else 'to'}.{key}", stop=here)
    return told.then(between).then(way_in_words(turn, way, start, goal, at=at))


def other_end(turn: Turn) -> Reply | None:
    """The end of a way that was asked for, or the place to find stops near, named in a few words; None for other messages."""
    awaiting, _, known = (turn.state.awaiting or "").partition(":")
    understanding = turn.understanding
    if understanding is None or awaiting not in ("way_to", "way_from", "nearest_stop"):
        return None
    places = turn.entities_of("place")
    short = _words_beside(understanding, places) < _SHORT
    sure = understanding.decision is Decision.ANSWER and not understanding.intent.startswith(("transport/", "faq/arr"))
    if len(places) != 1 or not short or (sure and not _is_only_a_place(turn)):
        return None
    place = turn.house.city.place(str(places[0].value["id"]))
    end = endpoint_of(place, turn.house.city, turn.house.network.of, turn.language)
    if end is None:
        return _not_on_map(turn, place)
    turn.state.awaiting = None
    if awaiting == "nearest_stop":
        return stops.near(turn, end.at.point, end.name) if end.at.point else None
    if awaiting == "way_from":
        start = endpoint_of(turn.house.city.place(known), turn.house.city, turn.house.network.of, turn.language)
        return _way(turn, start, end) if start else None
    goal = _awaited_goal(turn, known)
    return _way(turn, end, goal) if goal else None


def way_back(turn: Turn) -> Reply | None:
    """The way that was just told, the other way round ("et le retour ?"); None for any other message."""
    topic, said = turn.state.topic, {word.text for word in words(normalise(turn.text))}
    is_recent = topic is not None and topic.intent == "transport/directions" and turn.now - topic.at <= TOPIC_LASTS
    asks = bool(said & turn.house.network.of.back_words) and len(said) <= _SHORT
    if not (is_recent and asks) or turn.state.form or turn.entities_of("place") or not turn.state.way:
        return None
    ends = [_end_of(turn, end) for end in turn.state.way]
    goal, start = ends
    return _way(turn, start, goal) if start and goal else None


def _end_of(turn: Turn, id_: str) -> Endpoint | None:
    match id_:
        case "here":
            return _here(turn) if turn.state.location else None
        case "venue":
            return _venue(turn)
    return endpoint_of(turn.house.city.place(id_), turn.house.city, turn.house.network.of, turn.language)


def _id_of(end: Endpoint) -> str:
    if end.place:
        return end.place.id
    return "here" if isinstance(end.name, Say) else "venue"


def arrondissement(turn: Turn) -> Reply:
    """The arrondissement of the place that is named; without one the general answer, and a location is welcome."""
    found = place_in(turn)
    if found and found.arrondissement and found.place_id != found.arrondissement:
        name = name_of(turn.house.city.place(found.arrondissement), turn.language)
        return say("directions.in_arrondissement", place=Words(found.text), arrondissement=Words(name))
    turn.state.awaiting = "arrondissement"
    return answer(turn, "faq/arrondissement").then(Reply((AskLocation(),)))


def about_location(turn: Turn, lat: float, lon: float) -> Reply:
    """What a shared location is good for: the way that was asked for, the arrondissement, stops, a report at this place."""
    turn.state.location, turn.state.located_at = (lat, lon), turn.now
    awaiting, turn.state.awaiting = turn.state.awaiting, None
    waiting_for, _, known = (awaiting or "").partition(":")
    if waiting_for == "way_to" and turn.house.city.is_near_casablanca(lat, lon):
        goal = _awaited_goal(turn, known)
        if goal is not None:
            return _way(turn, _here(turn), goal)
    found = place_at(turn, lat, lon)
    if found.outside or found.arrondissement is None:
        commune = turn.house.city.commune_near(lat, lon)
        outside = say("directions.location_outside")
        if commune is not None:
            outside = say("directions.location_outside_near", commune=Words(name_of(commune, turn.language)))
        return with_choices(outside, turn.intent_choice("help"))
    name = Words(name_of(turn.house.city.place(found.arrondissement), turn.language))
    here = say("directions.you_are_in", arrondissement=name)
    if awaiting == "arrondissement":
        return here
    near = stops.near(turn, (lat, lon), None)
    if awaiting == "nearest_stop":
        return near
    return with_choices(here.then(near), button("directions.button.report_here", "report_here"))


def _to(turn: Turn, goal: Endpoint, start: Place | None) -> Reply:
    """The way to a goal from a named place, else from the location shared a moment ago; else the start is asked for."""
    if start is not None:
        begin = endpoint_of(start, turn.house.city, turn.house.network.of, turn.language)
        if begin is not None:
            return _way(turn, begin, goal)
        return _not_on_map(turn, start).then(_ask_start(turn, goal))
    shared = turn.state.located_at
    if turn.state.location and shared and turn.now - shared <= LOCATION_LASTS:
        return _way(turn, _here(turn), goal)
    return _ask_start(turn, goal)


def _way(turn: Turn, start: Endpoint, goal: Endpoint) -> Reply:
    way = find_way(turn.house.network, start.at, goal.at)
    same = start.place is not None and goal.place is not None and start.place.id == goal.place.id
    if same or not way.legs or (way.minutes < 1 and not way.rides):
        return say("itinerary.there_already", place=goal.name)
    told = way_in_words(turn, way, start, goal, at=_leaving(turn))
    turn.state.way = [_id_of(start), _id_of(goal)]
    talk_about(turn, "transport/directions")
    return with_choices(told, *_choices(turn, way))


def _choices(turn: Turn, way: Itinerary) -> list[Choice]:
    intents = ["transport/fares"] if way.rides else []
    return [turn.intent_choice(intent) for intent in (*intents, "transport/taxi", "transport/nearest_stop")]


def _ask_start(turn: Turn, goal: Endpoint) -> Reply:
    """Meanwhile the stops around the goal and its pin are a help."""
    turn.state.awaiting = f"way_to:{goal.place.id if goal.place else ''}"
    point = goal.at.point
    near = stops.near(turn, point, goal.name) if point else Reply(())
    pin = Reply((Pin(*point, _title(turn, goal)),)) if point else Reply(())
    return near.then(pin).then(say("itinerary.ask_start")).then(Reply((AskLocation(),)))


def _ask_goal(turn: Turn, start: Place) -> Reply:
    if endpoint_of(start, turn.house.city, turn.house.network.of, turn.language) is None:
        return _not_on_map(turn, start)
    turn.state.awaiting = f"way_from:{start.id}"
    return say("itinerary.ask_goal", start=Words(name_of(start, turn.language)))


def _not_on_map(turn: Turn, place: Place) -> Reply:
    key = "itinerary.other_city" if place.kind == "city" else "directions.not_on_map"
    return say(key, place=Words(name_of(place, turn.language)))


def _named(turn: Turn) -> Named:
    return named_ends(turn.text, turn.entities_of("place"), turn.house.city, turn.house.network.of)


def tells_both_ends(turn: Turn) -> bool:
    """Whether a message names where a way begins and where it ends."""
    named = _named(turn)
    return named.start is not None and named.goal is not None


def is_bare_place(turn: Turn) -> bool:
    """Whether a message is the name of a place and nothing else, and sounds like none of what one does with places."""
    understanding = turn.understanding
    if understanding is None or not names_only_places(understanding):
        return False
    sure = understanding.decision is Decision.ANSWER
    return not (sure and understanding.intent.startswith(("transport/", "expo/", "faq/arrondissement")))


def names_only_places(understanding: Understanding) -> bool:
    places = understanding.entities_of("place")
    return bool(places) and _words_beside(understanding, places) == 0


def _is_only_a_place(turn: Turn) -> bool:
    """Whether hardly a word stands beside the place: then the doubtful guess at an intent does not count."""
    return turn.understanding is not None and _words_beside(turn.understanding, turn.entities_of("place")) <= 1


def _words_beside(understanding: Understanding, places: Sequence[Entity]) -> int:
    return len(words(normalise(understanding.text))) - sum(len(words(place.text)) for place in places)


def _here(turn: Turn) -> Endpoint:
    return Endpoint(Say("itinerary.here"), End(turn.state.location))


def _venue(turn: Turn) -> Endpoint | None:
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
        return endpoint_of(turn.house.city.place(id_), turn.house.city, turn.house.network.of, turn.language)
    return Endpoint(Words(known[0].name), End(at))


def _about_the_venue(turn: Turn) -> Reply:
    known = turn.expo.place_to_go
    if known is None:
        return Reply(())
    venue, edition = known
    if turn.expo.edition:
        notice = (Say("expo.demo.notice"),) if edition.demonstration else ()
        return Reply(notice)
    year = max(edition.days).year
    return say("itinerary.last_venue", venue=Words(venue.name), year=year, site=edition.site)


def _awaited_goal(turn: Turn, place: str) -> Endpoint | None:
    if not place:
        return _venue(turn)
    return endpoint_of(turn.house.city.place(place), turn.house.city, turn.house.network.of, turn.language)


def _leaving(turn: Turn) -> datetime:
    """The hour that the message names, today, else now: trams run alike every day as far as is known."""
    for entity in turn.entities_of("time"):
        if "hour" in entity.value:
            hour = time(entity.value["hour"], entity.value.get("minute", 0))
            return datetime.combine(turn.now.date(), hour, turn.now.tzinfo)
    return turn.now


def _title(turn: Turn, goal: Endpoint) -> str:
    return name_of(goal.place, turn.language) if goal.place else goal.name.text if isinstance(goal.name, Words) else ""
