"""The clock walks through the demonstration edition minute by minute: now, next and the doors are never wrong.

The reference reads the edition's file itself, knows nothing of `actions/programme/`, and counts in minutes since the
first of the days' midnight.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from actions.expo.door import Doors
from actions.expo.expo import Expo
from actions.expo.pages import Pages, Question
from actions.programme.loading import load_edition
from actions.reply import Lines, Reply, Say
from nlu.times import CASABLANCA
from nlu.understanding import Language

FILE = Path(__file__).parents[3] / "data/expo/demo.yml"
CONTENT = yaml.safe_load(FILE.read_text(encoding="utf-8"))
DEMO = load_edition(FILE)
EXPO = Expo(DEMO, ())
MIDNIGHT = datetime(2027, 5, 18, tzinfo=CASABLANCA)
DAY = 24 * 60


@dataclass(frozen=True)
class Row:
    """A session as its row says it, from the minute `start` up to the minute `end`."""

    id: str
    start: int
    end: int
    room: str | None
    pause: bool
    title: str


def read_row(row: dict[str, object]) -> Row:
    first, last = str(row["time"]).split("-")
    assert isinstance(row["day"], date)
    assert isinstance(row["title"], dict)
    day = (row["day"] - MIDNIGHT.date()).days * DAY
    start, end = (day + int(written.split(":")[0]) * 60 + int(written.split(":")[1]) for written in (first, last))
    pause = row.get("kind") in ("break", "lunch")
    return Row(str(row["id"]), start, end, str(row["room"]) if "room" in row else None, pause, row["title"]["fr"])


ROWS = [read_row(row) for row in CONTENT["sessions"]]
TALKS = [row for row in ROWS if not row.pause]


def minutes(hours: Iterable[int] = range(4 * 24)) -> Iterator[tuple[int, datetime]]:
    """Every minute of these hours; all of them last from the night before the day before to the night after the day after."""
    for minute in (hour * 60 + past for hour in hours for past in range(60)):
        yield minute, MIDNIGHT + timedelta(minutes=minute)


OPEN = [*range(24 + 8, 24 + 19), *range(48 + 8, 48 + 19)]
"""The hours of the two days in which anything begins or ends, with one before and after."""


def sessions_in(reply: Reply | None, moment: datetime) -> set[str]:
    """The sessions that a list offers, on all of its pages."""
    assert reply is not None
    found = {c.payload.removeprefix("expo:s:") for c in reply.choices if c.payload.startswith("expo:s:")}
    further = [c.payload for c in reply.choices if c.payload.startswith(("expo:at:", "expo:win:", "expo:else:"))]
    for payload in further:
        found |= sessions_in(EXPO.choose(payload, language=Language.FRENCH, now=moment), moment)
    return found


def keys_of(reply: Reply | None) -> list[str]:
    assert reply is not None
    return [part.key for part in reply.parts if isinstance(part, Say)]


def first_after(minute: int, rows: list[Row]) -> set[str]:
    coming = [row for row in rows if row.start > minute]
    return {row.id for row in coming if row.start == min(other.start for other in coming)}


def test_the_reference_has_the_whole_programme() -> None:
    assert len(ROWS) == len(CONTENT["sessions"]) == len(DEMO.sessions)
    assert len(TALKS) > 40


def test_now_is_right_at_every_minute() -> None:
    for minute, moment in minutes():
        reply = EXPO.answer("expo/now", "", (), language=Language.FRENCH, now=moment)
        running = {row.id for row in TALKS if row.start <= minute < row.end}
        assert sessions_in(reply, moment) == (running or first_after(minute, TALKS)), moment
        assert ("expo.now.heading" in keys_of(reply)) == bool(running), moment
        pause = any(row.pause and row.start <= minute < row.end for row in ROWS)
        assert ("expo.now.break" in keys_of(reply)) == pause, moment


def test_next_is_right_at_every_minute() -> None:
    for minute, moment in minutes():
        reply = EXPO.answer("expo/next", "", (), language=Language.FRENCH, now=moment)
        assert sessions_in(reply, moment) == first_after(minute, TALKS), moment


@pytest.mark.parametrize("room", DEMO.rooms)
def test_a_door_is_right_at_every_minute(room: str) -> None:
    behind = [row for row in ROWS if row.room == room]
    for minute, moment in minutes(OPEN):
        reply = Doors(Pages(DEMO, Question("", {}, Language.FRENCH, moment))).at(DEMO.rooms[room])
        running = {row.title for row in behind if row.start <= minute < row.end}
        coming = {row.title for row in behind if row.id in first_after(minute, behind)}
        assert titles(reply, "expo.door.now") == running, moment
        assert titles(reply, "expo.door.next") | titles(reply, "expo.door.next.day") == coming, moment


def titles(reply: Reply, key: str) -> set[str]:
    lines = [line for part in reply.parts for line in (part.texts if isinstance(part, Lines) else (part,))]
    return {line.arguments["title"].text for line in lines if isinstance(line, Say) and line.key == key}


@pytest.mark.parametrize("room", DEMO.rooms)
def test_what_else_is_on_is_right_at_every_minute(room: str) -> None:
    behind = [row for row in ROWS if row.room == room]
    for minute, moment in minutes(OPEN):
        reply = Doors(Pages(DEMO, Question("", {}, Language.FRENCH, moment))).elsewhere(DEMO.rooms[room])
        here = [row for row in behind if row.start <= minute < row.end]
        soon = [row.start for row in behind if minute < row.start <= minute + 30]
        asked = minute if here or not soon else min(soon)
        others = {row.id for row in TALKS if row.start <= asked < row.end and row.room != room}
        assert sessions_in(reply, moment) == others, moment
