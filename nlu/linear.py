"""One-versus-rest linear classifiers over sparse rows: training by liblinear, prediction by one matrix product.

Classes are independent of one another, so a class can be added without touching the rest, and a decision can be
explained column by column.
"""

import copy
import json
import warnings
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from nlu.halves import in_halves
from nlu.weights import Weights

_FEW_ROWS = 512
_SCALE_OF_MARGIN = 10.0
"""The old margin of a warm start is stretched by this, so that trusting it costs a hundredth of trusting an n-gram."""
_ROUNDS = 20
_ROUNDS_BESIDE_A_MARGIN = 300
"""The large feature of a warm start makes each step small: after ten rounds a new example had often hardly been heard."""
_Solution = tuple[NDArray[Any], float]
_WORTH_A_SECOND_PROCESS = 100_000
"""Messages times classifiers; below it the work is done before a process would have loaded its libraries."""


@dataclass(frozen=True, slots=True)
class LinearModel:
    """`weights` has a column a label and a row a feature; `margins = rows @ weights + bias`."""

    labels: tuple[str, ...]
    weights: Weights
    bias: NDArray[Any]

    def margins(self, rows: scipy.sparse.csr_matrix) -> NDArray[Any]:
        """Signed distances, shape (messages, labels)."""
        counts = self.weights.counts
        worth = rows.data * self.weights.steps[rows.indices]
        if rows.shape[0] > _FEW_ROWS:
            whole = copy.copy(rows)
            whole.data = worth
            return np.asarray(whole @ counts.astype(np.float32) + self.bias)
        # Gathering the few weights that matter beats turning all of them into single precision. By einsum, since BLAS takes all
        # processors for a longer message and waits for them: where they are busy, ten times as long as the rest of the parse.
        gathered = np.empty((rows.shape[0], len(self.labels)), dtype=np.float32)
        for number, (start, end) in enumerate(pairwise(rows.indptr)):
            here = counts.take(rows.indices[start:end], axis=0).astype(np.float32)
            gathered[number] = np.einsum("i,ij->j", worth[start:end], here)
        return np.asarray(gathered + self.bias)

    def save(self, folder: Path, name: str) -> None:
        (folder / f"{name}.json").write_text(json.dumps(self.labels, ensure_ascii=False), encoding="utf-8")
        self.weights.save(folder / f"{name}.npz", bias=self.bias)

    @classmethod
    def load(cls, folder: Path, name: str) -> "LinearModel":
        labels = tuple(json.loads((folder / f"{name}.json").read_text(encoding="utf-8")))
        with np.load(folder / f"{name}.npz", allow_pickle=False) as arrays:
            return cls(labels, Weights(arrays["counts"], arrays["steps"]), arrays["bias"])


def fit_linear(
    rows: scipy.sparse.csr_matrix,
    labels: Sequence[str],
    *,
    cost: float,
    weights: NDArray[Any] | None = None,
    loss: str = "squared_hinge",
    rounds: int = _ROUNDS,
) -> LinearModel:
    """Trains one classifier a label; `weights` are per message (1 unless given), `cost` is C, `loss` hinge or its square.

    `rounds` bounds how often each message is seen: few are enough where many messages vote, a small model needs to settle.
    """
    names = tuple(sorted(set(labels)))
    problem = _Problem(rows.astype(np.float64), np.array(labels), cost, weights, loss, rounds)
    worthwhile = rows.shape[0] * len(names) >= _WORTH_A_SECOND_PROCESS
    found = list(chain(*in_halves(problem.solve, names, worthwhile=worthwhile)))
    return LinearModel(
        names,
        Weights.side_by_side([column for column, _ in found]),
        np.array([bias for _, bias in found], dtype=np.float32),
    )


def update_linear(
    model: LinearModel,
    rows: scipy.sparse.csr_matrix,
    labels: Sequence[str],
    *,
    anew: Collection[str],
    warm: Collection[str],
    cost: float,
    weights: NDArray[Any],
    loss: str,
) -> LinearModel:
    """Retrains the classifiers `anew` from nothing and `warm` from what they were, on `rows` alone; the others stay.

    `rows` may be a part of what the model was trained on. A warm classifier sees its old margin as one feature more, at
    almost no cost of regularisation: it keeps what it knew, however little of that `rows` shows, and learns the difference.
    """
    old = {label: model.weights.column(number) for number, label in enumerate(model.labels)}
    bias = dict(zip(model.labels, model.bias, strict=True))
    names = np.array(labels)
    for name in sorted({*anew, *warm}):
        if name in anew:
            (solution,) = _Problem(rows.astype(np.float64), names, cost, weights, loss).solve([name])
            old[name], bias[name] = solution
            continue
        before = rows @ old[name] + bias[name]
        stacked = scipy.sparse.hstack([rows, _SCALE_OF_MARGIN * before[:, None]], format="csr").astype(np.float64)
        ((column, shift),) = _Problem(stacked, names, cost, weights, loss, _ROUNDS_BESIDE_A_MARGIN).solve([name])
        # Where it draws its line is learnt; how loudly it speaks stays, or it would outshout those that learnt nothing new.
        kept = column[-1] * _SCALE_OF_MARGIN
        old[name] = old[name] + column[:-1] / kept
        bias[name] = bias[name] + shift / kept
    found = tuple(sorted(old))
    return LinearModel(
        found,
        Weights.side_by_side([old[name] for name in found]),
        np.array([bias[name] for name in found], dtype=np.float32),
    )


_REST = ""
"""All labels that are not asked for."""


@dataclass(frozen=True, slots=True)
class _Problem:
    """What all classifiers of one training have in common."""

    rows: scipy.sparse.csr_matrix
    labels: NDArray[Any]
    cost: float
    weights: NDArray[Any] | None
    loss: str
    rounds: int = _ROUNDS

    def solve(self, names: Sequence[str]) -> list[_Solution]:
        # Only training needs scikit-learn; the serving process never loads it.
        from sklearn.exceptions import ConvergenceWarning
        from sklearn.svm import LinearSVC

        tolerance = 1 / self.rounds
        machine = LinearSVC(C=self.cost, loss=self.loss, tol=tolerance, max_iter=self.rounds, random_state=0, dual=True)
        with warnings.catch_warnings():
            # A few classes stop at the bound on iterations; more of them change nothing that can be measured.
            warnings.simplefilter("ignore", ConvergenceWarning)
            # Liblinear copies the rows at each call, which takes as long as a classifier: all labels go in one call.
            machine.fit(
                self.rows, np.where(np.isin(self.labels, names), self.labels, _REST), sample_weight=self.weights
            )
        found = {str(name): number for number, name in enumerate(machine.classes_)}
        if len(found) == 2:  # One classifier tells both apart.
            column, bias = machine.coef_[0].astype(np.float32), float(machine.intercept_[0])
            return [(column, bias) if found[name] else (-column, -bias) for name in names]
        return [
            (machine.coef_[number].astype(np.float32), float(machine.intercept_[number]))
            for number in map(found.__getitem__, names)
        ]
