"""A way in words: legs in order, hours, fare, what the minutes rest on, and a link to the phone's own map."""

import math
from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from actions.geography import Place
from actions.places import name_of
from actions.reply import Lines, Part, Picture, Pin, Reply, Say, Words
from actions.travel import picture
from actions.travel.ends import Endpoint
from actions.travel.hours import Running, hours_differ, running, service_of
from actions.travel.itinerary import Itinerary, Ride, Walk
from actions.travel.network import Network
from actions.turn import Turn

_AT_THE_SPOT = 30
"""Metres within which nobody needs to be told to walk."""
_EXACT_BELOW = 20
"""Minutes from which an estimate is rounded up to five."""


def way_in_words(turn: Turn, way: Itinerary, start: Endpoint, goal: Endpoint, *, at: datetime) -> Reply:
    """The whole answer to "from A to B": text, map and pin."""
    network = turn.house.network
    parts = [Lines((_heading(way, start, goal), *_legs(turn, way)))]
    notes = [*_running(network, way, at=at), *_cautions(network, way, start, goal)]
    practical = [*_practical(network, way, at=at), *_estimate(network, way)]
    parts += [Lines(tuple(group)) for group in (notes, practical) if group]
    point = goal.at.point
    if point is None:
        return Reply(tuple(parts))
    link = Say("itinerary.map_link", {"link": Words(_map_link(network, way, point))})
    drawn = turn.house.files.store_generated(picture.draw(network, way, turn.language), "png")
    shown = Picture(drawn, Say("itinerary.picture", {"start": start.name, "goal": goal.name}))
    pins = (Pin(*point, name_of(goal.place, turn.language)),) if goal.place else ()
    return Reply((*parts, link, shown, *pins))


def ways_in_words(turn: Turn, ways: Sequence[tuple[Itinerary, Endpoint, Endpoint]], *, at: datetime) -> Reply:
    """Several ways one after the other: their legs, what has to be said of each, and once what holds for all of them."""
    network = turn.house.network
    parts: list[Part] = []
    for way, start, goal in ways:
        parts.append(Lines((_heading(way, start, goal), *_legs(turn, way))))
        notes = _cautions(network, way, start, goal)
        parts += [Lines(tuple(notes))] if notes else []
    ridden = max((way for way, *_ in ways), key=lambda way: way.changes if way.rides else -1)
    general = [*_running(network, ridden, at=at), *_practical(network, ridden, at=at), *_estimate(network, ridden)]
    last = ways[-1][2]
    pins = (Pin(*last.at.point, name_of(last.place, turn.language)),) if last.at.point and last.place else ()
    return Reply((*parts, Lines(tuple(general)), *pins))


def minutes_in_words(turn: Turn, way: Itinerary, start: Endpoint, goal: Endpoint) -> Reply:
    """How long a way takes, and what that rests on."""
    return Reply((Lines((_heading(way, start, goal), *_estimate(turn.house.network, way))),))


def _heading(way: Itinerary, start: Endpoint, goal: Endpoint) -> Say:
    about = {"start": start.name, "goal": goal.name, "minutes": spoken_minutes(way.minutes)}
    if not way.rides:
        return Say("itinerary.heading_on_foot", about)
    if not way.changes:
        return Say("itinerary.heading_direct", about)
    return Say("itinerary.heading_changes", about, way.changes)


def _legs(turn: Turn, way: Itinerary) -> list[Say]:
    """Numbered; walks of a few metres are left out, so the next ride then says where it begins."""
    told: list[Say] = []
    at: Place | None = None
    for leg in way.legs:
        if isinstance(leg, Walk) and (leg.metres < _AT_THE_SPOT and (leg.to is None or not told)):
            continue
        if isinstance(leg, Walk):
            at = leg.to
            told.append(_walk(turn, leg, changing=bool(leg.to and told)))
        else:
            told.append(_ride(turn, leg, begins=leg.stops[0] != at))
    return [Say("itinerary.leg", {"number": number, "leg": leg}) for number, leg in enumerate(told, start=1)]


