"""Finding the way from one place to another."""

from collections.abc import Sequence
from datetime import datetime, time
from itertools import pairwise

from actions import stops
from actions.end_points import about_the_venue, end_at, end_of, here_end, id_of, is_located, venue_end
from actions.expo_ways import comes_to_the_expo, goes_back
from actions.faq import TOPIC_LASTS, answer, talk_about
from actions.geography import Place
from actions.places import name_of, place_at
from actions.reply import AskLocation, Choice, Pin, Reply, Words, say
from actions.travel.ends import Endpoint, Named, begins_at, leaves_the_expo, named_ends
from actions.travel.hours import Running, running
from actions.travel.itinerary import Itinerary, find_way
from actions.travel.stages import VENUE, stages
from actions.travel.wording import minutes_in_words, way_in_words, ways_in_words
from actions.turn import Turn, button, with_choices
from nlu.programme_words import asks_the_way, says
from nlu.text import normalise, words
from nlu.understanding import Decision, Entity, Understanding

_NO_WAYS = ("report/", "request/", "emergency")
_WAYS = frozenset({"transport/directions", "transport/airport", "expo/directions", "expo/venue"})
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
    if comes_to_the_expo(turn, named):
        return to_the_expo(turn)
    if named.goal is None:
        return _ask_goal(turn, named.start) if named.start else answer(turn, "transport/directions")
    goal = end_at(turn, named.goal)
    venue = venue_end(turn) if goes_back(turn, named) else None
    if venue is not None and goal is not None:
        return about_the_venue(turn).then(tell_way(turn, venue, goal))
    return _goal_unknown(turn, named) if goal is None else _to(turn, goal, named.start)


def _goal_unknown(turn: Turn, named: Named) -> Reply:
    """A goal that is not on the map: what is named or shared next is beside it, and the way leads there."""
    start = named.start and end_at(turn, named.start)
    if named.goal is None:
        return answer(turn, "transport/directions")
    if named.goal.kind != "city":
        turn.state.awaiting = f"way_from:{named.start.id if named.start and start else ''}"
    return _not_on_map(turn, named.goal)


def to_the_expo(turn: Turn) -> Reply:
    """The way to the venue of the expo; without an edition to the last known one, which is said."""
    leaving = _from_the_expo(turn)
    if leaving is not None:
        return leaving
    goal = venue_end(turn)
    if goal is None:
        return answer(turn, "expo/directions")
    if turn.house.network.of.airport.place in [str(entity.value["id"]) for entity in turn.entities_of("place")]:
        return airport(turn)
    named = _named(turn)
    here = [place for place in (named.start, named.goal) if place and place.kind != "city"]
    start = next((place for place in here if goal.place is None or place.id != goal.place.id), None)
    told = about_the_venue(turn)
    if says(turn.text, "parking"):
        told = told.then(say("itinerary.parking_unknown"))
    if named.start is not None and named.start.kind == "city":
        told = told.then(_not_on_map(turn, named.start))
    return told.then(_to(turn, goal, start))


def in_stages(turn: Turn) -> Reply | None:
    """The ways one after the other, where a message goes from place to place ("… to the expo, then to Casa Port"); None for any other."""
    understanding, of = turn.understanding, turn.house.network.of
    if understanding is None or turn.state.form is not None or understanding.intent.startswith(_NO_WAYS):
        return None
    venue = venue_end(turn)
    at_venue = venue.place.id if venue and venue.place else None
    ids = stages(turn.text, turn.entities_of("place"), of, venue=at_venue)
    if not ids or (VENUE in ids and venue is None):
        return None
    ends = [venue if id_ == VENUE else _stage(turn, id_) for id_ in ids]
    told = about_the_venue(turn) if VENUE in ids else Reply(())
    if of.airport.place in ids:
        # Bus and train go there, which stand in an answer of their own.
        ends = [None if id_ == of.airport.place else end for id_, end in zip(ids, ends, strict=True)]
        told = told.then(answer(turn, "transport/airport"))
    for id_, end in zip(ids, ends, strict=True):
        if end is None and id_ not in (None, of.airport.place):
            told = told.then(_not_on_map(turn, turn.house.city.place(str(id_))))
    pairs = [(start, goal) for start, goal in pairwise(ends) if start and goal]
    found = [(find_way(turn.house.network, start.at, goal.at), start, goal) for start, goal in pairs]
    ways = [way for way in found if way[0].legs]
    if not ways:
        return told if of.airport.place in ids else None
    told = told.then(ways_in_words(turn, ways, at=_leaving(turn)))
    turn.state.way = [id_of(ways[0][1]), id_of(ways[-1][2])]
    talk_about(turn, "transport/directions")
    if ids[0] is None and ends[0] is None and ends[1] is not None:
        return told.then(_ask_start(turn, ends[1], brief=True))
    return with_choices(told, *_choices(turn, ways[0][0]))


