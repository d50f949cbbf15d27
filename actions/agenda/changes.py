"""What differs between two states of a programme. Rules only, no I/O.

`spots_of` takes of an edition what a visitor has to know to be there; it can be stored (`as_dict`) and read again
(`spots_from`), so that a programme can be compared with the one that people were told before a restart.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from actions.programme.edition import BREAKS, Edition, Localised, Session


class ChangeKind(StrEnum):
    """In the order of their weight."""

    NEW = "new"
    CANCELLED = "cancelled"
    MOVED = "moved"
    """Another day or other hours, perhaps another room as well."""
    ROOM = "room"
    """Another room or place."""
    TEXT = "text"
    """What else is said of a session; nobody is told."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where and when a session is. `start` and `end` are None where only its `dates` are known."""

    title: Localised
    dates: tuple[date, ...]
    start: datetime | None
    end: datetime | None
    room: str | None
    place: Localised | None

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON; `spots_from` reads it."""
        return {
            "title": dict(self.title.texts),
            "dates": [day.isoformat() for day in self.dates],
            "start": self.start.isoformat() if self.start else None,
            "end": self.end.isoformat() if self.end else None,
            "room": self.room,
            "place": dict(self.place.texts) if self.place else None,
        }


@dataclass(frozen=True, slots=True)
class Change:
    """One session that is not as it was. `before` is None for a new one, `after` for a cancelled one."""

    kind: ChangeKind
    session_id: str
    before: Spot | None
    after: Spot | None


Spots = Mapping[str, Spot]
"""By session id; pauses are not among them."""


def spots_of(edition: Edition) -> Spots:
    return {session.id: spot_of(session) for session in edition.sessions if session.kind not in BREAKS}


def spots_from(stored: Mapping[str, Any]) -> Spots:
    """The inverse of `as_dict` for each session."""
    return {key: _read(row) for key, row in stored.items()}


def changes_between(before: Spots, after: Spots) -> tuple[Change, ...]:
    """What changed, in the order of the new programme, cancelled sessions at the end; titles and speakers do not count."""
    found = [change for key, spot in after.items() if (change := _change(key, before.get(key), spot))]
    gone = [Change(ChangeKind.CANCELLED, key, spot, None) for key, spot in before.items() if key not in after]
    return (*found, *gone)


def differences(before: Spot | None, after: Spot | None) -> tuple[ChangeKind, ...]:
    """What became of a session for somebody who wants to be there, the weightiest first; nothing where it is as it was."""
    if before is None:
        return (ChangeKind.NEW,)
    if after is None:
        return (ChangeKind.CANCELLED,)
    moved = (before.dates, before.start, before.end) != (after.dates, after.start, after.end)
    elsewhere = (before.room, before.place) != (after.room, after.place)
    return tuple(kind for kind, there in ((ChangeKind.MOVED, moved), (ChangeKind.ROOM, elsewhere)) if there)


def spot_of(session: Session) -> Spot:
    return Spot(session.title, session.dates, session.start, session.end, session.room, session.place)


def _change(key: str, before: Spot | None, after: Spot) -> Change | None:
    """It is told as what weighs most: who reads the new hours reads the new room with them."""
    kinds = differences(before, after)
    return Change(kinds[0], key, before, after) if kinds else None


def _read(row: Mapping[str, Any]) -> Spot:
    return Spot(
        Localised(row["title"]),
        tuple(date.fromisoformat(day) for day in row["dates"]),
        datetime.fromisoformat(row["start"]) if row["start"] else None,
        datetime.fromisoformat(row["end"]) if row["end"] else None,
        row["room"],
        Localised(row["place"]) if row["place"] else None,
    )
