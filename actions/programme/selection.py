"""The sessions of an edition at a moment, on a day, in a room, of a track."""

from datetime import date, datetime

from actions.programme.edition import BREAKS, Edition, Session


def on_at(edition: Edition, moment: datetime) -> tuple[Session, ...]:
    """What is on at a moment, breaks included."""
    return tuple(s for s in edition.sessions if s.start and s.end and s.start <= moment < s.end)


def next_after(edition: Edition, moment: datetime) -> tuple[Session, ...]:
    """The sessions that start first after a moment, on whatever day; breaks do not count."""
    coming = [s for s in edition.sessions if s.start and s.start > moment and s.kind not in BREAKS]
    first = min((s.start for s in coming if s.start), default=None)
    return tuple(s for s in coming if s.start == first)


def on_day(edition: Edition, day: date) -> tuple[Session, ...]:
    return tuple(s for s in edition.sessions if day in s.dates)


def between(edition: Edition, start: datetime, end: datetime) -> tuple[Session, ...]:
    """The sessions that start from `start` on and before `end`."""
    return tuple(s for s in edition.sessions if s.start and start <= s.start < end)


def in_room(edition: Edition, room: str) -> tuple[Session, ...]:
    return tuple(s for s in edition.sessions if s.room == room)


def of_track(edition: Edition, track: str) -> tuple[Session, ...]:
    return tuple(s for s in edition.sessions if s.track == track)