def _stage(turn: Turn, id_: str | None) -> Endpoint | None:
    """A place of several; where nobody says from where, the location that was shared a moment ago."""
    if id_ is not None:
        return end_at(turn, turn.house.city.place(id_))
    return here_end(turn) if is_located(turn) else None


def await_start(turn: Turn) -> None:
    """Where the expo is has just been told: a place or a location that follows is where somebody sets out for it."""
    if venue_end(turn) is not None and turn.state.form is None:
        turn.state.awaiting = "way_to:"


def _from_the_expo(turn: Turn) -> Reply | None:
    """The way from the venue to the place that is named; None where the way does not begin there, or nobody knows it."""
    places = turn.entities_of("place")
    if not places or not leaves_the_expo(turn.text, places, turn.house.network.of):
        return None
    if turn.house.network.of.airport.place in [str(entity.value["id"]) for entity in places]:
        return airport(turn)
    venue, place = venue_end(turn), turn.house.city.place(str(places[-1].value["id"]))
    goal = end_at(turn, place)
    if venue is None or goal is None:
        return _not_on_map(turn, place) if goal is None else None
    return about_the_venue(turn).then(tell_way(turn, venue, goal))


def airport(turn: Turn) -> Reply:
    """Between the airport and the city: bus and train, and where a place is named the way between it and them."""
    told = answer(turn, "transport/airport")
    of = turn.house.network.of.airport
    named = _named(turn)
    coming = named.start is not None and named.start.id == of.place
    place = named.goal if coming else named.start
    if place is None or place.id == of.place or place.kind == "city":
        return told
    city_end = end_at(turn, place)
    if city_end is None:
        return told
    gates = [(stop, end_at(turn, turn.house.city.place(stop))) for stop in of.gateways]
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
    stands = bool(places) and begins_at(turn.text, places[0].start, turn.house.network.of)  # "jsuis à Maârif"
    sure = understanding.decision is Decision.ANSWER and not understanding.intent.startswith(("transport/", "faq/arr"))
    if len(places) != 1 or not short or (sure and not (stands or _is_only_a_place(turn))):
        return None
    place = turn.house.city.place(str(places[0].value["id"]))
    end = end_at(turn, place)
    if end is None:
        return _not_on_map(turn, place)
    turn.state.awaiting = None
    if awaiting == "nearest_stop":
        return stops.near(turn, end.at.point, end.name) if end.at.point else None
    if awaiting == "way_from" and not known:
        return _to(turn, end, None)
    if awaiting == "way_from":
        start = end_at(turn, turn.house.city.place(known))
        return tell_way(turn, start, end) if start else None
    goal = awaited_goal(turn, known)
    return tell_way(turn, end, goal) if goal else None


def of_the_way(turn: Turn) -> Reply | None:
    """How long the way takes that was just told, or that way once more ("comment j'y vais ?"); None for any other message."""
    if any(entity.value["aspect"] == "delay" and entity.value["bare"] for entity in turn.entities_of("aspect")):
        return minutes_again(turn)
    understanding = turn.understanding
    said = {word.text for word in words(normalise(turn.text))}
    asks = asks_the_way(turn.text) and bool(said & turn.house.network.of.there_words)
    sure = understanding is not None and understanding.decision is Decision.ANSWER
    likely = understanding is not None and (not sure or understanding.intent in _WAYS)
    return told_again(turn) if asks and likely else None


def minutes_again(turn: Turn) -> Reply | None:
    """How long the way takes that was told last; None where something else was told since."""
    ends = _ends_told(turn)
    if ends is None:
        return None
    talk_about(turn, "transport/directions")
    return minutes_in_words(turn, find_way(turn.house.network, ends[0].at, ends[1].at), *ends)


def told_again(turn: Turn) -> Reply | None:
    """The way that was told last; None where something else was told since."""
    ends = _ends_told(turn)
    return tell_way(turn, *ends) if ends else None


def _ends_told(turn: Turn) -> tuple[Endpoint, Endpoint] | None:
    topic, at = turn.state.topic, turn.state.expo_at
    if not _told_a_way(turn) or topic is None or (at is not None and at > topic.at):
        return None
    start, goal = (end_of(turn, end) for end in turn.state.way)
    return (start, goal) if start and goal else None


