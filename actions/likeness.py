"""Grouping messages that say nearly the same, whatever their script and spelling."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from rapidfuzz import fuzz, process

from nlu.skeleton import skeleton
from nlu.text import normalise

ALIKE = 82.0
"""Per cent of the skeleton's letters in common, words in any order."""

T = TypeVar("T")


@dataclass
class Group(Generic[T]):
    """Messages that say nearly the same; the first one stands for all."""

    text: str
    members: list[T] = field(default_factory=list)


def grouped(messages: Sequence[tuple[str, T]]) -> list[Group[T]]:
    """The messages in groups, the largest group first; the order of messages decides which one stands for a group."""
    groups: list[Group[T]] = []
    bones: list[str] = []
    for text, item in messages:
        bone = skeleton(normalise(text)) or normalise(text)
        near = process.extractOne(bone, bones, scorer=fuzz.token_sort_ratio, score_cutoff=ALIKE)
        if near is None:
            groups.append(Group(text, [item]))
            bones.append(bone)
        else:
            groups[near[2]].members.append(item)
    return sorted(groups, key=lambda group: -len(group.members))
