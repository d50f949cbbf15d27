"""The best way between two ends: Dijkstra's algorithm over the network, with walks to and from the stops around."""

import heapq
from dataclasses import dataclass

from actions.geography import Line, Place, distance_metres
from actions.travel.network import NODES_A_PLATFORM, STANDING, Edge, Network, node

Point = tuple[float, float]
_START, _END = -1, -2


@dataclass(frozen=True, slots=True)
class End:
    """Where a way begins or ends: a stop, a point, or a stop with its position. One of them is set."""

    point: Point | None = None
    stop: str | None = None


@dataclass(frozen=True, slots=True)
class Walk:
    """`metres` is the estimated way, not the straight line; `to` is the stop it leads to, None at the destination."""

    metres: float
    minutes: float
    to: Place | None
    track: tuple[Point, Point]


@dataclass(frozen=True, slots=True)
class Ride:
    """`stops` are those called at, from boarding to alighting; `minutes` without the wait before."""

    line: Line
    towards: Place
    stops: tuple[Place, ...]
    wait: float
    minutes: float
    track: tuple[Point, ...]

    @property
    def count(self) -> int:
        """Stops until alighting, the boarding one not counted."""
        return len(self.stops) - 1


@dataclass(frozen=True, slots=True)
class Itinerary:
    """`minutes` include the waits; `cost` is what the search made least."""

    legs: tuple[Walk | Ride, ...]
    minutes: float
    cost: float

    @property
    def rides(self) -> tuple[Ride, ...]:
        return tuple(leg for leg in self.legs if isinstance(leg, Ride))

    @property
    def changes(self) -> int:
        return max(0, len(self.rides) - 1)

    @property
    def longest_walk(self) -> float:
        """Minutes of the longest walk in one piece."""
        return max((leg.minutes for leg in self.legs if isinstance(leg, Walk)), default=0.0)

    @property
    def minutes_to_last_boarding(self) -> float:
        last = max((n for n, leg in enumerate(self.legs) if isinstance(leg, Ride)), default=0)
        return sum(leg.minutes + (leg.wait if isinstance(leg, Ride) else 0) for leg in self.legs[:last])


def find_way(network: Network, start: End, end: End) -> Itinerary:
    """The way of least cost (`travel.yml` says how people weigh walks and boardings); walking all the way is one too."""
    access, egress = _reach(network, start), _reach(network, end)
    first = [network.walk(metres, node(platform, STANDING)) for platform, metres in access.items()]
    point_a, point_b = _point(network, start), _point(network, end)
    if start.point and end.point:
        first.append(network.walk(distance_metres(*point_a, *point_b), _END))
    last = {node(platform, STANDING): network.walk(metres, _END) for platform, metres in egress.items()}
    path, cost = _cheapest(network, first, last)
    return _itinerary(network, path, cost, point_a, point_b)


def _cheapest(network: Network, first: list[Edge], last: dict[int, Edge]) -> tuple[list[tuple[int, float]], float]:
    """The nodes of the cheapest path with the minutes of the edge that led to each, and its cost."""
    best: dict[int, float] = {_START: 0.0}
    before: dict[int, tuple[int, float]] = {}
    waiting = [(0.0, _START)]
    while waiting:
        cost, here = heapq.heappop(waiting)
        if here == _END:
            break
        if cost > best[here]:
            continue
        edges = first if here == _START else network.edges[here]
        for edge in [*edges, last[here]] if here in last else edges:
            reached = cost + edge.cost
            if reached < best.get(edge.to, float("inf")):
                best[edge.to], before[edge.to] = reached, (here, edge.minutes)
                heapq.heappush(waiting, (reached, edge.to))
    path = []
    here = _END
    while here != _START:
        previous, minutes = before[here]
        path.append((here, minutes))
        here = previous
    return path[::-1], best[_END]


def _itinerary(network: Network, path: list[tuple[int, float]], cost: float, start: Point, end: Point) -> Itinerary:
    """Neighbouring edges as legs: walks from stop to stop, rides from boarding to alighting."""
    legs: list[Walk | Ride] = []
    aboard: list[tuple[int, float, int]] = []
    here, wait = start, 0.0
    for step, minutes in path:
        platform, kind = divmod(step, NODES_A_PLATFORM) if step >= 0 else (-1, STANDING)
        if kind != STANDING:
            if not aboard:
                wait = minutes
            aboard.append((platform, minutes, kind))
            continue
        if aboard:
            legs.append(_ride(network, aboard, wait))
            aboard = []
            here = legs[-1].track[-1]
            continue
        there = end if step == _END else _position(network, platform)
        stop = None if step == _END else network.platforms[platform].stop
        legs.append(Walk(minutes * network.of.walking_metres_a_minute, minutes, stop, (here, there)))
        here = there
    return Itinerary(tuple(legs), sum(minutes for _, minutes in path), cost)


def _ride(network: Network, aboard: list[tuple[int, float, int]], wait: float) -> Ride:
    numbers = [number for number, _, _ in aboard]
    line = network.platforms[numbers[0]].line
    of_line = [n for n, platform in enumerate(network.platforms) if platform.line == line]
    towards = network.platforms[of_line[-1] if numbers[-1] > numbers[0] else of_line[0]].stop
    stops = tuple(network.platforms[number].stop for number in numbers)
    track = tuple(_position(network, number) for number in numbers)
    return Ride(line, towards, stops, wait, sum(minutes for _, minutes, _ in aboard[1:]), track)


def _reach(network: Network, end: End) -> dict[int, float]:
    """Platforms around an end with the metres to them; the end's own stop is there at once."""
    near = network.near(*end.point) if end.point else {}
    return {**near, network.platforms_of[end.stop]: 0.0} if end.stop else near


def _point(network: Network, end: End) -> Point:
    if end.point:
        return end.point
    if end.stop is None:
        raise ValueError("an end of a way has neither a point nor a stop")
    return _position(network, network.platforms_of[end.stop])


def _position(network: Network, platform: int) -> Point:
    return network.platforms[platform].lat, network.platforms[platform].lon
