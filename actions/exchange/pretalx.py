"""pretalx's `schedule.json` (its "frab compatible" export), which frab and hub write as well."""

import json
from collections.abc import Iterator, Mapping
from datetime import tzinfo
from typing import Any

from actions.exchange.frab import zone_named
from actions.exchange.located import Located, Unreadable
from actions.exchange.moments import BadSession, hours, instant, length
from actions.exchange.outgoing import Outgoing, main_language
from actions.exchange.sheet import Format, Problem, Row, Sheet, title_tag
from actions.programme.edition import Session
from nlu.text import arabic_letters, clean

_WRONG_EXPORT = "is not pretalx's schedule.json; in pretalx take Schedule → Export → JSON (frab compatible)"


def read(content: Any, zone: tzinfo | None) -> Sheet:
    """The rows of a schedule; raises `Unreadable` where the JSON is something else."""
    conference = _inside(_inside(content, "schedule"), "conference")
    days = conference.get("days")
    if not isinstance(days, list):
        raise Unreadable(conference.line, f"its conference has no list of days; it {_WRONG_EXPORT}")
    zone = zone or zone_named(_text(conference, "time_zone_name"))
    rows: list[Row] = []
    problems: list[Problem] = []
    for room, event in _events(days):
        try:
            rows.append(_row(room, event, zone))
        except BadSession as error:
            title = next(iter(_texts(event.get("title")).values()), "a session")
            problems.append(Problem(event.line, f"{title!r}: {error}"))
    return Sheet(Format.PRETALX, tuple(rows), tuple(problems))


def _inside(content: Any, name: str) -> Located:
    found = content.get(name) if isinstance(content, Located) else None
    if not isinstance(found, Located):
        line = content.line if isinstance(content, Located) else 1
        raise Unreadable(line, f"there is no {name!r} in it; it {_WRONG_EXPORT}")
    return found


def _events(days: list[Any]) -> Iterator[tuple[str, Located]]:
    for day in days:
        if not isinstance(day, Located) or not isinstance(day.get("rooms", {}), Located):
            raise Unreadable(getattr(day, "line", None), f"a day has no rooms by their names; it {_WRONG_EXPORT}")
        for room, events in day.get("rooms", {}).items():
            for event in events if isinstance(events, list) else ():
                if not isinstance(event, Located):
                    raise Unreadable(day.line, f"room {room!r} holds something that is no session; it {_WRONG_EXPORT}")
                yield room, event


def _row(room: str, event: Located, zone: tzinfo | None) -> Row:
    titles = _texts(event.get("title"))
    subtitle = next(iter(_texts(event.get("subtitle")).values()), "")
    if arabic_letters(subtitle) and not any(map(arabic_letters, titles.values())):
        titles["ary"] = subtitle
    start = instant(_text(event, "date"), zone)
    language = _text(event, "language")
    persons = event.get("persons")
    return Row(
        line=event.line,
        key=(_text(event, "guid") or f"event-{_text(event, 'id')}").casefold(),
        titles=titles,
        hours=hours(start, start + length(_text(event, "duration"))),
        dates=(),
        room=_text(event, "room") or clean(room),
        kind=_text(event, "type") or None,
        track=_text(event, "track"),
        languages=(language,) if language else None,
        speakers=tuple(_names(persons)) if isinstance(persons, list) else None,
    )


def _text(found: Mapping[str, Any], name: str) -> str:
    """A field as one text: French first where it is given in several languages."""
    texts = _texts(found.get(name))
    return texts.get("fr") or next(iter(texts.values()), "")


def _texts(value: Any) -> dict[str, str]:
    """A text of pretalx by language tag: it is plain, or an object with a language for a key."""
    if isinstance(value, Located):
        texts = {title_tag(tag): clean(text) for tag, text in value.items() if isinstance(text, str) and clean(text)}
        return {tag: text for tag, text in texts.items() if tag} or texts
    if isinstance(value, str | int) and not isinstance(value, bool):
        return {"": clean(str(value))}
    return {}


def _names(persons: list[Any]) -> Iterator[str]:
    for person in persons:
        name = _text(person, "public_name") or _text(person, "name") if isinstance(person, Located) else ""
        if name:
            yield name


def write(outgoing: Outgoing) -> bytes:
    """The programme as `schedule.json`; sessions without hours and breaks have no place in it."""
    edition = outgoing.edition
    conference = {
        "acronym": outgoing.acronym,
        "title": edition.name.text(outgoing.language),
        "start": f"{outgoing.days[0]}",
        "end": f"{outgoing.days[-1]}",
        "daysCount": len(outgoing.days),
        "timeslot_duration": "00:05",
        "time_zone_name": outgoing.zone_name,
        "rooms": [
            {
                "name": outgoing.room(key),
                "guid": outgoing.room_guid(key),
                "description": room.floor.text(outgoing.language),
                "capacity": None,
            }
            for key, room in edition.rooms.items()
        ],
        "tracks": [{"name": track.name.text(outgoing.language)} for track in edition.tracks.values()],
        "days": [
            {
                "index": index,
                "date": f"{day}",
                "day_start": outgoing.span(day)[0].isoformat(),
                "day_end": outgoing.span(day)[1].isoformat(),
                "rooms": {
                    room: [_event(outgoing, room, session) for session in sessions]
                    for room, sessions in outgoing.by_room(day)
                },
            }
            for index, day in enumerate(outgoing.days, start=1)
        ],
    }
    schedule = {"version": outgoing.version, "base_url": outgoing.url, "conference": conference}
    whole = {"generator": {"name": "Salam Casa", "version": outgoing.version}, "schedule": schedule}
    return (json.dumps(whole, ensure_ascii=False, indent=1) + "\n").encode()


def _event(outgoing: Outgoing, room: str, session: Session) -> dict[str, Any]:
    return {
        "id": outgoing.numbers[session.id],
        "guid": outgoing.guid(session),
        "date": session.start.isoformat() if session.start else None,
        "start": f"{session.start:%H:%M}",
        "duration": outgoing.minutes(session),
        "room": room,
        "slug": outgoing.slug(session),
        "url": outgoing.url,
        "title": outgoing.title(session),
        "subtitle": outgoing.subtitle(session),
        "track": outgoing.track(session) or None,
        "type": session.kind,
        "language": main_language(session.languages),
        "abstract": "",
        "description": "",
        "persons": [
            {"guid": outgoing.speaker_guid(key), "name": name, "public_name": name}
            for key, name in zip(session.speakers, outgoing.speakers(session), strict=True)
        ],
        "links": [],
        "attachments": [],
    }
