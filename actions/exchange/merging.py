"""The rows of a file laid over the programme as it is: whose session each row is, and what the file does not say kept."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from rapidfuzz import fuzz

from actions.exchange.content import as_row
from actions.exchange.names import Names
from actions.exchange.outgoing import guid
from actions.exchange.sheet import Problem, Row, Sheet, spoken
from actions.programme.edition import BREAKS, LANGUAGES, Edition, Session
from actions.programme.mistakes import is_id
from nlu.text import arabic_letters, clean, latin_letters, normalise

_ALIKE = 60
"""From this likeness (of 100) on, a changed title is taken for the same one corrected, and its translations stay."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the organiser says beside the file."""

    language: str = ""
    """Of sessions of which neither the file nor the programme says it."""
    rooms: Mapping[str, str] = field(default_factory=dict)
    """Names in the file, to rooms of the edition."""
    places: frozenset[str] = frozenset()
    """Names in the file that are places outside of the rooms."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A programme as it would be (`actions.programme.with_programme`), and what is to be said about it."""

    content: Mapping[str, Any]
    notes: tuple[str, ...]
    """What stops nothing, but should be known."""
    problems: tuple[Problem, ...]
    lines: Mapping[str, int]
    """Where each session stands in the file."""


def merge(sheet: Sheet, edition: Edition, wishes: Wishes) -> Draft:
    """The programme that the file makes of an edition's."""
    return _Merge(sheet, edition, wishes).draft()


