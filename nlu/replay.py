"""Comparing two models on the same messages: what the golden set loses, and which real messages change their meaning.

Runs in a process of its own: a model is trained here while another one goes on serving.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from nlu.examples import Example
from nlu.runtime import Parser
from nlu.training import bring_up
from nlu.understanding import Decision, Understanding


@dataclass(frozen=True, slots=True)
class Change:
    """A message that is understood otherwise: an intent, or `ask` and `lost`, before and after."""

    text: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Golden messages in all, right before and right after; and the real messages that change."""

    golden: int
    right_before: int
    right_after: int
    lost: tuple[Change, ...]
    """Golden messages that were right and are no longer."""
    changed: tuple[Change, ...]


def read_golden(path: Path) -> list[tuple[str, str]]:
    """Messages with the intent that they have for certain (columns `text` and `intent`)."""
    with path.open(encoding="utf-8", newline="") as file:
        return [(row["text"], row["intent"]) for row in csv.DictReader(file)]


def train_and_compare(
    root: Path, examples: Sequence[Example], old: Path, new: Path, messages: Sequence[str], golden: Path
) -> Comparison:
    """Makes `new` from `old` unless it is there, then plays golden set and messages through both."""
    if not new.is_file():
        bring_up(old, examples, new, config=root / "config.yml")
    return compare(Parser.load(old), Parser.load(new), messages, read_golden(golden))


def compare(old: Parser, new: Parser, messages: Sequence[str], golden: Sequence[tuple[str, str]]) -> Comparison:
    texts = [text for text, _ in golden]
    before, after = old.parse_many(texts), new.parse_many(texts)
    pairs = list(zip(golden, before, after, strict=True))
    changed = [
        Change(text, meaning(first), meaning(second))
        for text, first, second in zip(messages, old.parse_many(messages), new.parse_many(messages), strict=True)
        if meaning(first) != meaning(second)
    ]
    return Comparison(
        golden=len(pairs),
        right_before=sum(_is_right(first, intent) for (_, intent), first, _ in pairs),
        right_after=sum(_is_right(second, intent) for (_, intent), _, second in pairs),
        lost=tuple(
            Change(text, meaning(first), meaning(second))
            for (text, intent), first, second in pairs
            if _is_right(first, intent) and not _is_right(second, intent)
        ),
        changed=tuple(changed),
    )


def _is_right(understanding: Understanding, intent: str) -> bool:
    """Not where the assistant was lost: nobody is told its likeliest intent then."""
    return understanding.intent == intent and understanding.decision is not Decision.LOST


def meaning(understanding: Understanding) -> str:
    """What a person notices of an understanding: the intent that is acted on, or that it is asked, or lost."""
    return understanding.intent if understanding.decision is Decision.ANSWER else understanding.decision.value
