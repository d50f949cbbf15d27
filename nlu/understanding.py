"""What the NLU says of a message: the data class at the seam between `nlu/` and the rest of the house."""

import sys
from dataclasses import dataclass, field
from typing import Any

if sys.version_info >= (3, 11):  # noqa: UP036 (the official install of Rasa, which loads our models too, ends at 3.10)
    from enum import StrEnum
else:
    from enum import Enum

    class StrEnum(str, Enum):  # noqa: UP042
        """A member is its value, also in words."""

        __str__ = str.__str__


class Language(StrEnum):
    """Language and script of a message, and of the reply to it (BCP 47)."""

    FRENCH = "fr"
    DARIJA = "ary"
    DARIJA_LATIN = "ary-Latn"
    ENGLISH = "en"


class Decision(StrEnum):
    """How sure the assistant is: answer, ask which of two it was, or admit that it is lost."""

    ANSWER = "answer"
    ASK = "ask"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class RankedIntent:
    intent: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Entity:
    """A thing that the message names. `start` and `end` count characters of the normalised text; `value` is plain JSON."""

    kind: str
    value: Any
    text: str
    start: int
    end: int
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Stretch:
    """Neighbouring words of one language inside a mixed message."""

    text: str
    language: Language


@dataclass(frozen=True, slots=True)
class Understanding:
    """The meaning of one message; `ranking` holds the five likeliest intents, the best first."""

    text: str
    language: Language
    language_confidence: float
    intent: str
    confidence: float
    decision: Decision
    ranking: tuple[RankedIntent, ...]
    entities: tuple[Entity, ...] = ()
    stretches: tuple[Stretch, ...] = field(default=())

    def entities_of(self, kind: str) -> list[Entity]:
        return [entity for entity in self.entities if entity.kind == kind]

    def as_dict(self) -> dict[str, Any]:
        """JSON for the command line: see `casa nlu parse --help`."""
        return {
            "text": self.text,
            "language": self.language.value,
            "intent": self.intent,
            "confidence": round(self.confidence, 6),
            "decision": self.decision.value,
            "ranking": [{"intent": r.intent, "confidence": round(r.confidence, 6)} for r in self.ranking],
            "entities": [
                {"kind": e.kind, "value": e.value, "text": e.text, "start": e.start, "end": e.end}
                for e in self.entities
            ],
        }
