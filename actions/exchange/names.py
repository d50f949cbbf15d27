"""Whose name is whose: rooms, places, tracks and speakers of a file, and those of the edition."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from actions.exchange.content import speaker_row, track_row
from actions.exchange.sheet import Problem, Row
from actions.programme.edition import Edition, Localised, Session, Speaker, Track
from actions.programme.mistakes import is_id
from nlu.programme_words import names_room, parts
from nlu.text import arabic_letters, normalise


class Names:
    """Finds what the edition has under a name, and makes what it does not have where that is possible."""

    def __init__(self, edition: Edition, rooms: Mapping[str, str], places: frozenset[str]) -> None:
        self._edition = edition
        self._rooms = {normalise(name): key for name, key in rooms.items()}
        self._new_places = {normalise(name) for name in places}
        self._tracks = dict(edition.tracks)
        self._speakers = dict(edition.speakers)
        self._places = {
            normalise(text): s.place for s in edition.sessions if s.place for text in s.place.texts.values()
        }
        self._unknown: dict[str, list[int]] = {}

    # rooms and places

    def room_or_place(self, row: Row) -> tuple[str | None, dict[str, str] | None]:
        """The room of a row, or else its place outside of the rooms."""
        if not row.room:
            return None, dict(row.place or {})
        if row.place:
            return self._room(row.room) or self._missing(row), dict(row.place)
        if room := self._room(row.room):
            return room, None
        if known := self._places.get(normalise(row.room)):
            return None, dict(known.texts)
        if normalise(row.room) in self._new_places:
            return None, {"ary" if arabic_letters(row.room) else "fr": row.room}
        return self._missing(row), None

    def _room(self, name: str) -> str | None:
        plain = normalise(name)
        if plain in self._rooms:
            return self._rooms[plain]
        for room in self._edition.rooms.values():
            own = (room.id, *room.aliases)
            if plain in map(normalise, own) or (len(parts(name)) == 2 and names_room(name, own)):
                return room.id
        return None

    def _missing(self, row: Row) -> str | None:
        self._unknown.setdefault(row.room, []).append(row.line)
        return None

    def problems(self) -> list[Problem]:
        """The rooms that the edition does not have."""
        known = ", ".join(self._edition.rooms) or "none"
        return [
            Problem(
                lines[0],
                f"room {name!r} ({len(lines)} session(s)) is unknown; the edition has {known}. Say --room '{name}=ID' for one"
                f" of them, --place '{name}' for a place outside of the rooms, or add it to rooms in the edition's file",
            )
            for name, lines in self._unknown.items()
        ]

    # kinds, tracks, speakers

    def kind(self, written: str | None, present: Session | None) -> str:
        """ "Talk" is talk; what the file does not say stays, and is `session` otherwise."""
        said = _slug(written or "")
        if present and (written is None or said == _slug(present.kind)):
            return present.kind
        return said or "session"

    def track(self, name: str) -> str:
        """The track of this id or name, a new one where there is none; empty for no name."""
        plain = normalise(name)
        if not plain:
            return ""
        for track in self._tracks.values():
            if plain in (normalise(track.id), *map(normalise, track.name.texts.values())):
                return track.id
        key = _free(_slug(name), self._tracks, name)
        self._tracks[key] = Track(key, _text(name))
        return key

    def speaker(self, name: str) -> str:
        """The speaker of this name in any spelling, a new one where there is none."""
        plain = normalise(name)
        for person in self._speakers.values():
            if plain in map(normalise, (person.name, *person.spellings)):
                return person.id
        key = _free(_slug(name), self._speakers, name)
        self._speakers[key] = Speaker(key, name, None)
        return key

    def notes(self) -> list[str]:
        new = [person.name for key, person in self._speakers.items() if key not in self._edition.speakers]
        tracks = [track.name.texts for key, track in self._tracks.items() if key not in self._edition.tracks]
        notes = [f"new speaker {name!r}, of whom no role is known" for name in new]
        return notes + [f"new track {next(iter(texts.values()))!r}" for texts in tracks]

    def tracks(self) -> dict[str, Any]:
        return {key: track_row(track) for key, track in self._tracks.items()}

    def speakers(self) -> list[dict[str, Any]]:
        return [speaker_row(person) for person in self._speakers.values()]


def _text(name: str) -> Localised:
    return Localised({"ary" if arabic_letters(name) else "fr": name})


def _slug(name: str) -> str:
    """A name in a-z, 0-9 and -; empty where it has none of them."""
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:36].strip("-")


def _free(slug: str, taken: Mapping[str, Any], name: str) -> str:
    """An id that nobody has."""
    first = slug if is_id(slug) else f"x{uuid5(NAMESPACE_URL, name).hex[:12]}"
    return next(key for key in (first, *(f"{first}-{n}" for n in range(2, 1000))) if key not in taken)
