"""Which examples say the same: near-duplicates, which teach nothing, and groups, which no evaluation may split.

Two examples of one intent are compared by their skeletons, so that a sentence and its twin in the other script, or its
paraphrase by one word, are found. A file may also name a group by hand (`metadata: {language: fr, group: name}`).
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nlu.examples import Example
from nlu.skeleton import skeleton
from nlu.text import normalise

SAME_GROUP = 80
"""Similarity of skeletons, in percent, from which two examples of one intent are paraphrases."""
NEAR_DUPLICATE = 93
"""Similarity from which two examples of one intent and language are the same sentence, give or take a letter."""
_SHORTEST = 8
"""Letters of a skeleton; short messages resemble one another without being copies."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Positions of two similar examples of one intent, `first` before `second`; `similarity` in percent."""

    first: int
    second: int
    similarity: int


def group_ids(examples: Sequence[Example]) -> list[int]:
    """A number for each example, the same for all examples that must stay on one side of a split."""
    groups = _Groups(len(examples))
    named: dict[str, int] = {}
    written: dict[str, int] = {}
    for number, example in enumerate(examples):
        groups.join(number, written.setdefault(skeleton(example.text) or normalise(example.text), number))
        if example.group:
            groups.join(number, named.setdefault(example.group, number))
    for pair in similar_pairs(examples, SAME_GROUP):
        groups.join(pair.first, pair.second)
    return [groups.first_of(number) for number in range(len(examples))]


def near_duplicates(examples: Sequence[Example]) -> list[tuple[Example, Example]]:
    """Pairs of which one should go: same intent, same language, the same sentence give or take a letter.

    Examples of a named group (buttons, paraphrases kept on purpose) do not count.
    """
    pairs = [(examples[pair.first], examples[pair.second]) for pair in similar_pairs(examples, NEAR_DUPLICATE)]
    return [(a, b) for a, b in pairs if a.language == b.language and not a.group and not b.group]


def similar_pairs(examples: Sequence[Example], least: int) -> Iterator[Pair]:
    """All pairs of examples of one intent whose skeletons are at least `least` percent alike."""
    # Only checks and evaluations compare; the serving process never loads the fuzzy matcher for it.
    import numpy as np
    from rapidfuzz import fuzz, process

    by_intent: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for number, example in enumerate(examples):
        bones = skeleton(example.text)
        if len(bones.replace(" ", "")) >= _SHORTEST:
            by_intent[example.intent].append((number, bones))
    for entries in by_intent.values():
        bones_of = [bones for _, bones in entries]
        alike = process.cdist(bones_of, bones_of, scorer=fuzz.ratio, score_cutoff=least, dtype=np.uint8)
        for first, second in zip(*np.nonzero(np.triu(alike, 1)), strict=True):
            yield Pair(entries[first][0], entries[second][0], int(alike[first, second]))


class _Groups:
    """Disjoint sets of numbers; the smallest of a set stands for it."""

    def __init__(self, size: int) -> None:
        self._parent = list(range(size))

    def first_of(self, number: int) -> int:
        while self._parent[number] != number:
            self._parent[number] = self._parent[self._parent[number]]
            number = self._parent[number]
        return number

    def join(self, one: int, other: int) -> None:
        first, second = sorted((self.first_of(one), self.first_of(other)))
        self._parent[second] = first
