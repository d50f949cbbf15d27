"""What the assistant says, before any channel has shaped it: text keys with arguments, choices, a pin, a picture."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Say:
    """A text of the catalogue (`data/texts/`) by its key, with the arguments of its placeholders."""

    key: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    count: int | None = None
    """The number that chooses among plural forms, for keys that have them."""


@dataclass(frozen=True, slots=True)
class Words:
    """A text that is already in the person's language: an answer of the FAQ, a title of a session."""

    text: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A button. `payload` comes back as it is when it is tapped; `label` is a text of at most 20 characters."""

    label: Say | Words
    payload: str


@dataclass(frozen=True, slots=True)
class Pin:
    """A place on the map, with a name for it."""

    lat: float
    lon: float
    title: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class AskLocation:
    """The channel may offer its own way to share a location."""


@dataclass(frozen=True, slots=True)
class Lines:
    """Texts that stand together, one below the other: a heading and its list."""

    texts: tuple[Say | Words, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that was stored before (`House.files`); `alt` says in words what it shows."""

    reference: str
    alt: Say | Words


@dataclass(frozen=True, slots=True)
class File:
    """A file to keep, stored before (`House.files`): a receipt, dates for a calendar. `name` is what the phone calls it."""

    reference: str
    name: str
    media_type: str


Part = Say | Words | Lines | Pin | AskLocation | Picture | File


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply: its parts in order (paragraphs), and the choices under it."""

    parts: tuple[Part, ...]
    choices: tuple[Choice, ...] = ()
    shows: tuple[str, ...] = ()
    """The sessions of the expo that it tells of, where its choices need not say so: one that is over has no button of its own."""

    def then(self, other: "Reply") -> "Reply":
        """Both replies as one; the choices of the later one win."""
        return Reply(self.parts + other.parts, other.choices or self.choices, other.shows or self.shows)


def say(key: str, /, *, count: int | None = None, **arguments: Any) -> Reply:
    """A reply of one text."""
    return Reply((Say(key, arguments, count),))
