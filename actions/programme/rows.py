"""The rows of an edition's file with the lines they stand in, so that a mistake can be found in an editor."""

from collections.abc import Iterator
from typing import Any

import yaml

from nlu.plain_yaml import SafeLoader

MOST_MINUTES = 60
"""A longer walk between two rooms of a venue is a slip of the pen."""


class Row(dict[str, Any]):
    """A mapping of the file, and the line in which it begins (the first is 1)."""

    line: int = 0


def _row(loader: SafeLoader, node: yaml.MappingNode) -> Iterator[Row]:
    row = Row()
    row.line = node.start_mark.line + 1
    yield row
    content: dict[Any, Any] = loader.construct_mapping(node)
    row.update(content)


class _Lined(SafeLoader):
    yaml_constructors = {**SafeLoader.yaml_constructors, "tag:yaml.org,2002:map": _row}  # noqa: RUF012 (the library's)


def read_lined(text: str) -> Any:
    """The content of a YAML file; its mappings are `Row`s."""
    return yaml.load(text, Loader=_Lined)  # noqa: S506 (a SafeLoader)


def mistaken_walks(content: Any) -> Iterator[str]:
    """What is wrong with the walks of an edition's file, each with its line and what to do."""
    if not isinstance(content, dict):
        return
    rooms, rows = content.get("rooms") or {}, content.get("walks") or []
    if not isinstance(rows, list):
        yield "1: walks: write one a line, as - {from: A, to: B, minutes: 3, hint: {fr: ...}}"
        return
    seen: set[tuple[str, str]] = set()
    for row in rows:
        if not isinstance(row, Row) or not {"from", "to", "minutes"} <= set(row):
            line = row.line if isinstance(row, Row) else 1
            yield f"{line}: a walk needs from, to and minutes; write - {{from: A, to: B, minutes: 3}}"
            continue
        ends = str(row["from"]), str(row["to"])
        for end in ends:
            if end not in map(str, rooms):
                known = ", ".join(map(str, rooms))
                yield f"{row.line}: walk from {ends[0]} to {ends[1]}: room {end!r} is unknown; use one of {known}"
        if ends[0] == ends[1]:
            yield f"{row.line}: walk from {ends[0]} to {ends[1]}: it leads nowhere; remove it"
        if ends in seen:
            yield f"{row.line}: walk from {ends[0]} to {ends[1]}: it is there twice; keep one"
        if type(row["minutes"]) is not int or not 1 <= row["minutes"] <= MOST_MINUTES:
            yield (
                f"{row.line}: walk from {ends[0]} to {ends[1]}: {row['minutes']!r} is no number of minutes "
                f"between 1 and {MOST_MINUTES}; correct it"
            )
        if "hint" in row and not (isinstance(row["hint"], dict) and row["hint"]):
            yield f"{row.line}: walk from {ends[0]} to {ends[1]}: write its hint by language, as hint: {{fr: ..., ary: ...}}"
        seen.add(ends)