def _told_a_way(turn: Turn) -> bool:
    """Whether a way was told a moment ago, and the message names no place."""
    topic = turn.state.topic
    is_recent = topic is not None and topic.intent == "transport/directions" and turn.now - topic.at <= TOPIC_LASTS
    return is_recent and bool(turn.state.way) and turn.state.form is None and not turn.entities_of("place")


def way_back(turn: Turn) -> Reply | None:
    """The way that was just told, the other way round ("et le retour ?"); None for any other message."""
    said = {word.text for word in words(normalise(turn.text))}
    asks = bool(said & turn.house.network.of.back_words) and len(said) <= _SHORT
    if not asks or not _told_a_way(turn):
        return None
    ends = [end_of(turn, end) for end in turn.state.way]
    goal, start = ends
    return tell_way(turn, start, goal) if start and goal else None


def about_location(turn: Turn, lat: float, lon: float) -> Reply:
    """What a shared location is good for: the way that was asked for, the arrondissement, stops, a report at this place."""
    turn.state.location, turn.state.located_at = (lat, lon), turn.now
    awaiting, turn.state.awaiting = turn.state.awaiting, None
    waiting_for, _, known = (awaiting or "").partition(":")
    if waiting_for == "way_to" and turn.house.city.is_near_casablanca(lat, lon):
        goal = awaited_goal(turn, known)
        if goal is not None:
            return tell_way(turn, here_end(turn), goal)
    if waiting_for == "way_from" and known and turn.house.city.is_near_casablanca(lat, lon):
        start = end_at(turn, turn.house.city.place(known))
        if start is not None:
            return tell_way(turn, start, here_end(turn))
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
        begin = end_at(turn, start)
        if begin is not None:
            return tell_way(turn, begin, goal)
        return _not_on_map(turn, start).then(_ask_start(turn, goal))
    return tell_way(turn, here_end(turn), goal) if is_located(turn) else _ask_start(turn, goal)


def tell_way(turn: Turn, start: Endpoint, goal: Endpoint) -> Reply:
    way = find_way(turn.house.network, start.at, goal.at)
    same = start.place is not None and goal.place is not None and start.place.id == goal.place.id
    if same or not way.legs or (way.minutes < 1 and not way.rides):
        return say("itinerary.there_already", place=goal.name)
    told = way_in_words(turn, way, start, goal, at=_leaving(turn))
    turn.state.way = [id_of(start), id_of(goal)]
    talk_about(turn, "transport/directions")
    return with_choices(told, *_choices(turn, way))


def _choices(turn: Turn, way: Itinerary) -> list[Choice]:
    intents = ["transport/fares"] if way.rides else []
    return [turn.intent_choice(intent) for intent in (*intents, "transport/taxi", "transport/nearest_stop")]


def _ask_start(turn: Turn, goal: Endpoint, *, brief: bool = False) -> Reply:
    """Meanwhile the stops around the goal and its pin are a help, where nothing else was told."""
    turn.state.awaiting = f"way_to:{goal.place.id if goal.place else ''}"
    if brief:
        return say("itinerary.ask_start").then(Reply((AskLocation(),)))
    point = goal.at.point
    near = stops.near(turn, point, goal.name) if point else Reply(())
    pin = Reply((Pin(*point, _title(turn, goal)),)) if point else Reply(())
    return near.then(pin).then(say("itinerary.ask_start")).then(Reply((AskLocation(),)))


def _ask_goal(turn: Turn, start: Place) -> Reply:
    if end_at(turn, start) is None:
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


def starts_for_the_expo(turn: Turn) -> bool:
    """Whether a message names a place besides the venue: asked where the expo is, they want the way from there."""
    venue = venue_end(turn)
    known = venue.place.id if venue and venue.place else None
    return venue is not None and any(entity.value["id"] != known for entity in turn.entities_of("place"))


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


def awaited_goal(turn: Turn, place: str) -> Endpoint | None:
    if not place:
        return venue_end(turn)
    return end_at(turn, turn.house.city.place(place))


def _leaving(turn: Turn) -> datetime:
    """The hour that the message names, today, else now: trams run alike every day as far as is known."""
    for entity in turn.entities_of("time"):
        if "hour" in entity.value:
            hour = time(entity.value["hour"], entity.value.get("minute", 0))
            return datetime.combine(turn.now.date(), hour, turn.now.tzinfo)
    return turn.now


def _title(turn: Turn, goal: Endpoint) -> str:
    return name_of(goal.place, turn.language) if goal.place else goal.name.text if isinstance(goal.name, Words) else ""
