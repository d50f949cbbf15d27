"""What goes out comes in again: an export that nobody touched changes nothing, in every format and language."""

import json
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar
from lxml import etree

from actions.calendar_zone import casablanca
from actions.exchange.merging import Wishes
from actions.exchange.reading import read_bytes
from actions.exchange.sheet import Format
from actions.programme.edition import BREAKS, Edition
from actions.programme.loading import with_programme
from bot.settings import PROJECT
from nlu.times import CASABLANCA
from nlu.understanding import Language
from tests.actions.exchange.programmes import DEMO, PAST, changes, exported, imported, without_programme

SCHEMA = etree.XMLSchema(file=PROJECT / "tests/data/frab-schedule.xsd")
EDITIONS = [pytest.param(edition, id=edition.id) for edition in (DEMO, *PAST)]


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("format_", Format)
@pytest.mark.parametrize("edition", EDITIONS)
def test_an_export_that_nobody_touched_changes_nothing(edition: Edition, format_: Format, language: Language) -> None:
    data = exported(edition, format_, language)
    assert read_bytes(data).format is format_
    assert changes(edition, data) == ()


def test_a_table_carries_everything_into_an_edition_that_has_nothing_yet() -> None:
    bare = without_programme(DEMO)
    after = with_programme(bare, imported(bare, exported(DEMO, Format.CSV)).content)
    assert [s.id for s in after.sessions] == [s.id for s in DEMO.sessions]
    for was, now in zip(DEMO.sessions, after.sessions, strict=True):
        assert (now.title, now.start, now.end, now.room, now.place) == (
            was.title,
            was.start,
            was.end,
            was.room,
            was.place,
        )
        assert (now.kind, now.languages, now.interpretation) == (was.kind, was.languages, was.interpretation)
        assert (now.public, now.keywords) == (was.public, was.keywords)
        assert [after.speakers[key].name for key in now.speakers] == [DEMO.speakers[key].name for key in was.speakers]


@pytest.mark.parametrize("format_", [Format.FRAB, Format.PRETALX, Format.ICALENDAR])
def test_the_formats_of_tools_carry_what_they_can_into_an_edition_that_has_nothing_yet(format_: Format) -> None:
    places = frozenset(s.place.text(Language.FRENCH) for s in DEMO.sessions if s.place)
    bare = without_programme(DEMO)
    draft = imported(bare, exported(DEMO, format_), Wishes(places=places))
    after = with_programme(bare, draft.content)
    assert draft.problems == ()
    said = [s for s in DEMO.sessions if s.kind not in BREAKS]
    assert [(s.start, s.end, s.room, s.title.text(Language.FRENCH)) for s in after.sessions] == [
        (s.start, s.end, s.room, s.title.text(Language.FRENCH)) for s in said
    ]


@pytest.mark.parametrize("language", Language)
def test_the_xml_is_valid_by_the_rules_of_frab(language: Language) -> None:
    SCHEMA.assertValid(etree.fromstring(exported(DEMO, Format.FRAB, language)))


def test_the_rules_of_frab_refuse_what_breaks_them() -> None:
    data = exported(DEMO, Format.FRAB)
    for good, bad in ((b"+01:00</date>", b"</date>"), (b'guid="', b'guid="x'), (b"<duration>00:45", b"<duration>45")):
        assert not SCHEMA.validate(etree.fromstring(data.replace(good, bad)))


def test_the_json_has_what_readers_of_pretalx_look_for() -> None:
    schedule = json.loads(exported(DEMO, Format.PRETALX))["schedule"]
    conference = schedule["conference"]
    assert conference["time_zone_name"] == "Africa/Casablanca"
    assert [room["name"] for room in conference["rooms"]] == ["Salle A", "Salle B", "Salle C", "Salle D"]
    assert [day["date"] for day in conference["days"]] == ["2027-05-19", "2027-05-20"]
    (event,) = [e for e in conference["days"][0]["rooms"]["Salle A"] if e["title"].startswith("Tram et bus")]
    assert (event["date"], event["start"], event["duration"]) == ("2027-05-19T10:30:00+01:00", "10:30", "00:45")
    assert [person["public_name"] for person in event["persons"]] == ["Hind Serghinat", "Kwesi Asantemba"]


def test_the_same_session_has_the_same_guid_in_every_format_and_language() -> None:
    xml = {e.get("guid"): e.findtext("title") for e in etree.fromstring(exported(DEMO, Format.FRAB)).iter("event")}
    days = json.loads(exported(DEMO, Format.PRETALX))["schedule"]["conference"]["days"]
    events = {e["guid"]: e["title"] for day in days for room in day["rooms"].values() for e in room}
    calendar = Calendar.from_ical(exported(DEMO, Format.ICALENDAR))
    dates = {str(e["UID"]): str(e["SUMMARY"]) for e in calendar.walk("VEVENT")}
    english = etree.fromstring(exported(DEMO, Format.FRAB, Language.ENGLISH))
    assert xml == events == dates
    assert [e.get("guid") for e in english.iter("event")] == list(xml)


@pytest.mark.parametrize("year", range(2024, 2035))
def test_the_calendar_brings_the_hours_of_ramadan_with_it(year: int) -> None:
    """Read by the zone's own rules, not by the name of the zone, every noon of the year is the right moment."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    zone = casablanca(first, last).to_tz()
    for day in range(first.toordinal(), last.toordinal() + 1):
        noon = datetime.combine(date.fromordinal(day), datetime.min.time().replace(hour=12))
        assert noon.replace(tzinfo=zone).utcoffset() == noon.replace(tzinfo=CASABLANCA).utcoffset(), noon


def test_times_of_another_zone_are_shown_in_casablanca() -> None:
    tokyo = datetime(2027, 5, 19, 10, 30, tzinfo=CASABLANCA).astimezone(ZoneInfo("Asia/Tokyo"))
    data = exported(DEMO, Format.FRAB).replace(
        b"<date>2027-05-19T10:30:00+01:00</date>\n        <start>10:30</start>",
        f"<date>{tokyo.isoformat()}</date>\n        <start>{tokyo:%H:%M}</start>".encode(),
    )
    assert changes(DEMO, data) == ()
    assert tokyo.astimezone(UTC).hour == 9
