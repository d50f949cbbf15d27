"""The city's geography: its places, lines and stops, and what is near a point.

Everything is read once from `data/city/` (`City.load`); the functions then answer without I/O. Distances are metres,
coordinates WGS 84 degrees.
"""

import csv
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shapely import Point, STRtree, from_geojson, prepare
from shapely.geometry.base import BaseGeometry

from nlu.plain_yaml import load_yaml

_EARTH_RADIUS_M = 6_371_008.8


class UnknownPlace(KeyError):
    """An id that neither the gazetteer nor the list of lines has."""


@dataclass(frozen=True, slots=True)
class Place:
    """A named place. `arrondissement` is an id; it and the position are None where no source gives them."""

    id: str
    kind: str
    name_fr: str
    name_ar: str
    arrondissement: str | None = None
    lat: float | None = None
    lon: float | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the tramway or the busway; hours are local times as "05:30", the headway is that of peak hours."""

    id: str
    mode: str
    terminus_a: str
    terminus_b: str
    first_departure: str
    last_departure: str
    headway_peak_min: float | None
    source_date: str
    confidence: str


@dataclass(frozen=True, slots=True)
class NearStop:
    """A stop near a point: `metres` in a straight line, `walking_minutes` an estimate (`assumptions.yml`)."""

    stop: Place
    lines: tuple[str, ...]
    metres: int
    walking_minutes: int


@dataclass(frozen=True, slots=True)
class Assumptions:
    walking_speed_kmh: float
    walking_detour: float
    near_casablanca_km: float
    border_tolerance_m: float
    commune_reach_km: float


@dataclass(frozen=True, slots=True)
class _Stop:
    """A stop with its line and a position that may be walked to (None where it is only interpolated)."""

    place: Place
    line: str
    position: tuple[float, float] | None


class City:
    """Casablanca as far as the files know it."""

    def __init__(
        self,
        places: Mapping[str, Place],
        namesake_stops: Mapping[str, str],
        lines: Sequence[Line],
        stops: Sequence[_Stop],
        polygons: Mapping[str, BaseGeometry],
        assumptions: Assumptions,
        communes: Sequence[tuple[Place, float, float]] = (),
    ) -> None:
        self._communes = tuple(communes)
        self._places = places
        self._namesake_stops = namesake_stops
        self.lines = tuple(lines)
        self._stops = tuple(stops)
        self._stops_of = {line.id: tuple(stop.place for stop in stops if stop.line == line.id) for line in lines}
        self._arrondissement_ids = tuple(polygons)
        self._polygons = tuple(polygons.values())
        self._tree = STRtree(self._polygons)
        self.assumptions = assumptions
        for polygon in self._polygons:
            prepare(polygon)

    @classmethod
    def load(cls, folder: Path) -> "City":
        """Reads the files of `data/city/`."""
        entries: list[dict[str, Any]] = load_yaml((folder / "places.yml").read_text("utf-8"))
        places = {entry["id"]: _place(entry) for entry in entries}
        namesakes = {entry["id"]: entry["stop"] for entry in entries if "stop" in entry}
        assumptions = Assumptions(**load_yaml((folder / "assumptions.yml").read_text("utf-8")))
        lines = [_line(row) for row in read_rows(folder / "lines.csv")]
        stops = [_stop(row, places) for row in read_rows(folder / "stops.csv")]
        polygons = _polygons(folder / "arrondissements.geojson")
        communes = [
            (places[row["id"]], float(row["lat"]), float(row["lon"])) for row in read_rows(folder / "communes.csv")
        ]
        return cls(places, namesakes, lines, stops, polygons, assumptions, communes)

    @property
    def arrondissements(self) -> tuple[Place, ...]:
        """The 16 arrondissements in the order of the statistical office's codes."""
        return tuple(self._places[id_] for id_ in self._arrondissement_ids)

    @property
    def outlines(self) -> Mapping[str, BaseGeometry]:
        """The borders of the arrondissements by id, in degrees."""
        return dict(zip(self._arrondissement_ids, self._polygons, strict=True))

    @property
    def places(self) -> tuple[Place, ...]:
        """Everything that has a name."""
        return tuple(self._places.values())

    @property
    def landmarks(self) -> tuple[Place, ...]:
        """The landmarks whose position is known."""
        return tuple(place for place in self._places.values() if place.kind == "landmark" and place.lat is not None)

    def place(self, id_: str) -> Place:
        """The place with this id; raises `UnknownPlace`."""
        try:
            return self._places[id_]
        except KeyError:
            raise UnknownPlace(id_) from None

    def stop_of(self, id_: str) -> Place | None:
        """The stop to get off at for a place: itself, its namesake or the one at its door; None if unknown."""
        place = self.place(id_)
        if place.kind == "stop":
            return place
        stop_id = self._namesake_stops.get(id_)
        return self._places[stop_id] if stop_id else None

    def line(self, id_: str) -> Line:
        """The line with this id ("T1"); raises `UnknownPlace`."""
        for line in self.lines:
            if line.id == id_:
                return line
        raise UnknownPlace(id_)

    def stops_of(self, line_id: str) -> tuple[Place, ...]:
        """The stops of a line from its first terminus to its second; raises `UnknownPlace`."""
        try:
            return self._stops_of[line_id]
        except KeyError:
            raise UnknownPlace(line_id) from None

    def lines_at(self, stop_id: str) -> tuple[str, ...]:
        """The ids of the lines that call at a stop, or at another stop in the same place (one station, two names)."""
        positions = {stop.position for stop in self._stops if stop.place.id == stop_id and stop.position}
        same = (stop.line for stop in self._stops if stop.place.id == stop_id or stop.position in positions)
        return tuple(sorted(set(same), key=[line.id for line in self.lines].index))

    def arrondissement_at(self, lat: float, lon: float) -> Place | None:
        """The arrondissement in which a point lies; None outside the commune.

        A point in a slit between two polygons belongs to the nearer one (`border_tolerance_m`).
        """
        point = Point(lon, lat)
        inside = self._tree.query(point, predicate="within")
        if len(inside):
            return self._places[self._arrondissement_ids[int(min(inside))]]
        nearest = int(self._tree.nearest(point))
        if self._metres_to(nearest, lat, lon) > self.assumptions.border_tolerance_m:
            return None
        return self._places[self._arrondissement_ids[nearest]]

    def nearest_stops(self, lat: float, lon: float, limit: int = 3) -> list[NearStop]:
        """The nearest stops, the nearest first; stops without a surveyed position are never among them."""
        by_position: dict[tuple[float, float], Place] = {}
        for stop in self._stops:
            if stop.position:
                by_position.setdefault(stop.position, stop.place)
        ranked = sorted((distance_metres(lat, lon, *position), place.id) for position, place in by_position.items())
        return [
            NearStop(self._places[id_], self.lines_at(id_), round(metres), self._walking_minutes(metres))
            for metres, id_ in ranked[:limit]
        ]

    def is_near_casablanca(self, lat: float, lon: float) -> bool:
        """Whether a point lies in the commune or within `near_casablanca_km` of it."""
        if self.arrondissement_at(lat, lon):
            return True
        nearest = int(self._tree.nearest(Point(lon, lat)))
        return self._metres_to(nearest, lat, lon) <= self.assumptions.near_casablanca_km * 1000

    def commune_near(self, lat: float, lon: float) -> Place | None:
        """The neighbouring commune whose point is nearest to one outside the city; None far from all of them."""
        reach = self.assumptions.commune_reach_km * 1000
        near = [(distance_metres(lat, lon, *position), place) for place, *position in self._communes]
        metres, place = min(near, key=lambda pair: pair[0], default=(math.inf, None))
        return place if metres <= reach else None

    def _metres_to(self, polygon_index: int, lat: float, lon: float) -> float:
        """Metres from a point to a polygon, 0 inside.

        The closest point of the border is chosen in degrees, so the result may be a fifth too large, never too small.
        """
        polygon, point = self._polygons[polygon_index], Point(lon, lat)
        if polygon.covers(point):
            return 0.0
        edge = polygon.boundary
        closest = edge.interpolate(edge.project(point))
        return distance_metres(lat, lon, closest.y, closest.x)

    def _walking_minutes(self, metres: float) -> int:
        way = metres * self.assumptions.walking_detour
        return max(1, math.ceil(way / (self.assumptions.walking_speed_kmh * 1000 / 60)))


