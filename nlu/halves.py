"""Work split over two processes: Python and liblinear hold the interpreter's lock, so threads would not help."""

import multiprocessing
import warnings
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

T = TypeVar("T")
R = TypeVar("R")


def in_halves(work: Callable[[Sequence[T]], R], items: Sequence[T], *, worthwhile: bool = True) -> list[R]:
    """`work` of either half of `items`, in order, the first half in a process of its own.

    `[work(items)]` where it is not `worthwhile` (a process takes some 50 ms to start and its result has to travel) or where
    processes cannot be forked. Raises `EOFError` where the other process died; what it raised stands on standard error.
    """
    if not worthwhile or "fork" not in multiprocessing.get_all_start_methods():
        return [work(items)]
    context = multiprocessing.get_context("fork")
    middle = len(items) // 2
    receiver, sender = context.Pipe(duplex=False)
    # What the child reads it inherits; only its result is copied.
    child = context.Process(target=_tell, args=(sender, work, items[:middle]))
    with warnings.catch_warnings():
        # The child only computes on memory that nobody changes, so threads of libraries cannot trip it.
        warnings.simplefilter("ignore", DeprecationWarning)
        child.start()
    sender.close()
    second = work(items[middle:])
    first: R = receiver.recv()
    child.join()
    return [first, second]


def _tell(sender: Any, work: Callable[[Sequence[T]], R], items: Sequence[T]) -> None:
    sender.send(work(items))
