"""A matrix of weights in a byte a number: the largest part of the serving process, at a quarter of single precision.

Each row (a feature) has a step of its own, a 127th of its largest weight, so a rounded weight is off by half a step at most;
the messages of the held-out part are understood as with sixteen bits.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_STEPS = 127
_AT_ONCE = 8_192
"""Rows that are rounded together, so that rounding needs little more memory than its result."""


@dataclass(frozen=True, slots=True)
class Weights:
    """`counts` has a row a feature and a column a label; `steps`, a number a row, says what one count is worth."""

    counts: NDArray[np.int8]
    steps: NDArray[np.float32]

    @classmethod
    def of(cls, matrix: NDArray[Any]) -> "Weights":
        """Rounds a matrix of numbers."""
        largest = np.abs(matrix).max(axis=1, initial=0)
        steps = np.asarray(largest / _STEPS, dtype=np.float32)
        counts = np.zeros(matrix.shape, dtype=np.int8)
        divisors = np.where(steps > 0, steps, 1)[:, None]
        for start in range(0, len(matrix), _AT_ONCE):
            part = slice(start, start + _AT_ONCE)
            counts[part] = np.rint(matrix[part] / divisors[part])
        return cls(counts, steps)

    @classmethod
    def side_by_side(cls, columns: Sequence[NDArray[Any]]) -> "Weights":
        """Rounds a matrix that is given label by label."""
        return cls.of(np.stack(columns, axis=1))

    def __len__(self) -> int:
        return len(self.steps)

    def column(self, label: int) -> NDArray[np.float32]:
        """The weights of one label."""
        return self.counts[:, label] * self.steps

    def rows(self, features: NDArray[Any] | slice, labels: NDArray[Any] | slice = slice(None)) -> NDArray[np.float32]:
        """The weights of some features for all labels or some."""
        return self.counts[features][:, labels] * self.steps[features][:, None]

    def some(self, features: slice) -> "Weights":
        """Those of neighbouring features."""
        return Weights(self.counts[features], self.steps[features])

    def kept(self, labels: Sequence[int]) -> "Weights":
        """Those of some labels."""
        return Weights(self.counts[:, labels], self.steps)

    def above(self, other: "Weights") -> "Weights":
        """These features followed by those of `other`, for the same labels."""
        return Weights(np.concatenate([self.counts, other.counts]), np.concatenate([self.steps, other.steps]))

    def widened(self, features: int) -> "Weights":
        """With so many features more, which weigh nothing."""
        none = Weights(np.zeros((features, self.counts.shape[1]), np.int8), np.zeros(features, np.float32))
        return self.above(none)

    def save(self, path: Path, **more: NDArray[Any]) -> None:
        """Writes an `.npz` with these weights and the arrays `more`."""
        np.savez(path, counts=self.counts, steps=self.steps, **more)
