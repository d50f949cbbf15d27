"""Counts of words and character n-grams as sparse vectors, one small implementation for every view of a message.

A view is a function from a message to words (its spelling, its skeleton, its concepts). Features of a word depend on
the word alone, so they are computed once and cached: that is what makes training and parsing fast.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from nlu.halves import in_halves
from nlu.sparse import matrix, renumbered, with_columns

_WORDS_REMEMBERED = 30_000
_WORTH_A_SECOND_PROCESS = 3_000
"""Messages; below it the work is done before a process would have started."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class NgramSettings:
    """What is counted: characters from `shortest` to `longest` inside a padded word, and words `word_ngrams` long."""

    shortest: int = 2
    longest: int = 5
    word_ngrams: int = 2
    min_documents: int = 2


class Vocabulary:
    """N-grams to columns in a fifth of the memory of a dict: their hashes in order, and all spellings in one piece.

    The hashes are Python's own, 64 bits, made anew in each process; that two of a few hundred thousand meet is ruled out in practice.
    """

    def __init__(self, names: Sequence[str]) -> None:
        hashes = _hashes(names)
        self._columns = np.argsort(hashes).astype(np.int32)
        self._sorted = hashes[self._columns]
        self._spelled = "\n".join(names).encode()

    def __len__(self) -> int:
        return len(self._sorted)

    @property
    def names(self) -> list[str]:
        """The n-gram behind each column; word n-grams carry spaces or a leading `=`."""
        return self._spelled.decode().split("\n") if len(self) else []

    def columns(self, grams: Sequence[str]) -> NDArray[Any]:
        """The columns of those that are known, in the order of `grams`."""
        asked = _hashes(grams)
        if not len(self) or not len(asked):
            return np.empty(0, dtype=np.int32)
        places = np.minimum(self._sorted.searchsorted(asked), len(self) - 1)
        known: NDArray[Any] = self._columns[places[self._sorted[places] == asked]]
        return known


class _GrowingVocabulary(defaultdict[str, int]):
    """Gives every n-gram that it is asked for a column."""

    def __init__(self, known: Iterable[str] = ()) -> None:
        super().__init__(None, ((gram, column) for column, gram in enumerate(known)))
        self.default_factory = self.__len__

    def columns(self, grams: Sequence[str]) -> NDArray[Any]:
        return np.fromiter(map(self.__getitem__, grams), dtype=np.int32, count=len(grams))


