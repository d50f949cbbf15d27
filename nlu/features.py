"""Counts of words and character n-grams as sparse vectors, one small implementation for every view of a message.

A view is a function from a message to words (its spelling, its skeleton, its concepts). Features of a word depend on
the word alone, so they are computed once and cached: that is what makes training and parsing fast.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

_WORDS_REMEMBERED = 100_000


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
        self._learning = False

    @property
    def width(self) -> int:
        """Number of columns."""
        return len(self._idf)

    @property
    def names(self) -> list[str]:
        """The n-gram behind each column; word n-grams carry spaces or a leading `=`."""
        return sorted(self._vocabulary, key=self._vocabulary.__getitem__)

    def names_of(self, columns: NDArray[Any]) -> list[str]:
        """The n-grams behind some columns."""
        names = self.names
        return [names[column] for column in columns]

    @classmethod
    def fit(cls, messages: Iterable[Sequence[str]], settings: NgramSettings) -> "NgramCounter":
        """Learns vocabulary and inverse document frequencies; rarer n-grams than `min_documents` are left out."""
        every = cls(settings, {}, np.empty(0, dtype=np.float32))
        every._learning = True
        counts = every._counts(list(messages))
        documents = np.bincount(counts.indices, minlength=len(every._vocabulary))
        kept = sorted(gram for gram, column in every._vocabulary.items() if documents[column] >= settings.min_documents)
        of_kept = documents[[every._vocabulary[gram] for gram in kept]].astype(np.float64)
        idf = np.log((1 + counts.shape[0]) / (1 + of_kept)) + 1
        return cls(settings, {gram: column for column, gram in enumerate(kept)}, idf.astype(np.float32))

    def add(self, messages: Sequence[Sequence[str]]) -> int:
        """Appends a column for each n-gram of `messages` that has none, as rare as the rarest; returns how many."""
        known = len(self._vocabulary)
        self._learning = True
        self._ids_of_word.clear()
        self._counts(messages)
        self._learning = False
        added = len(self._vocabulary) - known
        rarest = self._idf.max() if known else 1.0
        self._idf = np.concatenate([self._idf, np.full(added, rarest, dtype=np.float32)])
        return added

    def row(self, words: Sequence[str]) -> scipy.sparse.csr_matrix:
        """A matrix of one row; see `rows`."""
        return self.rows([words])

    def rows(self, messages: Sequence[Sequence[str]]) -> scipy.sparse.csr_matrix:
        """A row a message: sublinear counts times IDF, of length 1 (0 for a message without known n-grams)."""
        counts = self._counts(messages)
        values = (1 + np.log(counts.data)) * self._idf[counts.indices]
        row_of = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
        lengths = np.sqrt(np.bincount(row_of, weights=values * values, minlength=counts.shape[0]))
        counts.data = (values / lengths[row_of]).astype(np.float32)
        return counts

    def _counts(self, messages: Sequence[Sequence[str]]) -> scipy.sparse.csr_matrix:
        """How often each message has each n-gram, columns in order."""
        found: list[int] = []
        ends = np.zeros(len(messages) + 1, dtype=np.int32)
        for number, words in enumerate(messages, start=1):
            for word in words:
                ids = self._ids_of_word.get(word)
                if ids is None:
                    ids = self._columns(_char_grams(word, self._settings))
                    if len(self._ids_of_word) < _WORDS_REMEMBERED:
                        self._ids_of_word[word] = ids
                found += ids
            found += self._columns(_word_grams(words, self._settings))
            ends[number] = len(found)
        counts = scipy.sparse.csr_matrix((len(messages), max(self.width, len(self._vocabulary))), dtype=np.float32)
        # Set, not handed over: the constructor's checks take longer than the rest for one short message.
        counts.data, counts.indices, counts.indptr = np.ones(len(found), np.float32), np.array(found, np.int32), ends
        counts.sum_duplicates()
        return counts

    def save(self, folder: Path, name: str) -> None:
        (folder / f"{name}.json").write_text(json.dumps(self.names, ensure_ascii=False), encoding="utf-8")
        np.save(folder / f"{name}.npy", self._idf, allow_pickle=False)

    @classmethod
    def load(cls, folder: Path, name: str, settings: NgramSettings) -> "NgramCounter":
        names = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        idf = np.load(folder / f"{name}.npy", allow_pickle=False)
        return cls(settings, {gram: column for column, gram in enumerate(names)}, idf)

    def _columns(self, grams: Iterable[str]) -> list[int]:
        if self._learning:
            return [self._vocabulary.setdefault(gram, len(self._vocabulary)) for gram in grams]
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
