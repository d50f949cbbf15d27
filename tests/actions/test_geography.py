"""Places, polygons, stops and distances of the city, from the real files."""

import csv
from pathlib import Path

import pytest
import yaml

from actions.geography import City, NearStop, Place, UnknownPlace, distance_metres

CITY = Path(__file__).parents[2] / "data" / "city"


@pytest.fixture(scope="module")
def city() -> City:
    return City.load(CITY)


def rows(name: str) -> list[dict[str, str]]:
    with (CITY / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


def test_the_sixteen_arrondissements_in_order(city: City) -> None:
    assert [place.id for place in city.arrondissements] == [row["id"] for row in rows("arrondissements.csv")]
    assert len(city.arrondissements) == 16


def test_a_place_by_its_id(city: City) -> None:
    assert city.place("villa-arts") == Place(
        "villa-arts", "landmark", "Villa des Arts", "دار الفنون", "sidi-belyout", 33.586431, -7.629503
    )


def test_a_place_without_a_source_has_neither_position_nor_arrondissement(city: City) -> None:
    assert city.place("bourgogne") == Place("bourgogne", "neighbourhood", "Bourgogne", "بوركون")


def test_an_unknown_place_is_an_error(city: City) -> None:
    with pytest.raises(UnknownPlace, match="atlantis"):
        city.place("atlantis")
    with pytest.raises(UnknownPlace, match="T9"):
        city.stops_of("T9")
    with pytest.raises(UnknownPlace, match="T9"):
        city.line("T9")


def test_every_arrondissement_contains_its_own_point(city: City) -> None:
    for place in city.arrondissements:
        assert place.lat is not None
        assert place.lon is not None
        assert city.arrondissement_at(place.lat, place.lon) == place


def test_polygons_agree_with_the_arrondissement_of_every_stop_and_landmark(city: City) -> None:
    for row in rows("stops.csv") + rows("landmarks.csv"):
        found = city.arrondissement_at(float(row["lat"]), float(row["lon"]))
        assert (found.id if found else "") == row["arrondissement"], row["id"]


@pytest.mark.parametrize(
    ("lat", "lon"), [(33.37417, -7.57861), (34.02, -6.83), (48.85, 2.35), (33.63, -7.70), (0.0, 0.0)]
)
def test_no_arrondissement_outside_the_commune(city: City, lat: float, lon: float) -> None:
    assert city.arrondissement_at(lat, lon) is None


def test_the_mechouar_is_a_commune_of_its_own(city: City) -> None:
    assert city.arrondissement_at(33.5772, -7.6075) is None


@pytest.mark.parametrize(
    ("lat", "lon", "near"),
    [
        (33.595, -7.6187, True),
        (33.37417, -7.57861, True),  # the airport
        (33.69, -7.39, True),  # Mohammedia
        (34.02, -6.83, False),  # Rabat
        (48.85, 2.35, False),
    ],
)
def test_near_casablanca(city: City, lat: float, lon: float, near: bool) -> None:
    assert city.is_near_casablanca(lat, lon) is near


def test_nearest_stops_with_lines_metres_and_minutes(city: City) -> None:
    assert city.nearest_stops(33.595, -7.6187, limit=2) == [
        NearStop(city.place("stop-place-des-nations-unies"), ("T1",), 55, 1),
        NearStop(city.place("stop-marche-central"), ("T1",), 566, 10),
    ]


def test_one_station_under_two_names_is_offered_once_with_both_lines(city: City) -> None:
    first, second = city.nearest_stops(33.56042, -7.55268, limit=2)
    assert (first.stop.id, first.lines) == ("stop-idriss-el-allam", ("T3", "T4"))
    assert second.metres > 100


def test_stops_without_a_surveyed_position_are_never_offered_nor_placed(city: City) -> None:
    interpolated = [row for row in rows("stops.csv") if row["position"] == "interpolated"]
    assert len(interpolated) == 3
    for row in interpolated:
        offered = {near.stop.id for near in city.nearest_stops(float(row["lat"]), float(row["lon"]), limit=151)}
        assert len(offered) == 151 - 3 - 1
        assert row["id"] not in offered
        assert city.place(row["id"]).lat is None


def test_lines_and_their_stops(city: City) -> None:
    assert [(line.id, len(city.stops_of(line.id))) for line in city.lines] == [
        ("T1", 37),
        ("T2", 33),
        ("T3", 20),
        ("T4", 19),
        ("BW1", 20),
        ("BW2", 22),
    ]
    assert [city.stops_of("T1")[0].name_fr, city.stops_of("T1")[-1].name_fr] == ["Sidi Moumen", "Lissasfa"]
    assert (city.line("BW1").first_departure, city.line("BW1").headway_peak_min) == ("05:30", 5.5)


def test_the_stop_of_a_place(city: City) -> None:
    assert city.stop_of("derb-ghallef") == city.place("stop-derb-ghalef")
    assert city.stop_of("hyatt") == city.place("stop-place-des-nations-unies")
    assert city.stop_of("stop-taza") == city.place("stop-taza")
    assert city.stop_of("bourgogne") is None


def test_distance_of_a_known_pair() -> None:
    assert distance_metres(33.0, -7.0, 34.0, -7.0) == pytest.approx(111_195, abs=1)
    assert distance_metres(33.5, -7.5, 33.5, -7.5) == 0


def test_the_files_agree_with_each_other(city: City) -> None:
    entries = yaml.safe_load((CITY / "places.yml").read_text(encoding="utf-8"))
    known = {entry["id"] for entry in entries}
    assert len(known) == len(entries)
    arrondissements = {place.id for place in city.arrondissements}
    for entry in entries:
        assert entry.get("arrondissement") in {None, *arrondissements}, entry["id"]
        assert entry.get("stop") in {None, *known}, entry["id"]
    surveyed = {
        row["id"]: row for row in rows("stops.csv") + rows("landmarks.csv") if row.get("position") != "interpolated"
    }
    for id_, row in surveyed.items():
        assert (city.place(id_).lat, city.place(id_).lon) == (float(row["lat"]), float(row["lon"])), id_
