"""The programme's file and the questions about it."""

import re
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from actions.programme.edition import BREAKS, Edition
from actions.programme.loading import load_edition
from actions.programme.search import by_speaker, find_room, find_services, find_track, search
from actions.programme.selection import between, in_room, next_after, of_track, on_at, on_day
from nlu.times import CASABLANCA
from nlu.understanding import Language

PROJECT = Path(__file__).parents[3]
FILES = sorted((PROJECT / "data/expo").glob("*.yml"))
DEMO = load_edition(PROJECT / "data/expo/demo.yml")
FIRST, SECOND = DEMO.days


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2027, 5, day, hour, minute, tzinfo=CASABLANCA)


def ids(sessions: tuple[Any, ...]) -> list[str]:
    return [session.id for session in sessions]


# The files


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_edition_loads_and_has_sources(path: Path) -> None:
    edition = load_edition(path)
    assert edition.sessions
    assert edition.sources
    assert all(source["url"].startswith("http") for source in edition.sources)


def test_the_past_editions_are_the_known_nine() -> None:
    past = [load_edition(path) for path in FILES if path.stem != "demo"]
    assert [(edition.number, edition.days[0].year) for edition in past] == [
        (1, 2016), (2, 2017), (3, 2018), (4, 2019), (5, 2021), (6, 2022), (7, 2023), (8, 2024), (9, 2025),
    ]  # fmt: skip
    assert past[-1].days == (date(2025, 5, 21), date(2025, 5, 22))
    assert all(session.start is None for edition in past for session in edition.sessions)


def test_the_demonstration_is_plainly_one() -> None:
    words = {"fr": "fictive", "ary": "تجريبية وخيالية", "ary-Latn": "tajribiya w khayaliya", "en": "fictional"}
    assert DEMO.demonstration
    assert all(word in DEMO.name.text(Language(tag)) for tag, word in words.items())


def test_the_example_in_the_documentation_loads(tmp_path: Path) -> None:
    page = (PROJECT / "docs/expo-format.md").read_text(encoding="utf-8")
    example = re.search(r"```yaml\n(.*?)```", page, re.DOTALL)
    assert example
    path = tmp_path / "expo-2031.yml"
    path.write_text(example[1], encoding="utf-8")
    assert ids(load_edition(path).sessions) == ["d1-square", "d1-tram", "d1-lunch"]


@pytest.fixture
def content() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((PROJECT / "data/expo/demo.yml").read_text(encoding="utf-8"))
    return found


def refusal(content: dict[str, Any], folder: Path) -> str:
    path = folder / "wrong.yml"
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    with pytest.raises(ValueError, match=r"wrong\.yml: ") as error:
        load_edition(path)
    return str(error.value)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"day": date(2027, 5, 19), "time": "10:45-11:00", "room": "A"}, "overlaps 'd1-tram-bus' in room A; change"),
        ({"day": date(2027, 6, 1)}, "2027-06-01 is not a day of the edition; correct it"),
        ({"room": "E"}, "room 'E' is unknown; use one of A, B, C, D"),
        ({"track": "space"}, "track 'space' is unknown; use one of"),
        ({"speakers": ["nobody"]}, "speaker 'nobody' is unknown; add the person to speakers"),
        ({"time": "11:00-10:00"}, "it ends before it starts; correct its time"),
        ({"languages": []}, "its language is missing; add"),
        ({"time": "half past nine"}, "'half past nine' is not a time; write it as 09:30-10:15"),
    ],
)
def test_a_mistake_is_named_with_its_session_and_remedy(
    content: dict[str, Any], tmp_path: Path, change: dict[str, Any], message: str
) -> None:
    content["sessions"][0] |= {"id": "the-wrong-one", **change}
    said = refusal(content, tmp_path)
    assert "session 'the-wrong-one'" in said
    assert message in said


def test_ids_are_unique_and_fit_a_payload(content: dict[str, Any], tmp_path: Path) -> None:
    content["sessions"][0]["id"] = content["sessions"][1]["id"]
    assert "another session has this id" in refusal(content, tmp_path)
    content["sessions"][0]["id"] = "x" * 41
    assert "shorten it" in refusal(content, tmp_path)


def test_the_id_of_a_room_fits_the_code_of_its_door(content: dict[str, Any], tmp_path: Path) -> None:
    content["rooms"]["Mohammed-V-Amphitheatre"] = content["rooms"]["D"]
    assert "room 'Mohammed-V-Amphitheatre': the id of a room has at most 20 signs" in refusal(content, tmp_path)


def test_what_is_missing_is_named(content: dict[str, Any], tmp_path: Path) -> None:
    del content["days"]
    assert "'days' is missing" in refusal(content, tmp_path)


# Questions about hours


def test_on_at_has_what_has_begun_and_not_ended() -> None:
    assert ids(on_at(DEMO, at(19, 9, 30))) == ["d1-hackathon", "d1-keynote-listen"]
    assert "d1-lunch" in ids(on_at(DEMO, at(19, 13)))
    assert on_at(DEMO, at(18, 10)) == ()


