"""What the city knows: the answers in `data/faq/` and the intents they belong to, read from files that staff can read."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from nlu.examples import INTENTS_FILE, read_yaml
from nlu.understanding import Language

ASPECTS = ("cost", "where", "papers", "delay", "hours", "online", "contact")


@dataclass(frozen=True, slots=True)
class IntentInfo:
    """An intent as people see it: `label` fits on a button, `phrase` follows "Vous voulez …"."""

    id: str
    covers: str
    label: Mapping[Language, str]
    phrase: Mapping[Language, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of the FAQ with what makes it trustworthy; `follow_ups` maps an aspect to a shorter answer."""

    intent: str
    owner: str
    checked_on: date
    valid_until: date
    status: str
    sources: tuple[Mapping[str, Any], ...]
    related: tuple[str, ...]
    text: Mapping[Language, str]
    follow_ups: Mapping[str, Mapping[Language, str]]


class Knowledge:
    """Intents and answers by intent id."""

    def __init__(
        self, intents: Mapping[str, IntentInfo], answers: Mapping[str, Answer], pulled: Collection[str] = ()
    ) -> None:
        self.intents = intents
        self.answers = answers
        self.pulled = frozenset(pulled)
        """Intents whose answer staff took back for the time being."""

    @classmethod
    def load(cls, root: Path) -> "Knowledge":
        """Reads `data/nlu/intents.yml` and `data/faq/`; files that `casa faq check` refuses raise here too."""
        answers = [read_answer(path) for path in sorted((root / "data" / "faq").rglob("*.yml"))]
        return cls(read_intents(root), {answer.intent: answer for answer in answers})

    def label(self, intent: str, language: Language) -> str:
        return self.intents[intent].label[language]

    def phrase(self, intent: str, language: Language) -> str:
        return self.intents[intent].phrase[language]


def read_intents(root: Path) -> dict[str, IntentInfo]:
    content = read_yaml(root / INTENTS_FILE)
    return {intent: intent_info(intent, entry) for intent, entry in content.items()}


def intent_info(intent: str, entry: Mapping[str, Any]) -> IntentInfo:
    return IntentInfo(intent, str(entry["covers"]), _by_language(entry["label"]), _by_language(entry["phrase"]))


def read_answer(path: Path) -> Answer:
    """One file of the FAQ; raises `KeyError` or `ValueError` where the format is broken (`casa faq check` says it better)."""
    return answer_of(read_yaml(path))


def answer_of(content: Mapping[str, Any]) -> Answer:
    """An answer from the content of its file."""
    return Answer(
        intent=str(content["intent"]),
        owner=str(content["owner"]),
        checked_on=content["checked_on"],
        valid_until=content["valid_until"],
        status=str(content["status"]),
        sources=tuple(content["source"]),
        related=tuple(content.get("related") or ()),
        text=_by_language(content["answer"]),
        follow_ups={aspect: _by_language(texts) for aspect, texts in (content.get("follow_ups") or {}).items()},
    )


def _by_language(texts: Mapping[str, str]) -> dict[Language, str]:
    return {Language(tag): str(text).strip() for tag, text in texts.items()}
