"""The concept lexicon: what citizens name, in all the words they have for it.

`data/nlu/concepts.yml` maps a concept ("lamp_post") to its forms in French, both scripts of Darija and English. A message
is searched for them by spelling and by skeleton, so that a word never seen in the examples of an intent still counts.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from nlu.skeleton import skeleton, word_skeleton
from nlu.text import Word, normalise, words

MAX_WORDS = 3
_SHORTEST_SKELETON = 3
"""Letters; shorter skeletons belong to too many words."""


class Lexicon:
    """Finds the concepts of a message; building it takes a moment, `find` well under a millisecond."""

    def __init__(self, concepts: Mapping[str, Iterable[str]]) -> None:
        self._by_spelling: dict[str, tuple[str, ...]] = {}
        self._by_skeleton: dict[str, tuple[str, ...]] = {}
        for concept, forms in concepts.items():
            for form in forms:
                self._add(concept, form)
        self._of_word = lru_cache(maxsize=32_768)(self._of_window)

    def find(self, normalised: str) -> list[str]:
        """The concepts named, in order, longest forms first at each place; a concept may come twice."""
        found = words(normalised)
        hits: list[str] = []
        for first in range(len(found)):
            for size in range(min(MAX_WORDS, len(found) - first), 0, -1):
                here = self._of_word(tuple(word.text for word in found[first : first + size]))
                if here:
                    hits.extend(here)
                    break
        return hits

    def _add(self, concept: str, form: str) -> None:
        spelled = _joined(words(normalise(form)))
        if not spelled:
            return
        _append(self._by_spelling, spelled, concept)
        bones = skeleton(form)
        if len(bones.replace(" ", "")) >= _SHORTEST_SKELETON and len(bones.split()) == len(spelled.split()):
            _append(self._by_skeleton, bones, concept)

    def _of_window(self, window: tuple[str, ...]) -> tuple[str, ...]:
        spelled = " ".join(window)
        exact = self._by_spelling.get(spelled) or self._by_spelling.get(_stem(spelled))
        if exact:
            return exact
        bones = " ".join(word_skeleton(word) for word in window)
        return self._by_skeleton.get(bones, ())


def _joined(found: Sequence[Word]) -> str:
    return " ".join(word.text for word in found)


def _stem(spelled: str) -> str:
    """A French or English plural, or a word behind an elided article, counts as the word itself."""
    bare = spelled.partition("'")[2] if spelled[1:2] == "'" else spelled
    return bare[:-1] if len(bare) > 4 and bare[-1] in "sx" else bare


def _append(table: dict[str, tuple[str, ...]], key: str, concept: str) -> None:
    known = table.get(key, ())
    if concept not in known:
        table[key] = (*known, concept)
