"""The agenda's calendar file, read by ical.js, which knows no time zones but those that the file brings along."""

import json
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from actions.agenda.calendar import calendar_file
from actions.programme.edition import Session
from actions.programme.loading import load_edition
from nlu.times import CASABLANCA
from nlu.understanding import Language
from tests.conftest import skip_or_fail

PROJECT = Path(__file__).parents[3]
READER = PROJECT / "tests/node/read_calendar.mjs"
DEMO = load_edition(PROJECT / "data/expo/demo.yml")
TALK = next(session for session in DEMO.sessions if session.id == "d1-tram-bus")


def read(sessions: Sequence[Session], minutes: dict[str, int | None], language: Language) -> list[dict[str, Any]]:
    """The events as ical.js sees them."""
    node = shutil.which("node")
    if node is None or not (READER.parent / "node_modules/ical.js").is_dir():
        skip_or_fail("ical.js is not installed: npm ci --prefix tests/node")
    content = calendar_file(DEMO, sessions, minutes, language=language, made_at=datetime(2027, 1, 1, tzinfo=UTC))
    found = subprocess.run([str(node), str(READER)], input=content, capture_output=True, check=True, timeout=60)
    events: list[dict[str, Any]] = json.loads(found.stdout)
    return events


def test_rooms_alarms_and_arabic_letters_arrive() -> None:
    events = read([TALK], {TALK.id: 15}, Language.DARIJA)
    assert events == [
        {
            "uid": "demo-d1-tram-bus@salam-casa",
            "summary": TALK.title.text(Language.DARIJA),
            "location": "A (الطابق الأرضي), Hyatt Regency Casablanca, Place des Nations Unies, Casablanca",
            "zone": "Africa/Casablanca",
            "start": "2027-05-19T09:30:00.000Z",
            "end": "2027-05-19T10:15:00.000Z",
            "alarms": ["-PT15M"],
        }
    ]


def test_hours_are_right_on_every_day_of_eight_years_ramadans_included() -> None:
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(8 * 365)]
    sessions = [
        replace(
            TALK,
            id=f"{day}",
            dates=(day,),
            start=datetime.combine(day, time(10), CASABLANCA),
            end=datetime.combine(day, time(11), CASABLANCA),
        )
        for day in days
    ]
    events = read(sessions, {}, Language.FRENCH)
    wrong = [
        event["start"]
        for event, session in zip(events, sessions, strict=True)
        if session.start is None or datetime.fromisoformat(event["start"]) != session.start
    ]
    assert wrong == []
    in_ramadan = [event for event in events if event["start"].endswith("T10:00:00.000Z")]
    assert len({event["start"][:4] for event in in_ramadan}) == 8  # UTC+0 in some weeks of each year.


def test_the_night_on_which_the_clock_goes_forward() -> None:
    """On 14 March 2027 half past one is still Ramadan's time, half past four no longer."""
    night = date(2027, 3, 14)
    sessions = [
        replace(
            TALK,
            id=f"{hour}",
            dates=(night,),
            start=datetime.combine(night, time(hour, 30), CASABLANCA),
            end=datetime.combine(night, time(hour, 45), CASABLANCA),
        )
        for hour in (1, 3, 4)
    ]
    starts = [event["start"] for event in read(sessions, {}, Language.FRENCH)]
    assert starts == ["2027-03-14T01:30:00.000Z", "2027-03-14T02:30:00.000Z", "2027-03-14T03:30:00.000Z"]