class _Merge:
    def __init__(self, sheet: Sheet, edition: Edition, wishes: Wishes) -> None:
        self._sheet = sheet
        self._edition = edition
        self._wishes = wishes
        self._names = Names(edition, wishes.rooms, wishes.places)
        self._notes: list[str] = []
        self._problems: list[Problem] = list(sheet.problems)

    def draft(self) -> Draft:
        known = self._whose()
        rows: list[Mapping[str, Any]] = []
        lines: dict[str, int] = {}
        for row in self._sheet.rows:
            present = known.get(row.line)
            key = present.id if present else _new_id(row)
            if key in lines:
                self._problem(row, f"has the id of the session in line {lines[key]}; give each its own")
                continue
            lines[key] = row.line
            rows.append(self._session(key, row, present))
        rows += [as_row(s) for s in self._edition.sessions if s.id not in lines and not self._can_cancel(s)]
        self._problems += self._names.problems()
        self._notes += self._names.notes()
        content = {"tracks": self._names.tracks(), "speakers": self._names.speakers(), "sessions": rows}
        return Draft(content, tuple(self._notes), tuple(self._problems), lines)

    def _can_cancel(self, session: Session) -> bool:
        """Whether a session that the file lacks is cancelled; what its format cannot say stays as it is."""
        if session.kind in BREAKS and not self._sheet.carries_breaks:
            return False
        return session.start is not None or self._sheet.carries_days

    def _whose(self) -> dict[int, Session]:
        """The session of each row by its line: by id or GUID, else by a title that only one on either side has."""
        by_key = {key: s for s in self._edition.sessions for key in (s.id, s.id.casefold(), guid(self._edition, s.id))}
        found = {row.line: by_key[row.key] for row in self._sheet.rows if row.key in by_key}
        taken = {session.id for session in found.values()}
        left = [session for session in self._edition.sessions if session.id not in taken]
        titled = _once((normalise(title), s) for s in left for title in set(s.title.texts.values()))
        rows = _once((normalise(t), r) for r in self._sheet.rows if r.line not in found for t in set(r.titles.values()))
        for title, row in rows.items():
            session = titled.get(title)
            if session and row.line not in found and session.id not in taken:
                found[row.line] = session
                taken.add(session.id)
                self._notes.append(f"{next(iter(row.titles.values()))!r} is taken for {session.id}, by its title")
        return found

    def _session(self, key: str, row: Row, present: Session | None) -> Mapping[str, Any]:
        """The session as a row of the edition's file."""
        kept = as_row(present) if present else {}
        said: dict[str, Any] = {"id": key, "title": self._titles(row, present)}
        if row.hours:
            said |= {"day": f"{row.hours[0]:%Y-%m-%d}", "time": f"{row.hours[0]:%H:%M}-{row.hours[1]:%H:%M}"}
        else:
            said["dates"] = [f"{day}" for day in row.dates]
        room, place = self._names.room_or_place(row)
        if present and room and room == present.room and row.place is None:
            place = kept.get("place")
        said |= {"room": room} if room else {}
        said |= {"place": place} if place else {}
        said["kind"] = self._names.kind(row.kind, present)
        said |= self._carried("track", self._names.track(row.track) if row.track is not None else None, kept)
        said |= self._carried("languages", self._languages(row, present), kept)
        said |= self._carried("interpretation", self._known(row, row.interpretation), kept)
        who = [self._names.speaker(name) for name in row.speakers] if row.speakers is not None else None
        said |= self._carried("speakers", who, kept)
        said |= self._carried("public", row.public, kept)
        said |= self._carried("keywords", list(row.keywords) if row.keywords is not None else None, kept)
        return said

    def _carried(self, name: str, value: Any, kept: Mapping[str, Any]) -> dict[str, Any]:
        """What the file says; what it does not say as it is known already."""
        found = kept.get(name) if value is None else value
        return {name: found} if found else {}

    def _titles(self, row: Row, present: Session | None) -> dict[str, str]:
        given = {tag: text for tag, text in row.titles.items() if text}
        if not given:
            self._problem(row, "it has no title; give it one")
            return dict(present.title.texts) if present else {"fr": row.key}
        if self._sheet.carries_translations:
            return given
        titles = dict(present.title.texts) if present else {}
        for tag, text in given.items():
            if text not in map(clean, titles.values()):
                self._retitle(titles, tag or self._tag_of(text, row, titles), text)
        return titles

    def _retitle(self, titles: dict[str, str], tag: str, text: str) -> None:
        """Puts a title in; translations of one that said something else go, rather than to say what is no longer true."""
        before, others = titles.get(tag), [other for other in titles if other != tag]
        if before and others and fuzz.ratio(normalise(before), normalise(text)) < _ALIKE:
            self._notes.append(
                f"{text!r} was {before!r}: its other titles ({', '.join(others)}) are dropped; translate it"
            )
            titles.clear()
        elif before and others:
            self._notes.append(f"{text!r} was {before!r}: look at its other titles ({', '.join(others)})")
        titles[tag] = text

    def _tag_of(self, text: str, row: Row, titles: Mapping[str, str]) -> str:
        """The language of a title that the tool does not tell: by its letters, the title it resembles, the session."""
        if arabic_letters(text) > latin_letters(text.casefold()):
            return "ary"
        latin = {tag: fuzz.ratio(normalise(t), normalise(text)) for tag, t in titles.items() if tag != "ary"}
        closest = max(latin, key=lambda tag: latin[tag], default="")
        if closest and latin[closest] >= _ALIKE:
            return closest
        language = spoken(row.languages[0]) if row.languages else self._wishes.language
        return "en" if language == "en" else "fr"

    def _languages(self, row: Row, present: Session | None) -> list[str] | None:
        said = self._known(row, row.languages)
        if present and said and len(said) == 1 and list(present.languages[:1]) == said:
            return None if not self._sheet.carries_translations else said
        if said or row.languages or (present and present.languages):
            return said or None
        if self._wishes.language:
            return [self._wishes.language]
        if row.hours and self._names.kind(row.kind, present) not in BREAKS:
            self._problem(row, "its language is missing; give it in the file, or for all of these with --language fr")
        return None

    def _known(self, row: Row, tags: Sequence[str] | None) -> list[str] | None:
        if tags is None:
            return None
        found = [spoken(tag) for tag in tags]
        for tag in found:
            if tag not in LANGUAGES:
                self._problem(row, f"language {tag!r} is unknown; use one of {', '.join(LANGUAGES)}")
        return [tag for tag in found if tag in LANGUAGES]

    def _problem(self, row: Row, text: str) -> None:
        self._problems.append(Problem(row.line, f"{next(iter(row.titles.values()), row.key)!r}: {text}"))


def _once(found: Iterator[tuple[str, Any]]) -> dict[str, Any]:
    """What only one thing has, by it."""
    pairs = [(key, value) for key, value in found if key]
    counts = Counter(key for key, _ in pairs)
    return {key: value for key, value in pairs if counts[key] == 1}


def _new_id(row: Row) -> str:
    return row.key if is_id(row.key) else str(uuid5(NAMESPACE_URL, f"{row.key}/{next(iter(row.titles.values()), '')}"))
