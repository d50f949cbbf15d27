"""The tramway and busway as a graph of minutes, built once from `data/city/`.

A platform is one stop of one line. It has three nodes: standing there, and aboard in either direction. An edge has its
minutes and its cost: the minutes as people weigh them (`travel.yml`), by which the best way is chosen.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from actions.geography import City, Line, Place, distance_metres, read_rows
from nlu.plain_yaml import load_yaml
from nlu.text import normalise

STANDING, FORWARD, BACKWARD = 0, 1, 2
NODES_A_PLATFORM = 3


@dataclass(frozen=True, slots=True)
class Fare:
    march_2024_dh: int
    voted_may_2024_dh: int
    free_change_min: int


@dataclass(frozen=True, slots=True)
class Airport:
    """The airport's place id and the stops where its train and its bus are caught."""

    place: str
    train: tuple[str, ...]
    bus: tuple[str, ...]

    @property
    def gateways(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.bus, *self.train)))


@dataclass(frozen=True, slots=True)
class Assumptions:
    """`travel.yml` as it is; the reasons stand there."""

    speed_kmh: Mapping[str, float]
    track_detour: float
    wait_share: float
    walking_weight: float
    boarding_penalty_min: float
    access_max_m: float
    long_walk_min: float
    other_hours_months: tuple[int, ...]
    fare: Fare
    map_link: str
    airport: Airport
    stand_ins: Mapping[str, str]
    origin_words: frozenset[str]
    weak_origin_words: frozenset[str]
    leaving_words: frozenset[str]
    words_between: frozenset[str]
    behind_the_expo: frozenset[str]
    then_words: frozenset[str]
    there_words: frozenset[str]
    back_words: frozenset[str]
    colours: Mapping[str, str]
    walking_metres_a_minute: float
    walking_detour: float


@dataclass(frozen=True, slots=True)
class Platform:
    """`walkable` is False where the position lies only between its neighbours: nobody is sent there on foot."""

    stop: Place
    line: Line
    lat: float
    lon: float
    walkable: bool


@dataclass(frozen=True, slots=True)
class Edge:
    to: int
    minutes: float
    cost: float


class Network:
    """Platforms in the order of their lines, and the edges between their nodes."""

    def __init__(self, platforms: list[Platform], transfers: Mapping[tuple[str, str], float], of: Assumptions) -> None:
        self.platforms = tuple(platforms)
        self.of = of
        self.platforms_of: dict[str, int] = {platform.stop.id: n for n, platform in enumerate(platforms)}
        """The platform of each stop: no stop has two lines, stations do by `transfers.csv`."""
        self.edges: list[list[Edge]] = [[] for _ in range(len(platforms) * NODES_A_PLATFORM)]
        for number in range(len(platforms)):
            self._connect(number)
        for (a, b), metres in transfers.items():
            for start, end in ((a, b), (b, a)):
                to = node(self.platforms_of[end], STANDING)
                self.edges[node(self.platforms_of[start], STANDING)].append(self.walk(metres, to))

    @classmethod
    def load(cls, folder: Path, city: City) -> "Network":
        """Reads `stops.csv`, `transfers.csv` and `travel.yml`; a stop or line that nothing knows raises KeyError."""
        platforms = [
            Platform(
                city.place(row["id"]),
                city.line(row["line"]),
                float(row["lat"]),
                float(row["lon"]),
                row["position"] != "interpolated",
            )
            for row in read_rows(folder / "stops.csv")
        ]
        rows = read_rows(folder / "transfers.csv")
        transfers = {(row["stop_a"], row["stop_b"]): float(row["metres"]) for row in rows}
        content = load_yaml((folder / "travel.yml").read_text("utf-8"))
        return cls(platforms, transfers, _assumptions(content, city))

    def walk(self, metres: float, to: int) -> Edge:
        """On foot to a node that lies this far in a straight line."""
        minutes = self.walking_minutes(metres)
        return Edge(to, minutes, minutes * self.of.walking_weight)

    def walking_minutes(self, metres: float) -> float:
        return metres * self.of.walking_detour / self.of.walking_metres_a_minute

    def near(self, lat: float, lon: float) -> dict[int, float]:
        """Platforms that one walks to from a point, with the metres in a straight line; the nearest is always one."""
        metres = {n: distance_metres(lat, lon, p.lat, p.lon) for n, p in enumerate(self.platforms) if p.walkable}
        limit = max(self.of.access_max_m, min(metres.values()))
        return {number: away for number, away in metres.items() if away <= limit}

    def _connect(self, number: int) -> None:
        """Boarding and alighting at a platform, and the ride to its neighbours on the line."""
        here = self.platforms[number]
        wait = (here.line.headway_peak_min or 0) * self.of.wait_share
        for side, neighbour in ((FORWARD, number + 1), (BACKWARD, number - 1)):
            # Past the ends of the list stands nothing; past the end of a line, another line.
            if not 0 <= neighbour < len(self.platforms) or self.platforms[neighbour].line != here.line:
                self.edges[node(number, side)].append(Edge(node(number, STANDING), 0, 0))
                continue
            board = Edge(node(number, side), wait, wait + self.of.boarding_penalty_min)
            self.edges[node(number, STANDING)].append(board)
            there = self.platforms[neighbour]
            metres = distance_metres(here.lat, here.lon, there.lat, there.lon) * self.of.track_detour
            minutes = metres / (self.of.speed_kmh[here.line.mode] * 1000 / 60)
            self.edges[node(number, side)] += [
                Edge(node(number, STANDING), 0, 0),
                Edge(node(neighbour, side), minutes, minutes),
            ]


def node(platform: int, kind: int) -> int:
    return platform * NODES_A_PLATFORM + kind


def _assumptions(content: dict[str, Any], city: City) -> Assumptions:
    airport = content.pop("airport")
    return Assumptions(
        **{
            **content,
            "other_hours_months": tuple(content["other_hours_months"]),
            "fare": Fare(**content["fare"]),
            "origin_words": frozenset(normalise(word) for word in content["origin_words"]),
            "weak_origin_words": frozenset(content["weak_origin_words"]),
            "leaving_words": frozenset(normalise(word) for word in content["leaving_words"]),
            "words_between": frozenset(normalise(word) for word in content["words_between"]),
            "behind_the_expo": frozenset(normalise(word) for word in content["behind_the_expo"]),
            "then_words": frozenset(normalise(phrase) for phrase in content["then_words"]),
            "there_words": frozenset(normalise(word) for word in content["there_words"]),
            "back_words": frozenset(normalise(word) for word in content["back_words"]),
        },
        airport=Airport(airport["place"], tuple(airport["train"]), tuple(airport["bus"])),
        walking_metres_a_minute=city.assumptions.walking_speed_kmh * 1000 / 60,
        walking_detour=city.assumptions.walking_detour,
    )
