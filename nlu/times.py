"""Finds the times that a message names, in French, English and Darija in both scripts, and turns them into moments.

The value of a "time" entity is a plain dict with some of:
`now` (true), `day` ("today", "tomorrow", "yesterday", "after_tomorrow", "weekday:0" for Monday to "weekday:6",
"nth:1" for the first day of the expo and "nth:-1" for its last, "monthday:20", "date:05-19"), `hour` (0-23) and `minute`,
`bound` ("before" or "after", where the hour bounds what is meant), `part` ("morning", "afternoon", "evening", "tonight", "after_lunch", "after_breakfast").

People at an expo leave out what is plain to them: an hour from 1 to 6 without am, pm or a part of the day means
the afternoon ("m3a jouj" is 14:00); "3 du matin" and "03:00" are the night. Durations ("dans 2 heures") are no times.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from nlu.plain_yaml import load_yaml
from nlu.text import longest_by_first_word
from nlu.understanding import Entity

CASABLANCA = ZoneInfo("Africa/Casablanca")

TIMES_FILE = Path(__file__).with_name("times.yml")
_TOKEN = re.compile(
    r"[,;!?]|\d{1,2}:\d\d(?!\d)|\d{1,2}/\d{1,2}(?!\d)|[ap]\.m\b|(?:dix|quarante)-(?:sept|huit|neuf|cinq)|[^\W_]+"
)
_HOUR_TOKEN = re.compile(r"l?(?P<hour>\d{1,2})(?:(?:h|:)(?P<minute>[0-5]\d)?)$")
_AMPM_TOKEN = re.compile(r"(?P<hour>\d{1,2})(?P<half>am|pm)$")
_NUMBER_TOKEN = re.compile(r"l?(?P<number>\d{1,2})(?:er|th|st|nd|rd)?$")
_DATE_TOKEN = re.compile(r"(?P<day>\d{1,2})/(?P<month>\d{1,2})$")
_PROCLITIC = re.compile(r"(?P<letter>[فول])(?P<rest>ال.{2,}|\d{1,2}$|غدا$|نهار$)")

_PARTS: Mapping[str, tuple[time, time]] = {
    **dict.fromkeys(("morning", "after_breakfast"), (time(6), time(12))),
    **dict.fromkeys(("evening", "tonight"), (time(18), time(23, 59))),
    "afternoon": (time(12), time(18)),
    "after_lunch": (time(13, 30), time(18)),
}
_RELATIVE_DAYS = {"today": 0, "tomorrow": 1, "after_tomorrow": 2, "yesterday": -1}
_BOUNDS = {"earlier": "before", "later": "after"}
"""Words before an hour that make it a bound: "avant 15h", "mn b3d jouj"."""
_HALVES = ("morning", "afternoon", "evening", "tonight")
_LATER_PARTS = ("afternoon", "evening", "tonight", "after_lunch")


@dataclass(frozen=True, slots=True)
class Moment:
    """A time on the calendar of Casablanca. An hour has only a `start`; days, their parts and bounds have an `end` too."""

    day: date | None
    start: datetime | None
    end: datetime | None


@dataclass(frozen=True, slots=True)
class _Mark:
    """A phrase that the table knows, or a word it does not know (kind "other")."""

    kind: str
    value: Any
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Piece:
    """Some marks that together say a day, an hour or a part of the day; `size` counts the marks."""

    size: int
    value: dict[str, Any]


def find_times(normalised: str) -> tuple[Entity, ...]:
    """The times in a normalised text, in order; what stands together ("demain 15h", "jeudi matin") is one time.

    Hours 1 to 6 without am, pm or a part of the day mean the afternoon; "3 du matin" and "03:00" are respected.
    """
    marks = _marks(normalised)
    groups: list[tuple[int, int, dict[str, Any]]] = []
    fillers_only = False
    position = 0
    while position < len(marks):
        piece = _piece(marks, position)
        if piece is None:
            fillers_only = fillers_only and marks[position].kind in ("of", "before", "and", "nhar", "stop")
            position += 1
            continue
        start, end = marks[position].start, marks[position + piece.size - 1].end
        if "hour" in piece.value and (bound := _bound(marks, position)):
            piece.value["bound"] = bound
        if groups and fillers_only and not groups[-1][2].keys() & {*piece.value, "now"}:
            groups[-1] = (groups[-1][0], end, groups[-1][2] | piece.value)
        else:
            groups.append((start, end, piece.value))
        fillers_only = True
        position += piece.size
    return tuple(Entity("time", _settled(value), normalised[start:end], start, end) for start, end, value in groups)


def resolve(value: Mapping[str, Any], *, now: datetime, days: Sequence[date]) -> Moment:
    """A time that was named as a moment. `days` are those of the expo.

    Without a day it is today while the expo lasts (its next day where the hour has passed), else its first day to
    come. A day that does not exist (a fourth day of two, 31 June) gives an empty moment.
    """
    here = now.astimezone(CASABLANCA)
    if value.get("now"):
        return Moment(here.date(), here, None)
    if not value:
        return Moment(None, None, None)
    day = _day(value["day"], here.date(), days) if "day" in value else _unnamed_day(value, here, days)
    if day is None:
        return Moment(None, None, None)
    if "hour" in value and "bound" not in value:
        return Moment(day, datetime.combine(day, _hour(value), CASABLANCA), None)
    first, last = _span(value)
    return Moment(day, datetime.combine(day, first, CASABLANCA), datetime.combine(day, last, CASABLANCA))


@lru_cache(maxsize=1)
def _table() -> Mapping[str, tuple[str, Any]]:
    """Phrase to what it says."""
    content = load_yaml(TIMES_FILE.read_text(encoding="utf-8"))
    table: dict[str, tuple[str, Any]] = {}
    for kind, found in content["phrases"].items():
        for value, phrases in found.items() if isinstance(found, dict) else [(None, found)]:
            table |= {phrase: (kind, value) for phrase in phrases if phrase not in table}
    for rows in (content["phrases"]["weekday"], content["weekdays_after_day"]):
        for number, names in rows.items():
            table |= {f"{day} {name}": ("weekday", number) for day in content["words_for_day"] for name in names}
    return table


@lru_cache(maxsize=1)
def _longest_by_first_word() -> Mapping[str, int]:
    """Words of the longest phrase that begins with a word; most words begin none."""
    return longest_by_first_word(_table())


def _marks(text: str) -> list[_Mark]:
    """The text as phrases of the table, the longest first."""
    tokens = [mark for match in _TOKEN.finditer(text) for mark in _split(match)]
    table, longest, marks, position = _table(), _longest_by_first_word(), list[_Mark](), 0
    while position < len(tokens):
        for size in range(min(longest.get(tokens[position].value, 1), len(tokens) - position), 0, -1):
            window = tokens[position : position + size]
            known = table.get(" ".join(token.value for token in window))
            if known or size == 1:
                kind, value = known or _shape(window[0].value)
                marks.append(_Mark(kind, value, window[0].start, window[-1].end))
                position += size
                break
    return marks


def _split(match: re.Match[str]) -> list[_Mark]:
    """Arabic one-letter prepositions are written with their word: فالجوج is ف الجوج."""
    word, start, end = match.group(), match.start(), match.end()
    glued = _PROCLITIC.match(word) if word not in _table() else None
    if glued is None or not glued["rest"]:
        return [_Mark("", word, start, end)]
    return [_Mark("", glued["letter"], start, start + 1), _Mark("", glued["rest"], start + 1, end)]


def _shape(word: str) -> tuple[str, Any]:
    """What a word with digits in it says: "15h30", "3pm", "20/05", "l11"."""
    if word.isalpha():  # Most words.
        return "other", None
    if (found := _HOUR_TOKEN.match(word)) and int(found["hour"]) <= 24:
        return "clock", (found["hour"], int(found["minute"] or 0))
    if (found := _AMPM_TOKEN.match(word)) and 1 <= int(found["hour"]) <= 12:
        return "clock", (str(int(found["hour"]) % 12 + (12 if found["half"] == "pm" else 0)).zfill(2), 0)
    if (found := _DATE_TOKEN.match(word)) and 1 <= int(found["day"]) <= 31 and 1 <= int(found["month"]) <= 12:
        return "date", f"date:{int(found['month']):02}-{int(found['day']):02}"
    if word in ",;!?":
        return "stop", None
    if found := _NUMBER_TOKEN.match(word):
        return "number", found["number"] if word.startswith("0") else int(found["number"])
    return "other", None


def _piece(marks: Sequence[_Mark], position: int) -> _Piece | None:
    """What the marks from `position` on say of time; nothing where they say nothing."""
    rest = marks[position:]
    if found := _date(rest) or _nth_day(rest) or _plain(rest):
        return found
    if position and marks[position - 1].kind == "lasting":
        return None
    # In "between 3 and 5" the 5 is an hour because the 3 is.
    second = position > 1 and [mark.kind for mark in marks[position - 2 : position]] == ["before", "number"]
    return _clock(rest, second=second)


def _bound(marks: Sequence[_Mark], position: int) -> str | None:
    """ "before" or "after" where the word at the hour or right before it says so: "avant 15h", "mn b3d jouj"."""
    near = marks[position] if marks[position].kind == "before" else marks[position - 1] if position else None
    return _BOUNDS.get(near.value) if near and near.kind == "before" else None


def _date(rest: Sequence[_Mark]) -> _Piece | None:
    """19 mai, 1er mai, le 19 de mai, May 19, 19/05."""
    kinds = [mark.kind for mark in rest[:3]]
    if kinds[:1] == ["date"]:
        return _Piece(1, {"day": rest[0].value})
    for shape in (["number", "of", "month"], ["number", "month"], ["ordinal", "month"], ["month", "number"]):
        if kinds[: len(shape)] == shape:
            said = {mark.kind: mark.value for mark in rest[: len(shape)]}
            day = int(said.get("number") or said["ordinal"])
            return _Piece(len(shape), {"day": f"date:{said['month']:02}-{day:02}"}) if 1 <= day <= 31 else None
    return None


def _nth_day(rest: Sequence[_Mark]) -> _Piece | None:
    """premier jour, nhar lwel, اليوم الثاني, day 2, nhar 20."""
    kinds = [mark.kind for mark in rest[:2]]
    today = rest[0].value == "today"  # the Arabic "today" is also plainly "the day"
    if kinds == ["ordinal", "nhar"]:
        return _Piece(2, {"day": f"nth:{rest[0].value}"})
    if kinds == ["nhar", "ordinal"] or (today and kinds == ["day", "ordinal"]):
        return _Piece(2, {"day": f"nth:{rest[1].value}"})
    if kinds == ["nhar", "number"] and 1 <= int(rest[1].value) <= 31 and not _counts_something(rest[2:]):
        number = int(rest[1].value)
        return _Piece(2, {"day": f"nth:{number}" if number <= 9 else f"monthday:{number}"})
    return None


def _plain(rest: Sequence[_Mark]) -> _Piece | None:
    """Days and parts of a day that are one phrase."""
    mark = rest[0]
    if mark.kind == "weekday":
        return _Piece(1, {"day": f"weekday:{mark.value}"})
    return _Piece(1, {mark.kind: mark.value}) if mark.kind in ("now", "day", "part") else None


def _clock(rest: Sequence[_Mark], *, second: bool) -> _Piece | None:
    """An hour: written as one, or a number that its neighbours make one."""
    before = rest[0].kind == "before"
    at = 1 if before or rest[0].kind in ("english", "and") else 0
    if at >= len(rest):
        return None
    mark, after = rest[at], rest[at + 1 :]
    if mark.kind == "noon" and not at:
        half = 30 if after and after[0].value == 30 and after[0].kind == "minutes" else 0
        return _Piece(2 if half else 1, {"hour": mark.value, "minute": half, "sure": True})
    if mark.kind == "clock" and not at and not (after and after[0].value == "earlier"):
        said, minute = mark.value
        extra = 1 if after and after[0].kind == "minutes" else 0
        return _with_half(rest, 1 + extra, said, minute + (after[0].value if extra else 0))
    if mark.kind != "number":
        return None
    if rest[0].kind == "english":
        return _with_half(rest, 2, mark.value, rest[0].value)
    strong = _strong_clock(rest[at:]) if not at or before else None
    if strong:
        size, minute = strong
        return _with_half(rest, at + size, mark.value, minute)
    certain = (before and rest[0].value == "sure") or (second and rest[0].kind == "and")
    perhaps = before and _stands_alone(after)
    if (certain or perhaps) and not _counts_something(after):
        return _with_half(rest, at + 1, mark.value, 0)
    return None


def _strong_clock(rest: Sequence[_Mark]) -> tuple[int, int] | None:
    """A number followed by what makes it an hour ("3 heures moins le quart", "jouj o ness"): size in marks, minutes."""
    kinds = [mark.kind for mark in rest[:4]]
    if kinds[1:2] == ["hours"]:
        if kinds[2:3] == ["minutes"]:
            return 3, rest[2].value
        if kinds[2:3] == ["number"] and int(rest[2].value) < 60 and kinds[3:] != ["counted"]:
            return 3, int(rest[2].value)
        # "1h avant" and "2 heures plus tard" are durations.
        return None if len(rest) > 2 and rest[2].value == "earlier" else (2, 0)
    if kinds[1:2] == ["minutes"]:
        return 2, rest[1].value
    return (1, 0) if _half_of_the_day(rest[1:]) or kinds[1:2] == ["ampm"] else None


def _with_half(rest: Sequence[_Mark], size: int, said: Any, minute: int) -> _Piece | None:
    """The hour with the half of the day that follows it: "du matin", "pm", "d l3chiya"."""
    hour, minute = divmod(int(said) * 60 + minute, 60)
    if not 0 <= hour <= 24:
        return None
    value: dict[str, Any] = {"hour": hour % 24, "minute": minute}
    if hour > 12 or str(said).startswith("0"):
        value["sure"] = True
    following = rest[size : size + 2]
    if following and following[0].kind == "ampm" and hour <= 12:
        return _Piece(size + 1, value | {"hour": hour % 12 + following[0].value, "sure": True})
    if half := _half_of_the_day(following):
        return _Piece(size + half[0], value | {"part": half[1]})
    return _Piece(size, value)


def _half_of_the_day(rest: Sequence[_Mark]) -> tuple[int, str] | None:
    """ "du matin", "f l3chiya", "llil": size in marks and the part."""
    skip = 1 if rest and (rest[0].kind == "of" or rest[0].value in ("perhaps", "earlier", "later")) else 0
    if len(rest) > skip and rest[skip].kind == "part" and rest[skip].value in _HALVES:
        return skip + 1, rest[skip].value
    return None


def _stands_alone(after: Sequence[_Mark]) -> bool:
    """After "f 3" or "a 3" nothing that could be what the number counts."""
    return not after or after[0].kind in ("day", "part", "asking", "and", "weekday", "now", "before", "stop")


def _counts_something(after: Sequence[_Mark]) -> bool:
    """ "f 3 dyal les salles", "à 5 minutes", "f 21 mai"."""
    if not after:
        return False
    owned = after[0].kind == "of" and len(after) > 1 and after[1].kind in ("other", "counted", "number")
    return owned or after[0].kind in ("counted", "month")


def _settled(value: dict[str, Any]) -> dict[str, Any]:
    """The value as it leaves the house: the part of the day has decided the hour and is gone."""
    if "hour" not in value:
        return value
    hour, part = value["hour"], value.get("part", "unsaid")
    night = part in ("evening", "tonight") and (hour <= 4 or hour == 12)  # "jouj d llil" is two at night
    if night:
        hour %= 12
    elif not value.get("sure") and ((1 <= hour <= 6 and part == "unsaid") or (hour < 12 and part in _LATER_PARTS)):
        hour += 12
    return {name: found for name, found in value.items() if name not in ("part", "sure")} | {"hour": hour}


def _hour(value: Mapping[str, Any]) -> time:
    return time(value["hour"], value.get("minute", 0))


def _span(value: Mapping[str, Any]) -> tuple[time, time]:
    """From when to when on its day a value goes."""
    if value.get("bound") == "before":
        return time(0), _hour(value)
    if value.get("bound") == "after":
        return _hour(value), time.max
    return _PARTS[value["part"]] if "part" in value else (time(0), time.max)


def _unnamed_day(value: Mapping[str, Any], here: datetime, days: Sequence[date]) -> date:
    last = _hour(value) if "hour" in value and "bound" not in value else _span(value)[1]
    to_come = [day for day in sorted(days) if datetime.combine(day, last, CASABLANCA) >= here]
    return to_come[0] if to_come else here.date()


def _day(name: str, today: date, days: Sequence[date]) -> date | None:
    """The expo's day of that name, one to come before one that has passed; else the next such day on the calendar."""
    kind, _, rest = name.partition(":")
    if kind in _RELATIVE_DAYS:
        return today + timedelta(days=_RELATIVE_DAYS[kind])
    if kind == "nth":
        number = int(rest)
        return sorted(days)[number - 1 if number > 0 else number] if 1 <= abs(number) <= len(days) else None
    calendar = (today + timedelta(days=ahead) for ahead in range(8 * 366))  # 29 February may be eight years away
    candidates = chain(sorted(day for day in days if day >= today), sorted(days), calendar)
    return next((day for day in candidates if rest in (str(day.weekday()), f"{day:%d}", f"{day:%m-%d}")), None)
