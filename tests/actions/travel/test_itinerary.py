"""Ways across the real network: trips reasoned by hand, and the search against an independent one."""

import csv
import math
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import bellman_ford

from actions.geography import City, distance_metres
from actions.travel.ends import Named, endpoint_of, named_ends
from actions.travel.hours import Running, hours_differ, running
from actions.travel.itinerary import End, Itinerary, Walk, find_way
from actions.travel.network import Network
from actions.travel.wording import spoken_minutes
from nlu.runtime import Parser
from nlu.times import CASABLANCA
from nlu.understanding import Language

CITY = Path(__file__).parents[3] / "data" / "city"
TRIPS: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("trips.yml").read_text("utf-8"))
city = City.load(CITY)
network = Network.load(CITY, city)


def way(start: str, goal: str) -> Itinerary:
    ends = [endpoint_of(city.place(id_), city, network.of, Language.FRENCH) for id_ in (start, goal)]
    assert ends[0] is not None
    assert ends[1] is not None
    return find_way(network, ends[0].at, ends[1].at)


def test_there_are_enough_trips_in_every_variety() -> None:
    languages = [trip["language"] for trip in TRIPS]
    assert len(TRIPS) >= 40
    assert {language for language in languages if languages.count(language) >= 8} == {"fr", "ary", "ary-Latn", "en"}


@pytest.mark.parametrize("trip", TRIPS, ids=[f"{trip['from']} to {trip['to']}" for trip in TRIPS])
def test_trip_has_the_lines_stops_and_walks_that_reason_expects(trip: dict[str, Any]) -> None:
    found = way(trip["from"], trip["to"])
    walked = sum(leg.minutes for leg in found.legs if isinstance(leg, Walk))
    assert [(ride.line.id, ride.count) for ride in found.rides] == list(trip["rides"].items())
    assert found.changes == max(0, len(trip["rides"]) - 1)
    assert trip["walk"][0] <= walked <= trip["walk"][1]


@pytest.mark.parametrize("trip", TRIPS, ids=[trip["says"] for trip in TRIPS])
def test_message_names_both_ends_of_the_trip(trip: dict[str, Any], parser: Parser) -> None:
    understood = parser.parse(trip["says"])
    named = named_ends(understood.text, understood.entities_of("place"), city, network.of)
    assert named == Named(city.place(trip["from"]), city.place(trip["to"]))


def test_parts_of_a_way_add_up_to_its_minutes() -> None:
    found = way("derb-ghallef", "hyatt")
    waits = sum(ride.wait for ride in found.rides)
    assert math.isclose(found.minutes, sum(leg.minutes for leg in found.legs) + waits)


def test_nobody_is_sent_on_foot_to_a_stop_without_a_surveyed_position() -> None:
    interpolated = {"stop-al-qods", "stop-yaacoub-al-mansour", "stop-aeropostale"}
    assert {p.stop.id for p in network.platforms if not p.walkable} == interpolated
    for stop in interpolated:
        platform = network.platforms[network.platforms_of[stop]]
        assert network.platforms_of[stop] not in network.near(platform.lat, platform.lon)


