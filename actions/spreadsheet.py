"""Tables that spreadsheets open (CSV), in which nothing that somebody wrote becomes a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[Any]], *, line_end: str = "\n") -> str:
    """The table with its head; None is an empty cell. Words that would be a formula are quoted, numbers stay numbers."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator=line_end)
    writer.writerow(columns)
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return out.getvalue()


def _harmless(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA_SIGNS) else cell
