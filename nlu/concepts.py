"""The concept lexicon: what citizens name, in all the words they have for it.

`data/nlu/concepts.yml` maps a concept ("lamp_post") to its forms in French, both scripts of Darija and English. A message
is searched for them by spelling and by skeleton, so that a word never seen in the examples of an intent still counts.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from nlu.skeleton import word_skeleton
from nlu.text import longest_by_first_word, normalise, words

MAX_WORDS = 3
_SHORTEST_SKELETON = 3
"""Letters; shorter skeletons belong to too many words."""


Table = dict[str, tuple[str, ...]]


class Lexicon:
    """Finds the concepts of a message in well under a millisecond, by two tables: spellings and skeletons to concepts."""

    def __init__(self, by_spelling: Table, by_skeleton: Table) -> None:
        self._by_spelling = by_spelling
        self._by_skeleton = by_skeleton
        self._longest_spelling = longest_by_first_word(form for form in by_spelling if " " in form)
        self._longest_skeleton = longest_by_first_word(form for form in by_skeleton if " " in form)
        self._from_word = lru_cache(maxsize=32_768)(self._look_up)

    @classmethod
    def of(cls, concepts: Mapping[str, Iterable[str]]) -> "Lexicon":
        """Builds the tables, which takes seconds for tens of thousands of forms; `as_dict` keeps the work."""
        by_spelling: Table = {}
        by_skeleton: Table = {}
        for concept, forms in concepts.items():
            for form in forms:
                _add(by_spelling, by_skeleton, concept, form)
        return cls(by_spelling, by_skeleton)

    def as_dict(self) -> dict[str, Table]:
        """The tables as plain JSON; `from_dict` is the inverse."""
        return {"spellings": self._by_spelling, "skeletons": self._by_skeleton}

    @classmethod
    def from_dict(cls, stored: Mapping[str, Mapping[str, Sequence[str]]]) -> "Lexicon":
        # Tens of thousands of forms lead to a few hundred concepts: one tuple for all forms of a concept.
        shared: dict[tuple[str, ...], tuple[str, ...]] = {}
        spellings, skeletons = (
            {key: shared.setdefault(tuple(found), tuple(found)) for key, found in stored[name].items()}
            for name in ("spellings", "skeletons")
        )
        return cls(spellings, skeletons)

    def find(self, found: Sequence[str]) -> list[str]:
        """The concepts that the words of a message name, longest forms first at each place; a concept may come twice."""
        hits: list[str] = []
        for first, word in enumerate(found):
            longest, alone = self._from_word(word)
            for size in range(min(longest, len(found) - first), 1, -1):
                here = self._of_window(tuple(found[first : first + size]))
                if here:
                    hits.extend(here)
                    break
            else:
                hits.extend(alone)
        return hits

    def spells(self, word: str) -> bool:
        """Whether a word is listed as it is written, and not only heard as one that is: "klara" is not "clear"."""
        return bool(self._by_spelling.get(word) or self._by_spelling.get(_stem(word)))

    def _look_up(self, word: str) -> tuple[int, tuple[str, ...]]:
        """Words of the longest form that may begin with `word`, since most begin none of several; what it names alone."""
        bare = word.partition("'")[2] if word[1:2] == "'" else word
        spelled = self._longest_spelling
        several = max(spelled.get(word, 0), spelled.get(bare, 0), self._longest_skeleton.get(word_skeleton(word), 0))
        return min(several, MAX_WORDS), self._of_window((word,))

    def _of_window(self, window: tuple[str, ...]) -> tuple[str, ...]:
        spelled = " ".join(window)
        exact = self._by_spelling.get(spelled) or self._by_spelling.get(_stem(spelled))
        if exact:
            return exact
        bones = " ".join(word_skeleton(word) for word in window)
        return self._by_skeleton.get(bones, ())


def _add(by_spelling: Table, by_skeleton: Table, concept: str, form: str) -> None:
    spelled = [word.text for word in words(normalise(form))]
    if not spelled:
        return
    _append(by_spelling, " ".join(spelled), concept)
    bones = [word_skeleton(word) for word in spelled]
    if all(bones) and sum(map(len, bones)) >= _SHORTEST_SKELETON:
        _append(by_skeleton, " ".join(bones), concept)


def _stem(spelled: str) -> str:
    """A French or English plural, or a word behind an elided article, counts as the word itself."""
    bare = spelled.partition("'")[2] if spelled[1:2] == "'" else spelled
    return bare[:-1] if len(bare) > 4 and bare[-1] in "sx" else bare


def _append(table: Table, key: str, concept: str) -> None:
    known = table.get(key, ())
    if concept not in known:
        table[key] = (*known, concept)
