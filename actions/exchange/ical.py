"""iCalendar (RFC 5545), as pretalx, Google Calendar and the like write it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from icalendar import Calendar, Event

from actions.calendar_zone import casablanca
from actions.exchange.located import Unreadable
from actions.exchange.moments import BadSession, hours, placed
from actions.exchange.outgoing import Outgoing
from actions.exchange.sheet import Format, Problem, Row, Sheet, title_tag
from actions.programme.edition import BREAKS, Session
from actions.programme.mistakes import is_id
from nlu.text import clean

_SPEAKERS, _LANGUAGES, _KIND = "X-CASA-SPEAKERS", "X-CASA-LANGUAGES", "X-CASA-KIND"
"""What calendars have no property for."""


def read(text: str, zone: tzinfo | None) -> Sheet:
    """The rows of a calendar; raises `Unreadable` where it is none."""
    try:
        calendar = Calendar.from_ical(text)
    except (ValueError, IndexError, KeyError, TypeError, AttributeError) as error:
        raise Unreadable(1, f"not an iCalendar file: {error}; export it anew") from None
    lines = [number for number, line in enumerate(text.splitlines(), 1) if line.strip().casefold() == "begin:vevent"]
    rows: list[Row] = []
    problems: list[Problem] = []
    for line, event in zip(lines, calendar.walk("VEVENT"), strict=False):
        if _text(event, "STATUS").casefold() == "cancelled":
            continue
        try:
            rows.append(_row(line, event, zone))
        except BadSession as error:
            problems.append(Problem(line, f"{_text(event, 'SUMMARY') or 'a session'!r}: {error}"))
    return Sheet(Format.ICALENDAR, tuple(rows), tuple(problems), carries_days=True)


def _row(line: int, event: Event, zone: tzinfo | None) -> Row:
    if "RRULE" in event:
        raise BadSession("it repeats by a rule (RRULE); enter each of its dates as an event of its own")
    start = _time(event, "DTSTART")
    if start is None:
        raise BadSession("it has no start (DTSTART); give it a day and a time")
    summary = event.get("SUMMARY")
    tag = title_tag(str(getattr(summary, "params", {}).get("LANGUAGE", "")))
    row = Row(
        line=line,
        key=_key(_text(event, "UID")),
        titles={tag: _text(event, "SUMMARY")},
        hours=None,
        dates=(),
        room=_text(event, "LOCATION"),
        kind=_text(event, _KIND) or None,
        track=next(iter(_listed(event.get("CATEGORIES"))), None),
        languages=_split(event, _LANGUAGES),
        speakers=_split(event, _SPEAKERS),
    )
    if not isinstance(start, datetime):
        return replace(row, dates=tuple(_days(event, start)))
    end = _end(event, start)
    return replace(row, hours=hours(_zoned(event, "DTSTART", start, zone), _zoned(event, "DTEND", end, zone)))


def _time(event: Event, name: str) -> date | datetime | None:
    found = event.get(name)
    if found is None:
        return None
    if isinstance(found, list) or not hasattr(type(found), "from_ical") or name in dict(event.errors):
        raise BadSession(f"{name} is not a time; write it as 20310521T103000Z")
    moment = found.dt
    if not isinstance(moment, date):
        raise BadSession(f"{name} is not a time; write it as 20310521T103000Z")
    return moment


def _end(event: Event, start: datetime) -> datetime:
    end = _time(event, "DTEND")
    if isinstance(end, datetime):
        return end
    length = None if "DURATION" in dict(event.errors) else getattr(event.get("DURATION"), "dt", None)
    if not isinstance(length, timedelta):
        raise BadSession("it has no end (DTEND with a time, or DURATION); give it one")
    return start + length


def _zoned(event: Event, name: str, moment: datetime, zone: tzinfo | None) -> datetime:
    named = str(event[name].params.get("TZID", "")) if name in event else ""
    if moment.tzinfo is None and named:
        raise BadSession(f"its zone {named!r} is unknown; use a name such as Africa/Casablanca, or times in UTC")
    return placed(moment, zone, f"{moment:%Y-%m-%dT%H:%M}")


def _days(event: Event, first: date) -> Iterator[date]:
    """All days of an event without hours: those from its start before its end, and those added by RDATE."""
    end = _time(event, "DTEND")
    last = end.date() if isinstance(end, datetime) else end or first + timedelta(days=1)
    if not 0 < (last - first).days <= 60:
        raise BadSession(f"it lasts from {first} to {last}; correct one of them")
    added = event.get("RDATE")
    further = [each.dt for found in (added if isinstance(added, list) else [added]) if found for each in found.dts]
    yield from sorted({*(first + timedelta(days=n) for n in range((last - first).days)), *_only_days(further)})


def _only_days(found: list[Any]) -> Iterator[date]:
    for day in found:
        if not isinstance(day, date) or isinstance(day, datetime):
            raise BadSession("RDATE mixes days and times; write each of them as 20310521")
        yield day


def _key(uid: str) -> str:
    """Ours is an id or a GUID; a longer one of another tool becomes a GUID, always the same."""
    bare = uid.casefold()
    return bare if not bare or is_id(bare) else str(uuid5(NAMESPACE_URL, bare))


def _text(event: Event, name: str) -> str:
    found = event.get(name)
    return clean(str(found[0] if isinstance(found, list) else found)) if found is not None else ""


def _listed(found: Any) -> list[str]:
    categories = found if isinstance(found, list) else [found] if found is not None else []
    return [name for category in categories for each in getattr(category, "cats", ()) if (name := clean(str(each)))]


def _split(event: Event, name: str) -> tuple[str, ...] | None:
    """The parts of one of our own properties; None where the calendar does not have it."""
    return tuple(part for each in _text(event, name).split("|") if (part := each.strip())) if name in event else None


def write(outgoing: Outgoing) -> bytes:
    """The programme as a calendar that people can subscribe to; breaks are left out."""
    calendar = Calendar()
    calendar.add("prodid", "-//Salam Casa//expo//FR")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", outgoing.edition.name.text(outgoing.language))
    calendar.add_component(casablanca(outgoing.days[0], outgoing.days[-1]))
    for session in outgoing.edition.sessions:
        if session.kind not in BREAKS:
            calendar.add_component(_event(outgoing, session))
    return bytes(calendar.to_ical())


def _event(outgoing: Outgoing, session: Session) -> Event:
    event = Event()
    event.add("uid", outgoing.guid(session))
    event.add("dtstamp", outgoing.made_at.astimezone(UTC))
    if session.start and session.end:
        event.add("dtstart", session.start)
        event.add("dtend", session.end)
    else:
        event.add("dtstart", session.dates[0])
        for day in session.dates[1:]:
            event.add("rdate", [day], parameters={"VALUE": "DATE"})
    event.add("summary", outgoing.title(session))
    if where := outgoing.where(session):
        event.add("location", where)
    if session.speakers:
        event.add("description", ", ".join(outgoing.speakers(session)))
    if track := outgoing.track(session):
        event.add("categories", [track])
    event.add(_KIND.lower(), session.kind)
    event.add(_LANGUAGES.lower(), " | ".join(session.languages))
    event.add(_SPEAKERS.lower(), " | ".join(outgoing.speakers(session)))
    return event