def test_transfers_lie_as_far_apart_as_their_file_says() -> None:
    with (CITY / "transfers.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    for row in rows:
        a, b = (network.platforms[network.platforms_of[row[key]]] for key in ("stop_a", "stop_b"))
        assert a.line != b.line
        assert abs(distance_metres(a.lat, a.lon, b.lat, b.lon) - float(row["metres"])) < 1


ends = st.one_of(
    st.sampled_from([p.stop.id for p in network.platforms]).map(lambda stop: End(stop=stop)),
    st.tuples(st.floats(33.50, 33.63), st.floats(-7.76, -7.48)).map(lambda point: End(point=point)),
)


@settings(max_examples=150, deadline=None)
@given(ends, ends)
def test_cost_of_the_way_is_the_least_that_another_algorithm_finds(start: End, goal: End) -> None:
    assert math.isclose(find_way(network, start, goal).cost, _least_cost(start, goal), abs_tol=1e-6)


def _least_cost(start: End, goal: End) -> float:
    """Bellman and Ford on a matrix built from the files anew: one node a platform and direction, written out plainly."""
    of = network.of
    with (CITY / "stops.csv").open(encoding="utf-8", newline="") as file:
        stops = list(csv.DictReader(line for line in file if not line.startswith("#")))
    with (CITY / "transfers.csv").open(encoding="utf-8", newline="") as file:
        transfers = list(csv.DictReader(line for line in file if not line.startswith("#")))
    index = {stop["id"]: n for n, stop in enumerate(stops)}
    count = len(stops)
    first, last = 3 * count, 3 * count + 1
    edges: dict[tuple[int, int], float] = {}

    def on_foot(metres: float) -> float:
        # scipy takes a stored zero for an edge that costs nothing only when it is not quite zero.
        return max(1e-9, metres * of.walking_detour / of.walking_metres_a_minute * of.walking_weight)

    for n, stop in enumerate(stops):
        line = city.line(stop["line"])
        for side, step in ((1, 1), (2, -1)):
            m = n + step
            edges[side * count + n, n] = 1e-9
            if 0 <= m < count and stops[m]["line"] == stop["line"]:
                metres = distance_metres(*(float(s[key]) for s in (stop, stops[m]) for key in ("lat", "lon")))
                minutes = metres * of.track_detour / (of.speed_kmh[line.mode] * 1000 / 60)
                edges[side * count + n, side * count + m] = minutes
                wait = (line.headway_peak_min or 0) * of.wait_share
                edges[n, side * count + n] = wait + of.boarding_penalty_min
    for row in transfers:
        a, b = index[row["stop_a"]], index[row["stop_b"]]
        edges[a, b] = edges[b, a] = on_foot(float(row["metres"]))
    for end, node, outward in ((start, first, True), (goal, last, False)):
        near: dict[int, float] = {}
        if end.point:
            metres = {
                n: distance_metres(*end.point, float(stop["lat"]), float(stop["lon"]))
                for n, stop in enumerate(stops)
                if stop["position"] != "interpolated"
            }
            near = {n: m for n, m in metres.items() if m <= max(of.access_max_m, min(metres.values()))}
        if end.stop:
            near[index[end.stop]] = 0.0
        for n, m in near.items():
            edges[(node, n) if outward else (n, node)] = on_foot(m)
    if start.point and goal.point:
        edges[first, last] = on_foot(distance_metres(*start.point, *goal.point))
    rows, columns = zip(*edges, strict=True)
    matrix = csr_array((list(edges.values()), (rows, columns)), shape=(3 * count + 2, 3 * count + 2))
    return float(np.asarray(bellman_ford(matrix, indices=first))[last])


@pytest.mark.parametrize(
    ("hour", "expected"),
    [
        ("05:29", "not_yet"),
        ("05:30", "yes"),
        ("21:45", "yes"),
        ("22:20", "ends_soon"),
        ("22:31", "no_more"),
        ("00:10", "not_yet"),
    ],
)
def test_whether_a_way_with_a_change_still_runs(hour: str, expected: str) -> None:
    at = datetime.fromisoformat(f"2026-11-25T{hour}").replace(tzinfo=CASABLANCA)
    assert running(way("derb-sultan", "hyatt"), at=at) is Running(expected)


def test_hours_differ_in_summer_and_in_ramadan() -> None:
    days = {"2026-11-25": False, "2027-07-10": True, "2026-03-01": True}
    for day, differ in days.items():
        at = datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=CASABLANCA)
        assert hours_differ(network.of.other_hours_months, on=at) is differ


def test_estimates_are_rounded_up_and_long_ones_to_five() -> None:
    assert [spoken_minutes(minutes) for minutes in (0.4, 12.1, 19.9, 20.0, 21.2)] == [1, 13, 20, 20, 25]


def test_one_place_alone_is_the_goal_unless_from_stands_before_it(parser: Parser) -> None:
    def named(text: str) -> Named:
        understood = parser.parse(text)
        return named_ends(understood.text, understood.entities_of("place"), city, network.of)

    assert named("comment aller à Technopark") == Named(None, city.place("technopark"))
    assert named("kifach nkhrej mn technopark") == Named(city.place("technopark"), None)
