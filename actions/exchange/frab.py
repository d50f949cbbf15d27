"""frab and pentabarf's `schedule.xml`: what pretalx, frab, EventFahrplan and Giggity speak."""

from collections.abc import Iterator
from datetime import datetime, tzinfo
from xml.etree import ElementTree as Xml
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from actions.exchange.located import Node, Unreadable
from actions.exchange.moments import BadSession, clock_time, day_of, hours, instant, length
from actions.exchange.outgoing import Outgoing, main_language
from actions.exchange.sheet import Format, Problem, Row, Sheet
from actions.programme.edition import Session
from nlu.text import arabic_letters, clean


def read(root: Node, zone: tzinfo | None) -> Sheet:
    """The rows of a schedule; raises `Unreadable` where the file is another kind of XML."""
    if root.tag != "schedule":
        raise Unreadable(root.line, f"<{root.tag}> is not a frab schedule; export the frab-compatible schedule.xml")
    rows: list[Row] = []
    problems: list[Problem] = []
    zone = zone or _zone(root)
    for day in root.all("day"):
        for room in day.all("room"):
            for event in room.all("event"):
                try:
                    rows.append(_row(day, room, event, zone))
                except BadSession as error:
                    problems.append(Problem(event.line, f"{clean(event.said('title') or 'a session')!r}: {error}"))
    return Sheet(Format.FRAB, tuple(rows), tuple(problems))


def _zone(root: Node) -> tzinfo | None:
    """The zone that the conference names for times without an offset."""
    named = next((conference.said("time_zone_name") for conference in root.all("conference")), None)
    return zone_named(named) if named else None


def zone_named(name: str) -> tzinfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _row(day: Node, room: Node, event: Node, zone: tzinfo | None) -> Row:
    titles = {"": clean(event.said("title") or "")}
    subtitle = clean(event.said("subtitle") or "")
    if arabic_letters(subtitle) and not arabic_letters(titles[""]):
        titles["ary"] = subtitle
    start = _start(day, event, zone)
    language = clean(event.said("language") or "")
    persons = next(event.all("persons"), None)
    return Row(
        line=event.line,
        key=clean(event.attributes.get("guid") or f"event-{event.attributes.get('id', '')}").casefold(),
        titles=titles,
        hours=hours(start, start + length(event.said("duration") or "")),
        dates=(),
        room=clean(event.said("room") or room.attributes.get("name", "")),
        kind=clean(event.said("type") or "") or None,
        track=clean(event.said("track") or ""),
        languages=(language,) if language else None,
        speakers=tuple(_names(persons)) if persons else None,
    )


def _start(day: Node, event: Node, zone: tzinfo | None) -> datetime:
    """From `date`, or in older files from the day and `start`; where there are both they must agree."""
    date, start = event.said("date"), event.said("start")
    if not date:
        written = f"{day_of(day.attributes.get('date', ''))}T{clock_time(start or ''):%H:%M:%S}"
        return instant(written, zone)
    moment = instant(date, zone)
    if start and clock_time(start) != moment.time().replace(microsecond=0):
        raise BadSession(f"date says {moment:%H:%M} and start says {start}; correct one of them")
    return moment


def _names(persons: Node) -> Iterator[str]:
    return (name for person in persons.all("person") if (name := clean(person.text)))


def write(outgoing: Outgoing) -> bytes:
    """The programme as `schedule.xml`; sessions without hours and breaks have no place in it."""
    edition = outgoing.edition
    root = Xml.Element("schedule")
    Xml.SubElement(root, "generator", name="Salam Casa", version=outgoing.version)
    _add(root, "version", outgoing.version)
    conference = Xml.SubElement(root, "conference")
    about = {
        "title": edition.name.text(outgoing.language),
        "acronym": outgoing.acronym,
        "start": f"{outgoing.days[0]}",
        "end": f"{outgoing.days[-1]}",
        "days": f"{len(outgoing.days)}",
        "timeslot_duration": "00:05",
        "base_url": outgoing.url,
        "time_zone_name": outgoing.zone_name,
    }
    for tag, text in about.items():
        _add(conference, tag, text)
    for index, day in enumerate(outgoing.days, start=1):
        start, end = outgoing.span(day)
        attributes = {"index": str(index), "date": f"{day}", "start": start.isoformat(), "end": end.isoformat()}
        element = Xml.SubElement(root, "day", attributes)
        for room, sessions in outgoing.by_room(day):
            below = Xml.SubElement(element, "room", name=room)
            for session in sessions:
                below.append(_event(outgoing, room, session))
    Xml.indent(root)
    return bytes(Xml.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def _event(outgoing: Outgoing, room: str, session: Session) -> Xml.Element:
    event = Xml.Element("event", id=f"{outgoing.numbers[session.id]}", guid=outgoing.guid(session))
    said = {
        "date": session.start.isoformat() if session.start else "",
        "start": f"{session.start:%H:%M}",
        "duration": outgoing.minutes(session),
        "room": room,
        "slug": outgoing.slug(session),
        "url": outgoing.url,
        "title": outgoing.title(session),
        "subtitle": outgoing.subtitle(session),
        "track": outgoing.track(session),
        "type": session.kind,
        "language": main_language(session.languages),
        "abstract": "",
    }
    for tag, text in said.items():
        _add(event, tag, text)
    persons = Xml.SubElement(event, "persons")
    for key, name in zip(session.speakers, outgoing.speakers(session), strict=True):
        Xml.SubElement(persons, "person", id=f"{outgoing.person_numbers[key]}").text = name
    return event


def _add(above: Xml.Element, tag: str, text: str) -> None:
    Xml.SubElement(above, tag).text = text
