"""Categories of service requests and their dangers, as data."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from nlu.examples import read_yaml
from nlu.text import normalise, words


@dataclass(frozen=True, slots=True)
class Category:
    """What a `report/*` intent files, and the office that answers for it."""

    intent: str
    code: str
    body: str
    danger_words: frozenset[str]
    always_danger: bool

    def is_dangerous(self, text: str) -> bool:
        """Whether the words of a report speak of people in danger (wires, an open manhole, a falling wall)."""
        return self.always_danger or any(word.text in self.danger_words for word in words(normalise(text)))


def read_categories(path: Path) -> Mapping[str, Category]:
    """The categories by intent."""
    content = read_yaml(path)
    return {
        intent: Category(
            intent=intent,
            code=str(entry["code"]),
            body=str(entry["body"]),
            danger_words=frozenset(normalise(str(word)) for word in entry.get("danger_words") or ()),
            always_danger=bool(entry.get("always_danger")),
        )
        for intent, entry in content["categories"].items()
    }
