"""One-versus-rest linear classifiers over sparse rows: training by liblinear, prediction by one matrix product.

Classes are independent of one another, so a class can be added without touching the rest, and a decision can be
explained column by column.
"""

import json
import multiprocessing
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

_FEW_ROWS = 512
_Solution = tuple[NDArray[Any], float]
_WORTH_A_SECOND_PROCESS = 3_000
"""Messages; below it the work is done before a process would have started."""


@dataclass(frozen=True, slots=True)
class LinearModel:
    """`weights` has a column a label and a row a feature; `margins = rows @ weights + bias`."""

    labels: tuple[str, ...]
    weights: NDArray[Any]
    bias: NDArray[Any]

    def margins(self, rows: scipy.sparse.csr_matrix) -> NDArray[Any]:
        """Signed distances, shape (messages, labels)."""
        if rows.shape[0] > _FEW_ROWS:
            return np.asarray(rows @ self.weights.astype(np.float32) + self.bias)
        # Gathering the few weights that matter beats turning all of them into single precision.
        gathered = np.empty((rows.shape[0], len(self.labels)), dtype=np.float32)
        for number, (start, end) in enumerate(pairwise(rows.indptr)):
            gathered[number] = rows.data[start:end] @ self.weights[rows.indices[start:end]].astype(np.float32)
        return np.asarray(gathered + self.bias)

    def save(self, folder: Path, name: str) -> None:
        (folder / f"{name}.json").write_text(json.dumps(self.labels, ensure_ascii=False), encoding="utf-8")
        np.savez(folder / f"{name}.npz", weights=self.weights.astype(np.float16), bias=self.bias)

    @classmethod
    def load(cls, folder: Path, name: str) -> "LinearModel":
        labels = tuple(json.loads((folder / f"{name}.json").read_text(encoding="utf-8")))
        with np.load(folder / f"{name}.npz", allow_pickle=False) as arrays:
            return cls(labels, arrays["weights"], arrays["bias"])


def fit_linear(
    rows: scipy.sparse.csr_matrix, labels: Sequence[str], *, cost: float, weights: NDArray[Any] | None = None
) -> LinearModel:
    """Trains one squared-hinge classifier a label; `weights` are per message (1 unless given), `cost` is C."""
    names = tuple(sorted(set(labels)))
    problem = _Problem(rows.astype(np.float64), np.array(labels), cost, weights)
    found = problem.solve_in_parallel(names) if rows.shape[0] >= _WORTH_A_SECOND_PROCESS else problem.solve(names)
    return LinearModel(
        names,
        np.stack([column for column, _ in found], axis=1),
        np.array([bias for _, bias in found], dtype=np.float32),
    )


@dataclass(frozen=True, slots=True)
class _Problem:
    """What all classifiers of one training have in common."""

    rows: scipy.sparse.csr_matrix
    labels: NDArray[Any]
    cost: float
    weights: NDArray[Any] | None

    def solve(self, names: Sequence[str]) -> list[_Solution]:
        # Only training needs scikit-learn; the serving process never loads it.
        from sklearn.exceptions import ConvergenceWarning
        from sklearn.svm import LinearSVC

        solutions: list[_Solution] = []
        with warnings.catch_warnings():
            # A few classes stop at the bound on iterations; more of them change nothing that can be measured.
            warnings.simplefilter("ignore", ConvergenceWarning)
            for name in names:
                machine = LinearSVC(C=self.cost, tol=0.1, max_iter=20, random_state=0, dual=True)
                machine.fit(self.rows, np.where(self.labels == name, 1, -1), sample_weight=self.weights)
                solutions.append((machine.coef_[0].astype(np.float32), float(machine.intercept_[0])))
        return solutions

    def solve_in_parallel(self, names: Sequence[str]) -> list[_Solution]:
        """Splits the labels over two processes; liblinear holds the interpreter's lock, so threads would not help."""
        if "fork" not in multiprocessing.get_all_start_methods():
            return self.solve(names)
        context = multiprocessing.get_context("fork")
        middle = len(names) // 2
        receiver, sender = context.Pipe(duplex=False)
        child = context.Process(target=lambda: sender.send(self.solve(names[:middle])))
        with warnings.catch_warnings():
            # The child only computes on memory that nobody changes, so threads of libraries cannot trip it.
            warnings.simplefilter("ignore", DeprecationWarning)
            child.start()
        sender.close()
        second_half = self.solve(names[middle:])
        first_half: list[_Solution] = receiver.recv()
        child.join()
        return first_half + second_half
