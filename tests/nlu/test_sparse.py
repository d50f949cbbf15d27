"""Cutting sparse rows apart and putting them together, as scipy would."""

import numpy as np
import scipy.sparse
from hypothesis import given
from hypothesis import strategies as st

from nlu.sparse import beside, matrix, renumbered, single_rows, stacked, with_columns

WIDTH = 7
ROWS = st.lists(st.lists(st.sampled_from([0, 0, 1, 2]), min_size=WIDTH, max_size=WIDTH), min_size=1, max_size=5)


def sparse(rows: list[list[int]]) -> scipy.sparse.csr_matrix:
    return scipy.sparse.csr_matrix(np.array(rows, dtype=np.float32))


def same(first: scipy.sparse.csr_matrix, second: scipy.sparse.csr_matrix) -> bool:
    return first.dtype == second.dtype and np.array_equal(first.toarray(), second.toarray())


@given(ROWS)
def test_rows_taken_apart_and_stacked_are_the_same(rows: list[list[int]]) -> None:
    whole = sparse(rows)
    apart = list(single_rows(whole))
    assert [row.shape for row in apart] == [(1, WIDTH)] * len(rows)
    assert same(stacked(apart), whole)


@given(ROWS, st.integers(1, 3))
def test_views_stand_side_by_side(rows: list[list[int]], views: int) -> None:
    whole = sparse(rows)
    assert same(
        beside([whole, 2 * whole, 3 * whole][:views]),
        sparse([[n * v for v in range(1, views + 1) for n in row] for row in rows]),
    )


@given(ROWS, st.permutations(range(WIDTH)), st.integers(0, WIDTH))
def test_columns_are_chosen_and_renumbered(rows: list[list[int]], order: list[int], kept: int) -> None:
    whole, columns = sparse(rows), np.array(order[:kept], dtype=np.int32)
    assert same(with_columns(whole, columns), whole[:, columns])
    assert same(renumbered(whole, np.argsort(order).astype(np.int32), WIDTH), whole[:, order])


def test_two_matrices_of_one_shape_share_nothing() -> None:
    ends = np.array([0, 1], dtype=np.int32)
    first, second = (matrix(np.ones(1, np.float32), np.array([column], np.int32), ends, WIDTH) for column in (1, 2))
    first.data[0] = 5
    assert first.toarray()[0, 1] == 5
    assert second.toarray()[0].tolist() == [0, 0, 1, 0, 0, 0, 0]
