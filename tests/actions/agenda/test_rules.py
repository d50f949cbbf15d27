"""Rules of the agenda: what clashes, what changed between two programmes, what a file and a summary hold."""

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from actions.agenda.calendar import calendar_file
from actions.agenda.changes import Change, ChangeKind, changes_between, spots_from, spots_of
from actions.agenda.clashes import Overlap, ShortWalk, clashes
from actions.agenda.summary import as_csv, opinions
from actions.programme.edition import BREAKS, Edition, Session
from actions.programme.loading import load_edition
from nlu.times import CASABLANCA
from nlu.understanding import Language
from store.tables import FeedbackRow

PROJECT = Path(__file__).parents[3]
DEMO = load_edition(PROJECT / "data/expo/demo.yml")
TALKS = [session for session in DEMO.sessions if session.kind not in BREAKS]


def of(key: str) -> Session:
    return next(session for session in DEMO.sessions if session.id == key)


def changed(key: str, **fields: object) -> Edition:
    sessions = tuple(replace(s, **fields) if s.id == key else s for s in DEMO.sessions)  # type: ignore[arg-type]
    return replace(DEMO, sessions=sessions)


# clashes


def unmeasured(here: str, there: str) -> int | None:
    return None


def test_what_is_on_at_the_same_time_overlaps() -> None:
    found = clashes([of("d1-open-data-africa"), of("d1-tram-bus"), of("d1-water")], unmeasured)
    assert {type(clash) for clash in found} == {Overlap}
    assert [{clash.first.id, clash.second.id} for clash in found] == [{"d1-tram-bus", "d1-open-data-africa"}]


def test_what_is_open_all_day_overlaps_with_nothing() -> None:
    assert clashes([of("d1-square"), of("d1-hackathon"), of("d1-tram-bus")], unmeasured) == ()


@pytest.mark.parametrize(("minutes", "clash"), [(None, False), (15, False), (16, True)])
def test_a_walk_longer_than_the_pause_is_a_clash(minutes: int | None, clash: bool) -> None:
    first = of("d1-tram-bus")
    assert first.end
    second = replace(of("d1-water"), room="B", start=first.end + timedelta(minutes=15))
    expected = (ShortWalk(first, second, 15, minutes),) if clash and minutes else ()
    assert clashes([second, first], lambda here, there: minutes) == expected


@given(st.lists(st.sampled_from(TALKS), unique_by=lambda session: session.id))
def test_no_two_overlapping_sessions_are_missed(sessions: list[Session]) -> None:
    found = {frozenset((c.first.id, c.second.id)) for c in clashes(sessions, unmeasured)}
    timed = [s for s in sessions if s.start and s.end and s.kind not in ("exhibition", "hackathon")]
    naive = {
        frozenset((a.id, b.id))
        for a in timed
        for b in timed
        if a.id < b.id and a.start and b.start and a.end and b.end and a.start < b.end and b.start < a.end
    }
    assert found == naive


# changes


def test_a_programme_as_it_was_stored_is_the_same() -> None:
    spots = spots_of(DEMO)
    assert len(spots) == len(TALKS)
    assert spots_from({key: spot.as_dict() for key, spot in spots.items()}) == spots
    assert changes_between(spots, spots) == ()


def test_every_kind_of_change_is_found() -> None:
    before, talk = spots_of(DEMO), of("d1-tram-bus")
    assert talk.start
    assert talk.end
    later = {"start": talk.start + timedelta(hours=4), "end": talk.end + timedelta(hours=4)}
    cases = [
        (changed("d1-tram-bus", **later), ChangeKind.MOVED),
        (changed("d1-tram-bus", room="C", **later), ChangeKind.MOVED),
        (changed("d1-tram-bus", room="C"), ChangeKind.ROOM),
        (replace(DEMO, sessions=tuple(s for s in DEMO.sessions if s.id != "d1-tram-bus")), ChangeKind.CANCELLED),
    ]
    for edition, kind in cases:
        after = spots_of(edition)
        expected = Change(kind, "d1-tram-bus", before["d1-tram-bus"], after.get("d1-tram-bus"))
        assert changes_between(before, after) == (expected,)
    gone = spots_of(cases[-1][0])
    assert [change.kind for change in changes_between(gone, before)] == [ChangeKind.NEW]
    assert changes_between(before, spots_of(changed("d1-tram-bus", speakers=()))) == ()


# the file


def test_the_file_holds_rooms_alarms_and_stable_ids() -> None:
    made_at = datetime(2027, 5, 1, tzinfo=UTC)
    talks = [of("d1-tram-bus"), of("d1-square")]
    content = calendar_file(DEMO, talks, {"d1-tram-bus": 10}, language=Language.FRENCH, made_at=made_at)
    first, second = Calendar.from_ical(content).walk("VEVENT")
    assert str(first["uid"]) == "demo-d1-tram-bus@salam-casa"
    assert first["dtstart"].dt == datetime(2027, 5, 19, 10, 30, tzinfo=CASABLANCA)
    assert str(first["location"]).startswith("A (rez-de-chaussée), Hyatt Regency Casablanca")
    assert [alarm["trigger"].dt for alarm in first.walk("VALARM")] == [timedelta(minutes=-10)]
    assert str(second["location"]) == "Place des Nations Unies"
    assert second.walk("VALARM") == []


# the summary


def answer(session_id: str, rating: int, words: str | None = None) -> FeedbackRow:
    return FeedbackRow(edition="demo", session_id=session_id, rating=rating, words=words)


def test_a_summary_counts_each_session_and_harms_no_spreadsheet() -> None:
    rows = [answer("d1-water", 4, "=1+1"), answer("d1-water", 1), answer("gone", 3), answer("d1-opening", 2)]
    found = opinions(DEMO, rows)
    assert [(o.session_id, o.average, o.ratings) for o in found] == [
        ("d1-opening", 2.0, (2,)),
        ("d1-water", 2.5, (4, 1)),
        ("gone", 3.0, (3,)),
    ]
    read = list(csv.DictReader(io.StringIO(as_csv(found))))
    assert read[1]["sentences"] == "'=1+1"
    assert (read[1]["answers"], read[1]["excellent"], read[1]["poor"], read[1]["start"]) == ("2", "1", "1", "11:30")
    assert (read[2]["session"], read[2]["day"]) == ("gone", "")
