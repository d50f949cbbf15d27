"""Which language and script a message is in, as a whole and stretch by stretch.

Where a third of the words is in Arabic letters, these decide. Among Latin letters French, Darija and English are told
apart by a linear model over the character n-grams of single words: because it is linear, the score of a message is the
sum over its words, and the same scores cut a mixed message into stretches. Off-the-shelf detectors call Arabizi
Hungarian (docs/architecture.md).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlu.features import NgramCounter
from nlu.linear import LinearModel
from nlu.text import Word, words
from nlu.understanding import Language, Stretch

LATIN_LANGUAGES = (Language.FRENCH, Language.DARIJA_LATIN, Language.ENGLISH)
_WORDS_REMEMBERED = 30_000
_ENOUGH_ARABIC = 1 / 3
"""Of the words: whoever changes the keyboard for so many speaks Darija, with French nouns in it. Of 109 messages that mix both
scripts, written for this, the writers call 101 the same; at half of the letters, the rule before, 71."""
_NEUTRAL_MARGIN = 0.25
"""A single word scored closer than this belongs to its neighbours' stretch."""


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
        scores = self.word_scores([word.text for word in latin])
        labels = self._labels(found, dict(zip(latin, scores, strict=True)))
        stretches = _stretches(normalised, found, labels)
        in_arabic = sum(word.is_arabic for word in found)
        share = in_arabic / (in_arabic + len(latin))
        if share >= _ENOUGH_ARABIC:
            return Identification(Language.DARIJA, max(share, 0.5), stretches)
        latin_weight = sum(len(word.text) for word in latin)
        totals = np.sum([its * min(len(word.text), 8) for word, its in zip(latin, scores, strict=True)], axis=0)
        weighted = self.sharpness * totals / np.sqrt(max(latin_weight, 1))
        chances = np.exp(weighted - weighted.max())
        chances /= chances.sum()
        best = int(chances.argmax())
        return Identification(LATIN_LANGUAGES[best], float(chances[best]) * (1 - share), stretches)

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