def test_next_after_is_all_that_starts_first() -> None:
    assert ids(next_after(DEMO, at(19, 10, 45))) == ["d1-water", "d1-waste", "d1-ai-services"]
    assert ids(next_after(DEMO, at(19, 18)))[0] == "d2-keynote-twin"
    assert next_after(DEMO, at(20, 18)) == ()


@given(st.integers(min_value=0, max_value=4 * 24 * 60))
def test_now_and_next_agree_with_a_minute_by_minute_reading(minutes: int) -> None:
    """The reference walks the minutes one by one and keeps no order or cleverness of its own."""
    moment = at(18, 0) + timedelta(minutes=minutes)
    starts = {s.id: s.start for s in DEMO.sessions if s.start}
    running = {s.id for s in DEMO.sessions if s.start and s.end and not (s.end <= moment or s.start > moment)}
    assert set(ids(on_at(DEMO, moment))) == running
    counted = {s.id for s in DEMO.sessions if s.kind not in BREAKS}
    expected: set[str] = set()
    minute = moment
    while not expected and minute < at(22, 0):
        minute += timedelta(minutes=1)
        expected = {key for key in counted if starts.get(key) == minute}
    assert set(ids(next_after(DEMO, moment))) == expected


def test_days_windows_rooms_and_tracks() -> None:
    assert set(ids(on_day(DEMO, FIRST))) | set(ids(on_day(DEMO, SECOND))) == {s.id for s in DEMO.sessions}
    assert ids(between(DEMO, at(20, 12), at(20, 13))) == ["d2-5g", "d2-lunch"]
    assert {session.room for session in in_room(DEMO, "B")} == {"B"}
    assert len(of_track(DEMO, "mobility")) == 5


# In people's own words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("l'intelligence artificielle c'est dans quelle salle", "d1-ai-services"),
        ("فوقاش المحاضرة على الذكاء الاصطناعي؟", "d1-ai-services"),
        ("l'IA fo9ach", "d1-ai-services"),
        ("à quelle heure la table ronde sur l'eau", "d1-water"),
        ("cibersecurité", "d1-cyber"),
        ("سيبرسيكوريتي", "d1-cyber"),
        ("كاينة شي هضرة على الزبل و التدوير", "d1-waste"),
        ("kayn chi 7aja 3la nofayat?", "d1-waste"),
        ("digital twins", "d2-keynote-twin"),
        ("jumeaus numeriques", "d2-keynote-twin"),
        ("wach ghadi yhdro 3la lmondial 2030", "d2-mundial"),
        ("opening ceremony what time", "d1-opening"),
        ("الافتتاح الرسمي", "d1-opening"),
        ("logement", "d1-housing"),
        ("l3yalat f tech", "d1-women-tech"),
    ],
)
def test_a_topic_is_found_in_ones_own_words(text: str, expected: str) -> None:
    assert ids(search(DEMO, text))[0] == expected


def test_a_track_answers_where_no_session_has_the_word() -> None:
    assert search(DEMO, "الموبيليتي") == of_track(DEMO, "mobility")


def test_what_is_not_in_the_programme_is_not_found() -> None:
    assert search(DEMO, "anything about drones?") == ()
    assert search(DEMO, "") == ()


@pytest.mark.parametrize(
    "name", ["Tazroulte", "tazroult", "madame Tazroulte elle parle quand", "سلمى تازرولت", "salma tazrolt", "SALMA"]
)
def test_a_speaker_is_found_in_any_spelling(name: str) -> None:
    assert ids(by_speaker(DEMO, name)) == ["d1-opening", "d1-plenary", "d2-mundial", "d2-closing"]


def test_no_name_finds_no_speaker() -> None:
    assert by_speaker(DEMO, "qui parle demain matin ?") == ()


@pytest.mark.parametrize(
    ("text", "room"),
    [
        ("qu'est-ce qui se passe en salle B", "B"),
        ("room d", "D"),
        ("القاعة ب اليوم", "B"),
        ("لاصال أ شنو فيها", "A"),
        ("القاعة س؟", "C"),
        ("f lqa3a lkbira", "A"),
        ("la petite salle", "C"),
        ("dans quelle salle a lieu la cérémonie", None),
        ("la salle à manger", None),
    ],
)
def test_a_room_is_understood(text: str, room: str | None) -> None:
    found = find_room(DEMO, text)
    assert (found.id if found else None) == room


def test_a_track_is_understood_when_it_is_named_as_one() -> None:
    named = find_track(DEMO, "وريني المسار ديال الموبيليتي كامل")
    assert named == DEMO.tracks["mobility"]
    assert find_track(DEMO, "le tram demain") is None


@pytest.mark.parametrize(
    ("text", "service"),
    [("code du wifi svp", "wifi"), ("فين نصلي فالمعرض", "prayer"), ("fin n7et l manteau o sac dyali", "cloakroom")],
)
def test_practical_matters_are_understood(text: str, service: str) -> None:
    assert [found.id for found in find_services(DEMO, text)] == [service]


def test_texts_fall_back_to_french() -> None:
    edition: Edition = load_edition(PROJECT / "data/expo/2017.yml")
    assert edition.name.text(Language.DARIJA) == "Smart City Expo Casablanca 2017"
    assert ids(by_speaker(edition, "charlz landri")) == ["2017-landry"]
