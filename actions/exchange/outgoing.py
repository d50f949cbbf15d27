"""What every export of a programme needs: names in one language, ids that other tools accept, sessions by day and room."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from uuid import NAMESPACE_URL, UUID, uuid5

from actions.programme.edition import BREAKS, Edition, Session
from actions.texts import Texts
from nlu.times import CASABLANCA
from nlu.understanding import Language

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True)
class Outgoing:
    """An edition on its way into another format; titles and rooms are named in `language`."""

    edition: Edition
    language: Language
    texts: Texts
    version: str
    """Which version of the programme it is, as the reader is told."""
    made_at: datetime

    @property
    def url(self) -> str:
        return site_url(self.edition)

    @property
    def acronym(self) -> str:
        """At least four of a-z, 0-9 and _, as the schema of frab asks."""
        return re.sub(r"[^a-z0-9_]", "_", self.edition.id.casefold()).rjust(4, "_")

    @property
    def zone_name(self) -> str:
        return CASABLANCA.key

    @property
    def days(self) -> tuple[date, ...]:
        return tuple(sorted({*self.edition.days, *self.edition.public_days}))

    def span(self, day: date) -> tuple[datetime, datetime]:
        return datetime.combine(day, time.min, CASABLANCA), datetime.combine(day, time(23, 59), CASABLANCA)

    @cached_property
    def scheduled(self) -> tuple[Session, ...]:
        """The sessions that have hours, without breaks: what tools of conferences know."""
        return tuple(s for s in self.edition.sessions if s.start and s.end and s.kind not in BREAKS)

    def by_room(self, day: date) -> list[tuple[str, list[Session]]]:
        """The scheduled sessions of a day by the name of their room or place, in the order of the rooms."""
        found: dict[str, list[Session]] = {self.room(key): [] for key in self.edition.rooms}
        for session in self.scheduled:
            if day in session.dates:
                found.setdefault(self.where(session), []).append(session)
        return [(name, sessions) for name, sessions in found.items() if sessions]

    def room(self, key: str) -> str:
        return self.texts.text("expo.room", self.language, room=key)

    def where(self, session: Session) -> str:
        """The name of its room, else of its place; empty where neither is known."""
        if session.room:
            return self.room(session.room)
        return session.place.text(self.language) if session.place else ""

    def title(self, session: Session) -> str:
        return session.title.text(self.language)

    def subtitle(self, session: Session) -> str:
        """The title in Arabic letters, where another one stands above it."""
        arabic = session.title.texts.get("ary", "")
        return "" if arabic == self.title(session) else arabic

    def track(self, session: Session) -> str:
        return self.edition.tracks[session.track].name.text(self.language) if session.track else ""

    def speakers(self, session: Session) -> list[str]:
        return [self.edition.speakers[key].name for key in session.speakers]

    def guid(self, session: Session) -> str:
        return guid(self.edition, session.id)

    def room_guid(self, key: str) -> str:
        return guid(self.edition, f"room/{key}")

    def speaker_guid(self, key: str) -> str:
        return guid(self.edition, f"speaker/{key}")

    def slug(self, session: Session) -> str:
        return f"{self.acronym}-{self.numbers[session.id]:06}-{session.id.casefold()}".rstrip("-")

    def minutes(self, session: Session) -> str:
        """Its length as hours and minutes, "00:45"."""
        lasts = session.end - session.start if session.start and session.end else timedelta()
        minutes = int(lasts.total_seconds()) // 60
        return f"{minutes // 60:02}:{minutes % 60:02}"

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        """Positive whole numbers for sessions, the same in every export as long as the ids are."""
        return _numbered((session.id, self.guid(session)) for session in self.edition.sessions)

    @cached_property
    def person_numbers(self) -> Mapping[str, int]:
        return _numbered((key, self.speaker_guid(key)) for key in self.edition.speakers)


def site_url(edition: Edition) -> str:
    return edition.site if edition.site.startswith("http") else f"https://{edition.site}/"


def guid(edition: Edition, key: str) -> str:
    """The GUID by which other tools know a session: always the same, and its id itself where that is one."""
    if _UUID.fullmatch(key):
        return key
    return str(uuid5(NAMESPACE_URL, f"{site_url(edition)}{edition.id}/{key}"))


def _numbered(named: Iterable[tuple[str, str]]) -> Mapping[str, int]:
    numbers: dict[str, int] = {}
    taken: set[int] = set()
    for key, name in sorted(named):
        number = UUID(name).int % 100_000_000 + 1
        while number in taken:
            number += 1
        taken.add(number)
        numbers[key] = number
    return numbers


def main_language(languages: Sequence[str]) -> str:
    """The one language that tools have a field for."""
    return languages[0] if languages else ""