def distance_metres(lat_a: float, lon_a: float, lat_b: float, lon_b: float) -> float:
    """The great-circle distance of two points (haversine)."""
    phi_a, phi_b = math.radians(lat_a), math.radians(lat_b)
    half_lat, half_lon = (phi_b - phi_a) / 2, math.radians(lon_b - lon_a) / 2
    chord = math.sin(half_lat) ** 2 + math.cos(phi_a) * math.cos(phi_b) * math.sin(half_lon) ** 2
    return 2 * _EARTH_RADIUS_M * math.asin(math.sqrt(chord))


def is_on_earth(lat: float, lon: float) -> bool:
    return math.isfinite(lat) and math.isfinite(lon) and abs(lat) <= 90 and abs(lon) <= 180


def _place(entry: Mapping[str, Any]) -> Place:
    name = entry["name"]
    return Place(
        id=entry["id"],
        kind=entry["kind"],
        name_fr=str(name["fr"]),
        name_ar=str(name["ar"]),
        arrondissement=entry.get("arrondissement"),
        lat=entry.get("lat"),
        lon=entry.get("lon"),
    )


def _line(row: Mapping[str, str]) -> Line:
    return Line(
        id=row["line"],
        mode=row["mode"],
        terminus_a=row["terminus_a"],
        terminus_b=row["terminus_b"],
        first_departure=row["first_departure"],
        last_departure=row["last_departure"],
        headway_peak_min=float(row["headway_peak_min"]) if row["headway_peak_min"] else None,
        source_date=row["source_date"],
        confidence=row["confidence"],
    )


def _stop(row: Mapping[str, str], places: Mapping[str, Place]) -> _Stop:
    surveyed = row["position"] != "interpolated"
    # A metre of precision: two stops of one station that differ in the seventh decimal are one place to walk to.
    position = (round(float(row["lat"]), 5), round(float(row["lon"]), 5)) if surveyed else None
    return _Stop(places[row["id"]], row["line"], position)


def _polygons(path: Path) -> dict[str, BaseGeometry]:
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    return {feature["properties"]["id"]: from_geojson(json.dumps(feature["geometry"])) for feature in features}


def read_rows(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file below its comment lines."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(_without_comments(file)))


def _without_comments(lines: Iterable[str]) -> Iterable[str]:
    return (line for line in lines if not line.startswith("#"))
