"""Which language and script a message is in, as a whole and stretch by stretch.

Where a third of the words is in Arabic letters, these decide. Among Latin letters French, Darija and English are told
apart by a linear model over the character n-grams of single words: because it is linear, the score of a message is the
sum over its words, and the same scores cut a mixed message into stretches. Off-the-shelf detectors call Arabizi
Hungarian (docs/architecture.md). Words that French and English write alike (`shared_words.yml`) do not vote.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlu.features import NgramCounter
from nlu.linear import LinearModel
from nlu.plain_yaml import load_yaml
from nlu.text import Word, normalise, words
from nlu.understanding import Language, Stretch

SHARED_WORDS_FILE = Path(__file__).with_name("shared_words.yml")
LATIN_LANGUAGES = (Language.FRENCH, Language.DARIJA_LATIN, Language.ENGLISH)
_WORDS_REMEMBERED = 30_000
_ENOUGH_ARABIC = 1 / 3
"""Of the words: whoever changes the keyboard for so many speaks Darija, with French nouns in it. Of 109 messages that mix both
scripts, written for this, the writers call 101 the same; at half of the letters, the rule before, 71."""
_NEUTRAL_MARGIN = 0.25
"""A single word scored closer than this belongs to its neighbours' stretch."""
_GUESSED = 0.5
"""How sure a language is that only words tell which another has too."""


@dataclass(frozen=True, slots=True)
class Identification:
    language: Language
    confidence: float
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True)
class LanguageModel:
    """Scores single Latin-letter words; see `identify`."""

    counter: NgramCounter
    model: LinearModel
    sharpness: float = 2.5

    @cached_property
    def _cache(self) -> dict[str, NDArray[Any]]:
        return {}

    def word_scores(self, vocabulary: Sequence[str]) -> list[NDArray[Any]]:
        """For each word one score for each of `LATIN_LANGUAGES`."""
        unknown = list({word for word in vocabulary if word not in self._cache})
        fresh: dict[str, NDArray[Any]] = {}
        if unknown:
            margins = self.model.margins(self.counter.rows([[word] for word in unknown]))
            columns = [self.model.labels.index(language) for language in LATIN_LANGUAGES]
            fresh = dict(zip(unknown, margins[:, columns], strict=True))
            if len(self._cache) < _WORDS_REMEMBERED:
                self._cache.update(fresh)
        return [fresh[word] if word in fresh else self._cache[word] for word in vocabulary]

    def identify(self, normalised: str, default: Language = Language.FRENCH) -> Identification:
        """The language to reply in, with its probability; `default` where there is no letter to go by."""
        found = words(normalised)
        if not any(_has_letters(word) for word in found):
            return Identification(default, 0.0, ())
        latin = [word for word in found if not word.is_arabic and _has_letters(word)]
        spelled = _as_meant([word.text for word in latin])
        scores = self.word_scores(spelled)
        labels = self._labels(found, dict(zip(latin, scores, strict=True)))
        stretches = _stretches(normalised, found, labels)
        in_arabic = sum(word.is_arabic for word in found)
        share = in_arabic / (in_arabic + len(latin))
        if share >= _ENOUGH_ARABIC:
            return Identification(Language.DARIJA, max(share, 0.5), stretches)
        votes = list(zip(spelled, scores, strict=True))
        telling = [vote for vote in votes if vote[0] not in _shared_words().alike]
        language, chance = self._counted(telling or votes)
        if not telling:
            # What they lean to is a guess: whoever wrote a language before goes on in it.
            leaning = {_shared_words().leaning.get(word) for word in spelled} - {None}
            language, chance = (leaning.pop() or default, _GUESSED) if len(leaning) == 1 else (default, 0.0)
        return Identification(language, chance * (1 - share), stretches)

    def _counted(self, votes: Sequence[tuple[str, NDArray[Any]]]) -> tuple[Language, float]:
        """The language that the words have together, the longer the more, and how likely it is."""
        totals = np.sum([its * min(len(word), 8) for word, its in votes], axis=0)
        weighted = self.sharpness * totals / np.sqrt(max(sum(len(word) for word, _ in votes), 1))
        chances = np.exp(weighted - weighted.max())
        chances /= chances.sum()
        best = int(chances.argmax())
        return LATIN_LANGUAGES[best], float(chances[best])

    def _labels(self, found: Sequence[Word], scored: Mapping[Word, NDArray[Any]]) -> list[Language | None]:
        labels: list[Language | None] = []
        for word in found:
            if word.is_arabic:
                labels.append(Language.DARIJA)
            elif word not in scored:
                labels.append(None)
            else:
                (second, _), (best, language) = sorted(zip(scored[word].tolist(), LATIN_LANGUAGES, strict=True))[-2:]
                labels.append(language if best - second >= _NEUTRAL_MARGIN else None)
        return labels


@dataclass(frozen=True, slots=True)
class _SharedWords:
    """See `shared_words.yml`."""

    alike: frozenset[str]
    leaning: Mapping[str, Language]
    behind_alike: Mapping[str, str]


@lru_cache(maxsize=1)
def _shared_words() -> _SharedWords:
    content: dict[str, Any] = load_yaml(SHARED_WORDS_FILE.read_text(encoding="utf-8"))
    leaning = {normalise(word): Language(tag) for tag, listed in content["leaning"].items() for word in listed}
    return _SharedWords(frozenset(map(normalise, content["alike"])) | leaning.keys(), leaning, content["behind_alike"])


def _as_meant(spelled: Sequence[str]) -> list[str]:
    """The words, those that are another language's behind a shared one as that one writes them without doubt."""
    shared = _shared_words()
    before = chain([""], spelled)
    return [
        shared.behind_alike.get(word, word) if last in shared.alike else word
        for last, word in zip(before, spelled, strict=False)
    ]


def _has_letters(word: Word) -> bool:
    """Whether a word can tell its language; a code such as 7K3 or T1 cannot, however much it looks like Arabizi."""
    letters = sum(char.isalpha() for char in word.text)
    return letters > sum(char.isdigit() for char in word.text)


def _stretches(normalised: str, found: Sequence[Word], labels: Sequence[Language | None]) -> tuple[Stretch, ...]:
    """Runs of one language; a neutral word joins the run before it, at the beginning the one behind it."""
    runs: list[tuple[Language | None, int, int]] = []
    for word, label in zip(found, labels, strict=True):
        if runs and (label is None or runs[-1][0] is None or runs[-1][0] == label):
            language, start, _ = runs[-1]
            runs[-1] = (language or label, start, word.end)
        else:
            runs.append((label, word.start, word.end))
    return tuple(Stretch(normalised[start:end], language) for language, start, end in runs if language is not None)
