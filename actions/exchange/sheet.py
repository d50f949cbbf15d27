"""What a file of an organiser's tool says, in no tool's terms: rows, and what is wrong with the file."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from nlu.text import clean


class Format(StrEnum):
    PRETALX = "pretalx"
    FRAB = "frab"
    ICALENDAR = "ics"
    CSV = "csv"


@dataclass(frozen=True, slots=True)
class Problem:
    """What keeps a file from being imported, and what to do about it; lines count from 1, None is no line of the file."""

    line: int | None
    text: str


class BadFile(ValueError):
    """A file that cannot be imported; its words name every problem, with file, line and remedy."""

    def __init__(self, name: str, problems: Iterable[Problem]) -> None:
        self.problems = sorted(problems, key=lambda problem: problem.line or 0)
        where = (f"{name}:{found.line}" if found.line else name for found in self.problems)
        super().__init__("\n".join(f"{place}: {found.text}" for place, found in zip(where, self.problems, strict=True)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A session as a file says it. None: the format does not say it, and what is known of it stays."""

    line: int
    key: str
    """What names the session in the tool: our own id, or a GUID."""
    titles: Mapping[str, str]
    """By language tag; "" where the tool does not say the language."""
    hours: tuple[datetime, datetime] | None
    """Start and end, in Casablanca."""
    dates: tuple[date, ...]
    room: str
    """As it is written there; empty for a session without room."""
    place: Mapping[str, str] | None = None
    """A place outside of the rooms, by language tag."""
    kind: str | None = None
    track: str | None = None
    languages: tuple[str, ...] | None = None
    interpretation: tuple[str, ...] | None = None
    speakers: tuple[str, ...] | None = None
    """Names, not ids."""
    public: bool | None = None
    keywords: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """All rows of a file, and what its format can say at all."""

    format: Format
    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]
    carries_breaks: bool = False
    carries_days: bool = False
    """Whether sessions without hours can stand in it."""
    carries_translations: bool = False

    @property
    def label(self) -> str:
        return {"pretalx": "pretalx JSON", "frab": "frab XML", "ics": "iCalendar", "csv": "CSV"}[self.format]


def title_tag(language: str) -> str:
    """The tag under which texts in a spoken language are kept: Arabic of any kind is `ary`; "" for what we have no texts in."""
    base = language.strip().replace("_", "-").casefold()
    if base in ("ary-latn", "ar-latn"):
        return "ary-Latn"
    return {"ar": "ary", "ary": "ary", "fr": "fr", "en": "en"}.get(base.partition("-")[0], "")


def spoken(language: str) -> str:
    """A language as `languages` of a session names it: "fr-CA" is fr; what we do not know stays as it is written."""
    return clean(language).replace("_", "-").casefold().partition("-")[0]
