"""Labelled messages in CSV: the held-out part, and any data set that somebody wants to measure the pipeline on."""

import csv
from collections.abc import Mapping
from pathlib import Path

from nlu.examples import Example, ExampleError

HELD_OUT_FILE = "tests/data/heldout.csv"
HELD_OUT: Mapping[str, str] = {
    "held-out": HELD_OUT_FILE,
    "held-out, new": "tests/data/heldout_new.csv",
    "held-out, late": "tests/data/heldout_late.csv",
    "held-out, English": "tests/data/heldout_en.csv",
}
"""All parts that are never trained on, by the name in the report; docs/nlu-report.md says who wrote them."""


def read_csv(path: Path) -> list[Example]:
    """The messages of a CSV with the columns `text,intent[,group,language]`, in any order; other columns are ignored.

    Raises `ExampleError` with file, line and remedy for a file that is none of that.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            missing = {"text", "intent"} - set(reader.fieldnames or ())
            if missing:
                raise ExampleError(
                    f"{path}:1: no column {' and '.join(sorted(missing))}; the first line must name text,intent"
                )
            found = []
            for row in reader:
                if not (row["intent"] or "").strip():
                    raise ExampleError(f"{path}:{reader.line_num}: no intent; write one in the column intent")
                found.append(_example(row, path, reader.line_num))
    except FileNotFoundError:
        raise ExampleError(f"{path}: there is no such file; give the path of a CSV") from None
    except UnicodeDecodeError:
        raise ExampleError(f"{path}:1: not UTF-8; save the file again as UTF-8") from None
    except csv.Error as error:
        raise ExampleError(f"{path}:{reader.line_num}: not CSV ({error}); check the quotes of this line") from None
    if not found:
        raise ExampleError(f"{path}:1: no message; write one a line below the names of the columns")
    return found


def _example(row: dict[str, str | None], path: Path, line: int) -> Example:
    return Example(
        text=row["text"] or "",
        intent=(row["intent"] or "").strip(),
        language=(row.get("language") or "").strip(),
        path=path,
        line=line,
        group=(row.get("group") or "").strip(),
    )
