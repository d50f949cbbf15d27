"""The programme of an edition of the expo: its file (docs/expo-format.md) as data classes, and what is on when.

Times are aware and in the zone Africa/Casablanca. A session whose hours are not known has its `dates` only, and no
question about hours finds it. Nothing here knows the wording of a question or of an answer.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from itertools import pairwise
from pathlib import Path
from typing import Any

from actions.programme_rows import mistaken_walks, read_lined
from nlu.programme_words import content_words
from nlu.times import CASABLANCA
from nlu.understanding import Language

BREAKS = ("break", "lunch")
LANGUAGES = ("fr", "ar", "ary", "en", "es")
"""What is spoken in a session; `data/texts/` has a name for each."""
_ID = re.compile(r"[A-Za-z0-9-]{1,40}")
_ROOM_ID = 20
"""Signs: two of them fit a payload, for the way from one room to another."""


@dataclass(frozen=True, slots=True)
class Localised:
    """A text of the organisers in the languages they wrote it in."""

    texts: Mapping[str, str]

    def text(self, language: Language) -> str:
        """The text in this language; French, then English, then any, where it was not written."""
        return next(self.texts[tag] for tag in (language.value, "fr", "en", *self.texts) if tag in self.texts)


@dataclass(frozen=True, slots=True)
class Venue:
    name: str
    address: str
    lat: float | None
    lon: float | None
    access: Localised | None


@dataclass(frozen=True, slots=True)
class Room:
    """A room; `floor` and `hint` say the way to it inside the venue."""

    id: str
    floor: Localised
    hint: Localised
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Walk:
    """The way from the door of a room to that of another; `hint` says it in this direction."""

    start: str
    goal: str
    minutes: int
    hint: Localised | None


@dataclass(frozen=True, slots=True)
class Track:
    id: str
    name: Localised
    keywords: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Speaker:
    id: str
    name: str
    role: Localised | None
    spellings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Service:
    """A practical matter: Wi-Fi, food, prayer room."""

    id: str
    text: Localised
    keywords: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Session:
    id: str
    title: Localised
    kind: str
    dates: tuple[date, ...]
    start: datetime | None
    end: datetime | None
    room: str | None
    place: Localised | None
    track: str | None
    languages: tuple[str, ...]
    interpretation: tuple[str, ...]
    speakers: tuple[str, ...]
    public: bool
    keywords: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Edition:
    id: str
    number: int | None
    demonstration: bool
    name: Localised
    theme: Localised | None
    days: tuple[date, ...]
    public_days: tuple[date, ...]
    opening: Mapping[date, tuple[datetime, datetime]]
    venue: Venue | None
    rooms: Mapping[str, Room]
    walks: tuple[Walk, ...]
    tracks: Mapping[str, Track]
    speakers: Mapping[str, Speaker]
    sessions: tuple[Session, ...]
    services: Mapping[str, Service]
    registration: Localised | None
    site: str
    sources: tuple[Mapping[str, str], ...]
    vocabulary: Mapping[str, frozenset[str]] = field(repr=False, compare=False)
    """Every word of the sessions to the ids of the sessions that have it."""


def load_edition(path: Path) -> Edition:
    """Reads an edition; raises ValueError with every mistake, its session and what to do about it."""
    content = read_lined(path.read_text(encoding="utf-8"))
    wrong = [f"{path.name}:{mistake}" for mistake in mistaken_walks(content)]
    if wrong:
        raise ValueError("\n".join(wrong))
    try:
        edition = _edition(content)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{path.name}: {error} is missing or misplaced; compare with docs/expo-format.md") from error
    except ValueError as error:
        raise ValueError(f"{path.name}: {error}") from error
    found = [f"{path.name}: {mistake}" for mistake in mistakes(edition)]
    if found:
        raise ValueError("\n".join(found))
    return edition


def with_programme(edition: Edition, content: Mapping[str, Any]) -> Edition:
    """The edition with other `sessions`, and with `speakers` and `tracks` beside its own, which count before those.

    They are rows of the file's format, days as dates or in ISO form. What is wrong with it is for `mistakes` to say.
    """
    sessions = tuple(sorted((_session(row) for row in content["sessions"]), key=_order))
    known = {**{str(row["id"]): _speaker(row) for row in content["speakers"]}, **edition.speakers}
    speaking = {speaker for session in sessions for speaker in session.speakers}
    speakers = {key: person for key, person in known.items() if key in speaking}
    return replace(
        edition,
        tracks={**{key: _track(key, row) for key, row in content["tracks"].items()}, **edition.tracks},
        speakers=speakers,
        sessions=sessions,
        vocabulary=_vocabulary(sessions, speakers),
    )


def _edition(content: Mapping[str, Any]) -> Edition:
    speakers = {row["id"]: _speaker(row) for row in content.get("speakers", [])}
    sessions = tuple(sorted((_session(row) for row in content.get("sessions", [])), key=_order))
    return Edition(
        id=str(content["id"]),
        number=content.get("number"),
        demonstration=bool(content.get("demonstration", False)),
        name=_localised(content["name"]),
        theme=_maybe(content.get("theme")),
        days=tuple(sorted(content["days"])),
        public_days=tuple(sorted(content.get("public_days", []))),
        opening={day: _hours(day, hours, f"opening of {day}") for day, hours in content.get("opening", {}).items()},
        venue=_venue(content["venue"]) if content.get("venue") else None,
        rooms={key: _room(key, row) for key, row in content.get("rooms", {}).items()},
        walks=tuple(_walk(row) for row in content.get("walks", [])),
        tracks={key: _track(key, row) for key, row in content.get("tracks", {}).items()},
        speakers=speakers,
        sessions=sessions,
        services={key: _service(key, row) for key, row in content.get("practical", {}).items()},
        registration=_maybe(content.get("registration")),
        site=str(content["site"]),
        sources=tuple(content.get("sources", [])),
        vocabulary=_vocabulary(sessions, speakers),
    )


def _localised(found: Any) -> Localised:
    return Localised({"fr": found} if isinstance(found, str) else {str(tag): str(text) for tag, text in found.items()})


def _maybe(found: Any) -> Localised | None:
    return _localised(found) if found else None


def _strings(found: Any) -> tuple[str, ...]:
    return tuple(str(item) for item in found or ())


def _venue(row: Mapping[str, Any]) -> Venue:
    return Venue(row["name"], row.get("address", ""), row.get("lat"), row.get("lon"), _maybe(row.get("access")))


def _room(key: str, row: Mapping[str, Any]) -> Room:
    return Room(key, _localised(row["floor"]), _localised(row["hint"]), _strings(row.get("aliases")))


def _walk(row: Mapping[str, Any]) -> Walk:
    return Walk(str(row["from"]), str(row["to"]), row["minutes"], _maybe(row.get("hint")))


def _track(key: str, row: Mapping[str, Any]) -> Track:
    return Track(key, _localised(row["name"]), _strings(row.get("keywords")))


def _speaker(row: Mapping[str, Any]) -> Speaker:
    return Speaker(str(row["id"]), row["name"], _maybe(row.get("role")), _strings(row.get("spellings")))


def _service(key: str, row: Mapping[str, Any]) -> Service:
    return Service(key, _localised(row["text"]), _strings(row.get("keywords")))


def _session(row: Mapping[str, Any]) -> Session:
    key = str(row["id"])
    dates = tuple(_date(day, key) for day in (row["dates"] if "dates" in row else (row["day"],)))
    start, end = _hours(dates[0], row["time"], f"session {key!r}") if "time" in row else (None, None)
    return Session(
        id=key,
        title=_localised(row["title"]),
        kind=str(row.get("kind", "session")),
        dates=dates,
        start=start,
        end=end,
        room=str(row["room"]) if "room" in row else None,
        place=_maybe(row.get("place")),
        track=str(row["track"]) if "track" in row else None,
        languages=_strings(row.get("languages")),
        interpretation=_strings(row.get("interpretation")),
        speakers=_strings(row.get("speakers")),
        public=bool(row.get("public", False)),
        keywords=_strings(row.get("keywords")),
    )


def _date(written: date | str, session: str) -> date:
    if isinstance(written, date):
        return written
    try:
        return date.fromisoformat(written)
    except (TypeError, ValueError):
        raise ValueError(f"session {session!r}: {written!r} is not a day; write it as 2031-05-21") from None


def _hours(day: date, written: str, whose: str) -> tuple[datetime, datetime]:
    try:
        first, last = (time.fromisoformat(part.strip().zfill(5)) for part in str(written).split("-"))
    except ValueError:
        raise ValueError(f"{whose}: {written!r} is not a time; write it as 09:30-10:15") from None
    return datetime.combine(day, first, CASABLANCA), datetime.combine(day, last, CASABLANCA)


def _order(session: Session) -> tuple[date, time, str, str]:
    return session.dates[0], session.start.time() if session.start else time.min, session.room or "~", session.id


def _vocabulary(sessions: Iterable[Session], speakers: Mapping[str, Speaker]) -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for session in sessions:
        texts = [*session.title.texts.values(), *session.keywords]
        texts += [speakers[key].name for key in session.speakers if key in speakers]
        for word in content_words(" ".join(texts)):
            found.setdefault(word, set()).add(session.id)
    return {word: frozenset(holders) for word, holders in found.items()}


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
