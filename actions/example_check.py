"""New examples next to all others: the same message under two questions, or one that says nearly the same."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process

from nlu.examples import Example
from nlu.skeleton import skeleton
from nlu.text import normalise

ALIKE = 90.0
"""Per cent of letters in common from which two messages are nearly the same."""
SHORTEST_COMPARED = 6
"""Characters; shorter messages are alike by chance."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A new example and the present one that it meets. `clash`: the same message; under two questions it may not stand."""

    text: str
    other: str
    other_intent: str
    clash: bool


def neighbours(intent: str, new: Iterable[str], present: Sequence[Example]) -> list[Neighbour]:
    """What each new example of `intent` meets: a clash with another question, else the nearest one that is nearly the same."""
    forms = [_forms(example.text) for example in present]
    written, bones = [form for form, _ in forms], [form for _, form in forms]
    found = []
    for text in new:
        wanted = normalise(text)
        same = [example for example, other in zip(present, written, strict=True) if other == wanted]
        elsewhere = [example for example in same if example.intent != intent]
        if elsewhere or same:
            first = (elsewhere or same)[0]
            found.append(Neighbour(text, first.text, first.intent, clash=bool(elsewhere)))
            continue
        near = _nearest(wanted, written, bones)
        if near is not None:
            found.append(Neighbour(text, present[near].text, present[near].intent, clash=False))
    return found


@lru_cache(maxsize=50_000)
def _forms(text: str) -> tuple[str, str]:
    """Normalised, and its skeleton; kept, because all examples are looked at again with every save."""
    normalised = normalise(text)
    return normalised, skeleton(normalised)


def _nearest(wanted: str, written: Sequence[str], bones: Sequence[str]) -> int | None:
    if len(wanted) < SHORTEST_COMPARED:
        return None
    near = process.extractOne(wanted, written, scorer=fuzz.ratio, score_cutoff=ALIKE)
    if near is None:
        # The other script, or another spelling of the same words.
        near = process.extractOne(skeleton(wanted), bones, scorer=fuzz.ratio, score_cutoff=ALIKE + 5)
    return int(near[2]) if near else None
