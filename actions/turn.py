"""One turn of a conversation as the actions see it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from actions.desk import Desk
from actions.desk_hours import DeskHours
from actions.expo.expo import Expo
from actions.files import Files
from actions.geography import City
from actions.knowledge import Knowledge
from actions.phrases import PlainWords
from actions.programme.edition import Edition
from actions.push import Push
from actions.reply import Choice, Reply, Say, Words
from actions.requests.categories import Category
from actions.requests.receipt import ReceiptKey
from actions.requests.words import ReportWords
from actions.state import State
from actions.travel.network import Network
from nlu.runtime import Parser
from nlu.understanding import Entity, Language, Understanding


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message in no channel's terms; of text, choice, location, photo, voice and other one is set, but `text` may also
    be what stands under a photo. Files are references into the store of attachments."""

    text: str | None = None
    choice: str | None = None
    location: tuple[float, float] | None = None
    photo: str | None = None
    further_photos: tuple[str, ...] = ()
    """The others of an album. Each stands in its own message of the inbox, so they are not stored with this one."""
    voice: str | None = None
    other: str | None = None
    """A kind the assistant cannot use: sticker, contact, document."""
    photo_location: tuple[float, float] | None = None
    """Where the photo was taken, as its file said; offered as the place of a request, used only when the person agrees."""
    language: Language | None = None
    """What the person's phone speaks: for the reply as long as they have written nothing that tells."""
    demo_at: datetime | None = None
    """The simulated time of the demonstration edition, when the person switched it on."""

    @property
    def photos(self) -> tuple[str, ...]:
        return (self.photo, *self.further_photos) if self.photo else ()

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON for the inbox."""
        return {
            "text": self.text,
            "choice": self.choice,
            "location": list(self.location) if self.location else None,
            "photo": self.photo,
            "voice": self.voice,
            "other": self.other,
            "photo_location": list(self.photo_location) if self.photo_location else None,
            "language": self.language.value if self.language else None,
            "demo_at": self.demo_at.isoformat() if self.demo_at else None,
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> "Incoming":
        location, photo_location = stored.get("location"), stored.get("photo_location")
        demo_at = stored.get("demo_at")
        return cls(
            text=stored.get("text"),
            choice=stored.get("choice"),
            location=(float(location[0]), float(location[1])) if location else None,
            photo=stored.get("photo"),
            voice=stored.get("voice"),
            other=stored.get("other"),
            photo_location=(float(photo_location[0]), float(photo_location[1])) if photo_location else None,
            language=Language(stored["language"]) if stored.get("language") else None,
            demo_at=datetime.fromisoformat(demo_at) if demo_at else None,
        )


@dataclass(frozen=True, slots=True)
class House:
    """What the assistant knows and can do, loaded once and shared by all turns."""

    parser: Parser
    knowledge: Knowledge
    city: City
    network: Network
    categories: Mapping[str, Category]
    report_words: ReportWords
    plain_words: PlainWords
    expo: Expo
    demo_expo: Expo
    demo_edition: Edition | None
    desk_hours: DeskHours
    """When people of staff answer."""
    files: Files
    receipt_key: Callable[[], ReceiptKey]
    """The key that signs receipts; made or read when the first one is asked for."""

    @property
    def desk(self) -> Desk:
        """The part that handles service requests."""
        return Desk(self.knowledge, self.city, self.categories)


class Outcome(StrEnum):
    """What became of a message, as staff and figures count it."""

    ANSWERED = "answered"
    ASKED = "asked"
    LOST = "lost"
    FORM = "form"
    """It was the answer to a question of an open request form."""
    UNANSWERED = "unanswered"
    """It was understood, and nobody has told the assistant the answer."""
    HUMAN = "human"
    """It was left to a person of staff."""
    OTHER = "other"
    """A tap, a photo, a location, a voice note."""


@dataclass(slots=True)
class Turn:
    """Everything an action may look at, and the state it may change. `now` is a time in Casablanca."""

    incoming: Incoming
    understanding: Understanding | None
    state: State
    conversation_id: int
    session: AsyncSession
    house: House
    language: Language
    now: datetime
    forget_person: bool = field(default=False)
    """Set by the privacy action: everything stored of this person goes at the end of the turn."""
    forget_since: datetime | None = None
    """Set when a report is anonymous: what was said since then goes at the end of the turn."""
    pushes: list[Push] = field(default_factory=list)
    """What others are to be told of what this turn changed."""
    outcome: Outcome = Outcome.ANSWERED
    starred: frozenset[str] = frozenset()
    """The sessions in the person's agenda, once somebody has looked."""

    @property
    def expo(self) -> Expo:
        return self.house.demo_expo if self.incoming.demo_at else self.house.expo

    @property
    def expo_time(self) -> datetime:
        """The time the programme is asked about: simulated while the demonstration is on."""
        return self.incoming.demo_at or self.now

    @property
    def text(self) -> str:
        return self.understanding.text if self.understanding else ""

    def entities_of(self, kind: str) -> list[Entity]:
        return self.understanding.entities_of(kind) if self.understanding else []

    def intent_choice(self, intent: str) -> Choice:
        """A button that asks for this intent."""
        return Choice(Words(self.house.knowledge.label(intent, self.language)), f"i:{intent}")


def with_choices(reply: Reply, *choices: Choice) -> Reply:
    return Reply(reply.parts, choices, reply.shows)


def button(key: str, payload: str, **arguments: Any) -> Choice:
    """A button whose label is a text of the catalogue."""
    return Choice(Say(key, arguments), payload)
