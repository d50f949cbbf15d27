"""Sparse rows cut apart and put together, where scipy's own ways take longer than everything else that is done to a message.

Its constructor and its indexing check what they are given; here the parts are set as they are, of rows that are right already.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
import scipy.sparse
from numpy.typing import NDArray


def matrix(data: NDArray[Any], columns: NDArray[Any], ends: NDArray[Any], width: int) -> scipy.sparse.csr_matrix:
    """Rows of `width` columns; row n is what stands from `ends[n]` to `ends[n + 1]` in `data` and `columns`."""
    rows = scipy.sparse.csr_matrix.__new__(scipy.sparse.csr_matrix)
    rows.__dict__.update(_empty(len(ends) - 1, width, data.dtype).__dict__)
    rows.data, rows.indices, rows.indptr = data, columns, ends
    return rows


@lru_cache(maxsize=16)
def _empty(height: int, width: int, dtype: Any) -> scipy.sparse.csr_matrix:
    """Its attributes are taken over: the constructor takes longer than counting a message does, and a copy half as long."""
    return scipy.sparse.csr_matrix((height, width), dtype=dtype)


def renumbered(rows: scipy.sparse.csr_matrix, place: NDArray[Any], width: int) -> scipy.sparse.csr_matrix:
    """The same rows where column c is called `place[c]`, of `width` columns."""
    return matrix(rows.data, place[rows.indices], rows.indptr, width)


def with_columns(rows: scipy.sparse.csr_matrix, columns: NDArray[Any]) -> scipy.sparse.csr_matrix:
    """The columns asked for alone, in that order."""
    place = np.full(rows.shape[1], -1, dtype=np.int32)
    place[columns] = np.arange(len(columns), dtype=np.int32)
    indices = place[rows.indices]
    known = indices >= 0
    ends = np.concatenate([[0], np.cumsum(known)])[rows.indptr].astype(np.int32)
    chosen = matrix(rows.data[known], indices[known], ends, len(columns))
    chosen.sort_indices()
    return chosen


def single_rows(rows: scipy.sparse.csr_matrix) -> Iterator[scipy.sparse.csr_matrix]:
    """The rows as matrices of their own, without a copy."""
    if rows.shape[0] == 1:
        yield rows
        return
    for start, end in pairwise(rows.indptr):
        ends = np.array([0, end - start], dtype=rows.indptr.dtype)
        yield matrix(rows.data[start:end], rows.indices[start:end], ends, rows.shape[1])


def stacked(rows: Sequence[scipy.sparse.csr_matrix]) -> scipy.sparse.csr_matrix:
    """Single rows one below the other: the inverse of `single_rows`."""
    if len(rows) == 1:
        return rows[0]
    ends = np.concatenate([[0], np.cumsum([len(row.indices) for row in rows])]).astype(np.int32)
    data, columns = (np.concatenate([getattr(row, name) for row in rows]) for name in ("data", "indices"))
    return matrix(data, columns, ends, rows[0].shape[1])


def beside(views: Sequence[scipy.sparse.csr_matrix]) -> scipy.sparse.csr_matrix:
    """Different columns of the same rows side by side."""
    if len(views) == 1:
        return views[0]
    if views[0].shape[0] > 1:
        return scipy.sparse.hstack(views, format="csr")
    starts = np.cumsum([0, *(view.shape[1] for view in views)], dtype=np.int32)
    columns = np.concatenate([view.indices + start for view, start in zip(views, starts, strict=False)])
    data = np.concatenate([view.data for view in views])
    return matrix(data, columns, np.array([0, len(data)], dtype=np.int32), int(starts[-1]))
