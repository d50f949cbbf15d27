"""Counts of words and character n-grams as sparse vectors, one small implementation for every view of a message.

A view is a function from a message to words (its spelling, its skeleton, its concepts). Features of a word depend on
the word alone, so they are computed once and cached: that is what makes training and parsing fast.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

View = Callable[[str], Sequence[str]]


@dataclass(frozen=True, slots=True)
class NgramSettings:
    """What is counted: characters from `shortest` to `longest` inside a padded word, and words `word_ngrams` long."""

    shortest: int = 2
    longest: int = 5
    word_ngrams: int = 2
    min_documents: int = 2


class NgramCounter:
    """Maps the words of a message to a TF-IDF row of unit length over a vocabulary learnt from the training messages."""

    def __init__(self, settings: NgramSettings, vocabulary: dict[str, int], idf: NDArray[Any]) -> None:
        self._settings = settings
        self._vocabulary = vocabulary
        self._idf = idf
        self._ids_of_word: dict[str, list[int]] = {}

    @property
    def width(self) -> int:
        """Number of columns."""
        return len(self._idf)

    @property
    def names(self) -> list[str]:
        """The n-gram behind each column; word n-grams carry spaces or a leading `=`."""
        return sorted(self._vocabulary, key=self._vocabulary.__getitem__)

    @classmethod
    def fit(cls, messages: Iterable[Sequence[str]], settings: NgramSettings) -> "NgramCounter":
        """Learns vocabulary and inverse document frequencies; rarer n-grams than `min_documents` are left out."""
        documents: Counter[str] = Counter()
        grams_of_word: dict[str, set[str]] = {}
        total = 0
        for words in messages:
            total += 1
            seen: set[str] = set(_word_grams(words, settings))
            for word in words:
                if word not in grams_of_word:
                    grams_of_word[word] = set(_char_grams(word, settings))
                seen |= grams_of_word[word]
            documents.update(seen)
        kept = sorted(gram for gram, count in documents.items() if count >= settings.min_documents)
        counts = np.array([documents[gram] for gram in kept], dtype=np.float64)
        idf = np.log((1 + total) / (1 + counts)) + 1
        return cls(settings, {gram: column for column, gram in enumerate(kept)}, idf.astype(np.float32))

    def row(self, words: Sequence[str]) -> scipy.sparse.csr_matrix:
        """A matrix of one row: sublinear counts times IDF, of length 1 (0 for a message without known n-grams)."""
        counted: Counter[int] = Counter()
        for word in words:
            ids = self._ids_of_word.get(word)
            if ids is None:
                ids = self._known(_char_grams(word, self._settings))
                if len(self._ids_of_word) < 100_000:
                    self._ids_of_word[word] = ids
            counted.update(ids)
        counted.update(self._known(_word_grams(words, self._settings)))
        columns = np.fromiter(counted.keys(), dtype=np.int32, count=len(counted))
        counts = np.fromiter(counted.values(), dtype=np.float32, count=len(counted))
        values = (1 + np.log(counts)) * self._idf[columns]
        length = np.sqrt(np.dot(values, values))
        if length > 0:
            values = values / length
        order = np.argsort(columns)
        row = scipy.sparse.csr_matrix((1, self.width), dtype=np.float32)
        row.data, row.indices = values[order].astype(np.float32), columns[order]
        row.indptr = np.array([0, len(columns)], dtype=np.int32)
        return row

    def save(self, folder: Path, name: str) -> None:
        (folder / f"{name}.json").write_text(json.dumps(self.names, ensure_ascii=False), encoding="utf-8")
        np.save(folder / f"{name}.npy", self._idf, allow_pickle=False)

    @classmethod
    def load(cls, folder: Path, name: str, settings: NgramSettings) -> "NgramCounter":
        names = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        idf = np.load(folder / f"{name}.npy", allow_pickle=False)
        return cls(settings, {gram: column for column, gram in enumerate(names)}, idf)

    def _known(self, grams: Iterable[str]) -> list[int]:
        return [self._vocabulary[gram] for gram in grams if gram in self._vocabulary]


def _char_grams(word: str, settings: NgramSettings) -> list[str]:
    if settings.longest == 0:
        return []
    padded = f"_{word}_"
    sizes = range(settings.shortest, min(settings.longest, len(padded)) + 1)
    return [padded[start : start + size] for size in sizes for start in range(len(padded) - size + 1)]


def _word_grams(words: Sequence[str], settings: NgramSettings) -> list[str]:
    grams = [f"={word}" for word in words] if settings.word_ngrams >= 1 else []
    for size in range(2, settings.word_ngrams + 1):
        grams += [" ".join(words[start : start + size]) for start in range(len(words) - size + 1)]
    return grams
