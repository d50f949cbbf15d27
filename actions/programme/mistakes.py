"""What keeps an edition of the expo from being used: its mistakes, each with its remedy."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from actions.programme.edition import BREAKS, LANGUAGES, Edition, Session

_ID = re.compile(r"[A-Za-z0-9-]{1,40}")
_ROOM_ID = 20
"""Signs: two of them fit a payload, for the way from one room to another."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with an edition, and what to do about it; `session` is the id of the one it is about, if any."""

    session: str | None
    text: str

    def __str__(self) -> str:
        return f"session {self.session!r}: {self.text}" if self.session else self.text


def mistakes(edition: Edition) -> Iterator[Mistake]:
    """All that keeps an edition from being used."""
    seen: set[str] = set()
    for key in (*edition.rooms, *edition.tracks, *edition.speakers):
        if not is_id(str(key)):
            yield Mistake(None, f"{key!r}: an id has at most 40 of a-z, A-Z, 0-9 and -; shorten it")
    for room in edition.rooms:
        if len(room) > _ROOM_ID:
            text = f"room {room!r}: the id of a room has at most {_ROOM_ID} signs, codes of doors hold it; shorten it"
            yield Mistake(None, text)
    for session in edition.sessions:
        for mistake in _mistakes_of(session, edition):
            yield Mistake(session.id, mistake)
        if session.id in seen:
            yield Mistake(session.id, "another session has this id; give each its own")
        seen.add(session.id)
    for first, second in _overlaps(edition.sessions):
        yield Mistake(second.id, f"overlaps {first.id!r} in room {first.room}; change a time or a room")


def is_id(text: str) -> bool:
    """Whether a text may be the id of a session, room, track or speaker: buttons carry it."""
    return _ID.fullmatch(text) is not None


def _mistakes_of(session: Session, edition: Edition) -> Iterator[str]:
    outside = [day for day in session.dates if day not in (*edition.days, *edition.public_days)]
    if not is_id(session.id):
        yield "an id has at most 40 of a-z, A-Z, 0-9 and -; shorten it"
    if outside:
        yield f"{outside[0]} is not a day of the edition; correct it, or add it to days or public_days"
    if session.start and session.end and session.end <= session.start:
        yield "it ends before it starts; correct its time"
    if session.room is not None and session.room not in edition.rooms:
        yield f"room {session.room!r} is unknown; use one of {', '.join(edition.rooms)} or add it to rooms"
    if session.track is not None and session.track not in edition.tracks:
        yield f"track {session.track!r} is unknown; use one of {', '.join(edition.tracks)} or add it to tracks"
    for speaker in session.speakers:
        if speaker not in edition.speakers:
            yield f"speaker {speaker!r} is unknown; add the person to speakers"
    if session.start and session.kind not in BREAKS and not session.languages:
        yield "its language is missing; add for example languages: [fr]"
    for language in (*session.languages, *session.interpretation):
        if language not in LANGUAGES:
            yield f"language {language!r} is unknown; use one of {', '.join(LANGUAGES)}"


def _overlaps(sessions: Iterable[Session]) -> Iterator[tuple[Session, Session]]:
    timed = [session for session in sessions if session.start and session.room]
    for room in {session.room for session in timed}:
        for first, second in pairwise(session for session in timed if session.room == room):
            if first.end and second.start and second.start < first.end:
                yield first, second