def _walk(turn: Turn, leg: Walk, *, changing: bool) -> Say:
    about: dict[str, Any] = {"metres": max(50, round(leg.metres / 50) * 50), "minutes": math.ceil(leg.minutes)}
    if leg.to is None:
        return Say("itinerary.walk_to_goal", about)
    about |= {"stop": Words(name_of(leg.to, turn.language))}
    if changing and leg.metres < _AT_THE_SPOT:
        return Say("itinerary.change_here", about)
    return Say("itinerary.change" if changing else "itinerary.walk_to_stop", about)


def _ride(turn: Turn, leg: Ride, *, begins: bool) -> Say:
    about = {
        "mode": Say(f"itinerary.mode.{leg.line.mode}"),
        "line": leg.line.id,
        "towards": Words(name_of(leg.towards, turn.language)),
        "board": Words(name_of(leg.stops[0], turn.language)),
        "alight": Words(name_of(leg.stops[-1], turn.language)),
        "minutes": math.ceil(leg.minutes),
    }
    return Say("itinerary.ride_from" if begins else "itinerary.ride", about, leg.count)


def _running(network: Network, way: Itinerary, *, at: datetime) -> list[Say]:
    if not way.rides:
        return []
    service, state = service_of(way), running(way, at=at)
    hours = {"first": _clock(service.first), "last": _clock(service.last)}
    notes = [] if state is Running.YES else [Say(f"itinerary.{state.value}", hours)]
    if state in (Running.NOT_YET, Running.NO_MORE):
        notes.append(Say("itinerary.taxi_instead"))
    if hours_differ(network.of.other_hours_months, on=at):
        notes.append(Say("itinerary.hours_differ"))
    return notes


def _cautions(network: Network, way: Itinerary, start: Endpoint, goal: Endpoint) -> list[Say]:
    notes = [
        Say("itinerary.stand_in", {"place": end.name, "known": end.stand_in}) for end in (start, goal) if end.stand_in
    ]
    areas = [end.name for end in (start, goal) if end.whole_area]
    if len(areas) > 1:
        notes.append(Say("itinerary.whole_areas", {"start": areas[0], "goal": areas[1]}))
    elif areas:
        notes.append(Say("itinerary.whole_area", {"place": areas[0]}))
    if way.longest_walk >= network.of.long_walk_min:
        notes.append(Say("itinerary.long_walk"))
    return notes


def _practical(network: Network, way: Itinerary, *, at: datetime) -> list[Say]:
    """Hours, unless a warning has said them, and the price in its two dated figures."""
    if not way.rides:
        return []
    service, fare = service_of(way), network.of.fare
    hours = Say("itinerary.hours", {"first": _clock(service.first), "last": _clock(service.last)})
    ticket = Say("itinerary.fare", {"old": fare.march_2024_dh, "new": fare.voted_may_2024_dh})
    free = [Say("itinerary.free_change", {"minutes": fare.free_change_min})] if way.changes else []
    return [*([hours] if running(way, at=at) is Running.YES else []), ticket, *free]


def _estimate(network: Network, way: Itinerary) -> list[Say]:
    walk = _number(network.of.walking_metres_a_minute * 60 / 1000)
    if not way.rides:
        return [Say("itinerary.estimate_on_foot", {"walk": walk})]
    modes = dict.fromkeys(ride.line.mode for ride in way.rides)
    speeds = "/".join(f"{network.of.speed_kmh[mode]:g}" for mode in modes)
    return [Say("itinerary.estimate", {"walk": walk, "speed": speeds})]


def _map_link(network: Network, way: Itinerary, goal: tuple[float, float]) -> str:
    return network.of.map_link.format(lat=goal[0], lon=goal[1], mode="transit" if way.rides else "walking")


def _number(value: float) -> Say:
    whole, tenth = divmod(round(value * 10), 10)
    return Say("itinerary.decimal", {"whole": whole, "tenth": tenth})


def _clock(at: time) -> Say:
    return Say("itinerary.clock", {"hour": at.hour, "minute": f"{at.minute:02}"})


def spoken_minutes(minutes: float) -> int:
    """An estimate as it is said: whole minutes, from twenty on in steps of five, always rounded up."""
    return math.ceil(minutes) if minutes < _EXACT_BELOW else math.ceil(minutes / 5) * 5
