"""Weights in a byte a number."""

from pathlib import Path

import numpy as np
import scipy.sparse

from nlu.linear import LinearModel
from nlu.weights import Weights

MATRIX = (
    np.random.default_rng(7).normal(size=(40, 6)).astype(np.float32) * np.logspace(-6, 3, 40, dtype=np.float32)[:, None]
)
BIAS = np.arange(6, dtype=np.float32)


def test_a_weight_is_off_by_half_a_step_of_its_row_at_most() -> None:
    weights = Weights.of(MATRIX)
    off = np.abs(weights.rows(slice(None)) - MATRIX)
    assert (off <= 0.502 * np.abs(MATRIX).max(axis=1, keepdims=True) / 127).all()
    assert weights.counts.dtype == np.int8


def test_a_row_of_nothing_stays_nothing() -> None:
    assert Weights.of(np.zeros((3, 2))).rows(slice(None)).tolist() == [[0, 0]] * 3
    assert Weights.of(np.zeros((0, 2))).counts.shape == (0, 2)


def test_columns_and_rows_are_those_of_the_whole() -> None:
    weights = Weights.of(MATRIX)
    whole = weights.rows(slice(None))
    assert np.array_equal(weights.column(2), whole[:, 2])
    assert np.array_equal(weights.rows(np.array([5, 3]), np.array([1, 0])), whole[[5, 3]][:, [1, 0]])
    assert np.array_equal(weights.kept([4, 1]).rows(slice(None)), whole[:, [4, 1]])


def test_new_features_weigh_nothing_and_stand_behind_the_old() -> None:
    weights = Weights.of(MATRIX)
    cut = weights.some(slice(0, 10)).widened(2).above(weights.some(slice(10, 40)))
    whole = weights.rows(slice(None))
    assert np.array_equal(cut.rows(slice(None)), np.vstack([whole[:10], np.zeros((2, 6)), whole[10:]]))


def test_few_messages_get_the_margins_of_many_and_of_a_stored_model(tmp_path: Path) -> None:
    rows = scipy.sparse.random(600, 40, density=0.2, format="csr", dtype=np.float32, random_state=3)
    model = LinearModel(tuple("abcdef"), Weights.of(MATRIX), BIAS)
    many = model.margins(rows)
    assert np.allclose(many, rows @ MATRIX + BIAS, rtol=0.01, atol=0.01 * np.abs(MATRIX).max())
    assert np.allclose(many[:5], model.margins(rows[:5]), rtol=1e-5, atol=1e-4)
    model.save(tmp_path, "intents")
    assert np.array_equal(LinearModel.load(tmp_path, "intents").margins(rows), many)
