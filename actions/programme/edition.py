"""The programme of an edition of the expo: its file (docs/expo-format.md) as data classes.

Times are aware and in the zone Africa/Casablanca. A session whose hours are not known has its `dates` only, and no
question about hours finds it. Nothing here knows the wording of a question or of an answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from nlu.understanding import Language

BREAKS = ("break", "lunch")
LANGUAGES = ("fr", "ar", "ary", "en", "es")
"""What is spoken in a session; `data/texts/` has a name for each."""


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