class NgramCounter:
    """Maps the words of a message to a TF-IDF row of unit length over a vocabulary learnt from the training messages."""

    def __init__(self, settings: NgramSettings, vocabulary: Vocabulary, idf: NDArray[Any]) -> None:
        self._settings = settings
        self._vocabulary = vocabulary
        self._idf = idf
        self._columns_of_word: dict[str, NDArray[Any]] = {}

    @property
    def width(self) -> int:
        """Number of columns."""
        return len(self._idf)

    @property
    def names(self) -> list[str]:
        """The n-gram behind each column."""
        return self._vocabulary.names

    def names_of(self, columns: NDArray[Any]) -> list[str]:
        """The n-grams behind some columns."""
        names = self.names
        return [names[column] for column in columns]

    @classmethod
    def fit(
        cls, messages: Sequence[T], settings: NgramSettings, view: Callable[[T], Sequence[str]]
    ) -> "tuple[NgramCounter, scipy.sparse.csr_matrix]":
        """Learns vocabulary and inverse document frequencies of the words that `view` finds in each message.

        N-grams rarer than `min_documents` are left out. Returns the `rows` of `messages` too, since counting them again
        would take as long as learning.
        """

        def counted(some: Sequence[T]) -> tuple[list[str], scipy.sparse.csr_matrix]:
            own = _GrowingVocabulary()
            counts = _counts([view(message) for message in some], settings, own, {})
            return list(own), counts

        every = _GrowingVocabulary()
        parts = in_halves(counted, messages, worthwhile=len(messages) >= _WORTH_A_SECOND_PROCESS)
        places = [every.columns(grams) for grams, _ in parts]
        counts = scipy.sparse.vstack(
            [renumbered(part, place, len(every)) for (_, part), place in zip(parts, places, strict=True)], format="csr"
        )
        documents = np.bincount(counts.indices, minlength=len(every))
        kept = sorted(gram for gram, column in every.items() if documents[column] >= settings.min_documents)
        columns = np.array([every[gram] for gram in kept], dtype=np.int32)
        idf = np.log((1 + counts.shape[0]) / (1 + documents[columns].astype(np.float64))) + 1
        counter = cls(settings, Vocabulary(kept), idf.astype(np.float32))
        return counter, counter._weighted(with_columns(counts, columns))

    def add(self, messages: Sequence[Sequence[str]]) -> int:
        """Appends a column for each n-gram of `messages` that has none, as rare as the rarest; returns how many."""
        known = len(self._vocabulary)
        grown = _GrowingVocabulary(self.names)
        _counts(messages, self._settings, grown, {})
        added = len(grown) - known
        rarest = self._idf.max() if known else 1.0
        self._vocabulary = Vocabulary(list(grown))
        self._columns_of_word.clear()
        self._idf = np.concatenate([self._idf, np.full(added, rarest, dtype=np.float32)])
        return added

    def row(self, words: Sequence[str]) -> scipy.sparse.csr_matrix:
        """A matrix of one row; see `rows`."""
        return self.rows([words])

    def rows(self, messages: Sequence[Sequence[str]]) -> scipy.sparse.csr_matrix:
        """A row a message: sublinear counts times IDF, of length 1 (0 for a message without known n-grams)."""
        return self._weighted(_counts(messages, self._settings, self._vocabulary, self._columns_of_word))

    def _weighted(self, counts: scipy.sparse.csr_matrix) -> scipy.sparse.csr_matrix:
        """Counts made into `rows`, in place."""
        values = (1 + np.log(counts.data)) * self._idf[counts.indices]
        row_of = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
        lengths = np.sqrt(np.bincount(row_of, weights=values * values, minlength=counts.shape[0]))
        counts.data = (values / lengths[row_of]).astype(np.float32)
        return counts

    def save(self, folder: Path, name: str) -> None:
        (folder / f"{name}.json").write_text(json.dumps(self.names, ensure_ascii=False), encoding="utf-8")
        np.save(folder / f"{name}.npy", self._idf, allow_pickle=False)

    @classmethod
    def load(cls, folder: Path, name: str, settings: NgramSettings) -> "NgramCounter":
        names = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        return cls(settings, Vocabulary(names), np.load(folder / f"{name}.npy", allow_pickle=False))


def _counts(
    messages: Sequence[Sequence[str]],
    settings: NgramSettings,
    vocabulary: Vocabulary | _GrowingVocabulary,
    columns_of_word: dict[str, NDArray[Any]],
) -> scipy.sparse.csr_matrix:
    """How often each message has each n-gram, columns in order; `columns_of_word` remembers what words gave."""
    found: list[NDArray[Any]] = [np.empty(0, dtype=np.int32)]
    ends = np.zeros(len(messages) + 1, dtype=np.int32)
    end = 0
    for number, words in enumerate(messages, start=1):
        of_message = [vocabulary.columns(_grams_of_words(words, settings))]
        for word in words:
            columns = columns_of_word.get(word)
            if columns is None:
                columns = vocabulary.columns(_grams_of_word(word, settings))
                if len(columns_of_word) < _WORDS_REMEMBERED:
                    columns_of_word[word] = columns
            of_message.append(columns)
        end += sum(map(len, of_message))
        ends[number] = end
        found += of_message
    indices = np.concatenate(found)
    if len(messages) == 1:  # Several times as fast as scipy for one short message.
        columns, repeated = np.unique(indices, return_counts=True)
        return matrix(repeated.astype(np.float32), columns, np.array([0, len(columns)], np.int32), len(vocabulary))
    counts = matrix(np.ones(len(indices), np.float32), indices, ends, len(vocabulary))
    counts.sum_duplicates()
    return counts


def _hashes(grams: Sequence[str]) -> NDArray[Any]:
    return np.fromiter(map(hash, grams), dtype=np.int64, count=len(grams))


def _grams_of_word(word: str, settings: NgramSettings) -> list[str]:
    """The word itself, behind a sign that no word has, and its n-grams of characters."""
    grams = [f"={word}"] if settings.word_ngrams >= 1 else []
    if settings.longest:
        padded = f"_{word}_"
        sizes = range(settings.shortest, min(settings.longest, len(padded)) + 1)
        grams += [padded[start : start + size] for size in sizes for start in range(len(padded) - size + 1)]
    return grams


def _grams_of_words(words: Sequence[str], settings: NgramSettings) -> list[str]:
    """Two words and more that stand side by side."""
    sizes = range(2, settings.word_ngrams + 1)
    return [" ".join(words[start : start + size]) for size in sizes for start in range(len(words) - size + 1)]
