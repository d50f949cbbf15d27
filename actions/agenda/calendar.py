"""An agenda as an iCalendar file (RFC 5545): its sessions with their rooms, in Casablanca's time, with alarms."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from icalendar import Alarm, Calendar, Event

from actions.calendar_zone import casablanca
from actions.programme.edition import Edition, Session
from nlu.understanding import Language


def calendar_file(
    edition: Edition,
    sessions: Sequence[Session],
    minutes: Mapping[str, int | None],
    *,
    language: Language,
    made_at: datetime,
) -> bytes:
    """The file; `minutes` says by session how long before its start the alarm goes off, if it does.

    An event's UID never changes, so that a newer file takes the place of an older one; its SEQUENCE grows with time.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Salam Casa//agenda//FR")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", edition.name.text(language))
    days = [day for session in sessions for day in session.dates]
    calendar.add_component(casablanca(min(days), max(days)))
    for session in sessions:
        calendar.add_component(_event(edition, session, minutes.get(session.id), language, made_at))
    return bytes(calendar.to_ical())


def _event(edition: Edition, session: Session, minutes: int | None, language: Language, made_at: datetime) -> Event:
    event = Event()
    event.add("uid", f"{edition.id}-{session.id}@salam-casa")
    event.add("dtstamp", made_at.astimezone(UTC))
    event.add("sequence", int(made_at.timestamp()) // 60)
    event.add("summary", session.title.text(language))
    if session.start and session.end:
        event.add("dtstart", session.start)
        event.add("dtend", session.end)
    else:
        event.add("dtstart", min(session.dates))
        event.add("dtend", max(session.dates) + timedelta(days=1))
    event.add("location", _where(edition, session, language))
    if session.speakers:
        event.add("description", ", ".join(edition.speakers[key].name for key in session.speakers))
    if minutes and session.start:
        event.add_component(_alarm(session.title.text(language), minutes))
    return event


def _alarm(text: str, minutes: int) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", text)
    alarm.add("trigger", timedelta(minutes=-minutes))
    return alarm


def _where(edition: Edition, session: Session, language: Language) -> str:
    """Room with its floor, and the venue, as a calendar shows it; the outdoor place alone."""
    if session.place and not session.room:
        return session.place.text(language)
    room = edition.rooms.get(session.room or "")
    venue = f"{edition.venue.name}, {edition.venue.address}".strip(", ") if edition.venue else edition.site
    return f"{room.id} ({room.floor.text(language)}), {venue}" if room else venue
