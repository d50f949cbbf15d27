"""An edition of the expo read from its file (docs/expo-format.md), and with another programme put into it."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from actions.programme.edition import Edition, Localised, Room, Service, Session, Speaker, Track, Venue, Walk
from actions.programme.mistakes import mistakes
from actions.programme.rows import mistaken_walks, read_lined
from nlu.programme_words import content_words
from nlu.times import CASABLANCA


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
