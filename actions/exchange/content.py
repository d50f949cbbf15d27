"""A session as a row of the edition's file (docs/expo-format.md)."""

from collections.abc import Mapping
from typing import Any

from actions.programme.edition import Localised, Session, Speaker, Track


def as_row(session: Session) -> dict[str, Any]:
    """The row that says this session; days in ISO form, so that it is plain JSON."""
    row: dict[str, Any] = {"id": session.id, "title": dict(session.title.texts), "kind": session.kind}
    if session.start and session.end:
        row |= {"day": f"{session.dates[0]}", "time": f"{session.start:%H:%M}-{session.end:%H:%M}"}
    else:
        row["dates"] = [f"{day}" for day in session.dates]
    more = {
        "room": session.room,
        "place": _texts(session.place),
        "track": session.track,
        "languages": list(session.languages),
        "interpretation": list(session.interpretation),
        "speakers": list(session.speakers),
        "public": session.public,
        "keywords": list(session.keywords),
    }
    return row | {name: value for name, value in more.items() if value}


def track_row(track: Track) -> dict[str, Any]:
    return {"name": dict(track.name.texts), "keywords": list(track.keywords)}


def speaker_row(speaker: Speaker) -> dict[str, Any]:
    row: dict[str, Any] = {"id": speaker.id, "name": speaker.name, "spellings": list(speaker.spellings)}
    role = _texts(speaker.role)
    return row | ({"role": role} if role else {})


def _texts(text: Localised | None) -> Mapping[str, str] | None:
    return dict(text.texts) if text else None
