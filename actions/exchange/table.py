"""A table in CSV: the one format that carries all that a session has; docs/expo.md describes its columns."""

import csv
import io
from collections.abc import Mapping
from datetime import datetime

from actions.exchange.moments import BadSession, clock_time, day_of, hours
from actions.exchange.outgoing import Outgoing
from actions.exchange.sheet import Format, Problem, Row, Sheet
from actions.programme.edition import Localised, Session
from nlu.text import clean
from nlu.times import CASABLANCA
from nlu.understanding import Language

_TITLES = {f"title_{tag.value}": tag.value for tag in Language}
_PLACES = {f"place_{tag.value}": tag.value for tag in Language}
COLUMNS = (
    "id",
    "day",
    "start",
    "end",
    "room",
    *_TITLES,
    "kind",
    "track",
    "languages",
    "interpretation",
    "speakers",
    "public",
    "keywords",
    *_PLACES,
)
_NEEDED = ("id", "day")
_ALSO = ("title",)
_YES = frozenset({"yes", "oui", "true", "1", "x"})
_NO = frozenset({"no", "non", "false", "0", ""})


def is_header(text: str) -> bool:
    """Whether the first line names columns of ours."""
    found = _header(text)
    return "id" in found and any(name in found for name in (*_TITLES, "title", "day"))


def read(text: str) -> Sheet:
    """The rows of a table, times in Casablanca."""
    header = _header(text)
    problems = list(_header_problems(header))
    rows: list[Row] = []
    if problems:
        return Sheet(Format.CSV, (), tuple(problems))
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        for cells in lines:
            line = lines.line_num
            if line == 1 or not any(cell.strip() for cell in cells):
                continue
            if len(cells) > len(header):
                text = f"{len(cells)} cells under {len(header)} columns; put a cell that holds the separator in quotes"
                problems.append(Problem(line, text))
                continue
            found = {name: clean(cell) for name, cell in zip(header, cells, strict=False)}
            try:
                rows.append(_row(line, dict.fromkeys(COLUMNS, "") | found))
            except BadSession as error:
                problems.append(Problem(line, f"{found.get('id') or 'a session'!r}: {error}"))
    except csv.Error as error:
        problems.append(Problem(lines.line_num, f"not CSV: {error}; save the table anew as CSV UTF-8"))
    return Sheet(
        Format.CSV,
        tuple(rows),
        tuple(problems),
        carries_breaks=True,
        carries_days=True,
        carries_translations="title" not in header,
    )


def _delimiter(text: str) -> str:
    return max(",;\t", key=_first_line(text).count)


def _first_line(text: str) -> str:
    return next(iter(text[:10_000].splitlines()), "")


def _header(text: str) -> list[str]:
    names = next(csv.reader([_first_line(text)], delimiter=_delimiter(text)), [])
    known = {name.casefold(): name for name in (*COLUMNS, *_ALSO)}
    return [known.get(clean(name).casefold(), clean(name)) for name in names]


def _header_problems(header: list[str]) -> list[Problem]:
    found = [f"column {name!r} is missing; add it" for name in _NEEDED if name not in header]
    if not {*_TITLES, "title"} & set(header):
        found.append("no column with titles; add title_fr and title_ary")
    unknown = [name for name in header if name not in (*COLUMNS, *_ALSO)]
    if unknown:
        found.append(f"column {unknown[0]!r} is unknown; take it out or use one of {', '.join(COLUMNS)}")
    twice = [name for name in header if header.count(name) > 1]
    if twice:
        found.append(f"column {twice[0]!r} stands there twice; take one out")
    return [Problem(1, text) for text in found]


def _row(line: int, cell: Mapping[str, str]) -> Row:
    titles = {tag: cell[name] for name, tag in _TITLES.items() if cell[name]}
    if cell.get("title"):
        titles[""] = cell["title"]
    days = tuple(map(day_of, _parts(cell["day"])))
    if not days:
        raise BadSession("its day is missing; write it as 2031-05-21")
    if bool(cell["start"]) != bool(cell["end"]):
        raise BadSession("it has a start or an end only; give both, or none for a session whose hours are not known")
    if cell["start"] and len(days) > 1:
        raise BadSession("it has hours and several days; make one session of each day")
    start, end = (
        [datetime.combine(days[0], clock_time(cell[name]), CASABLANCA) for name in ("start", "end")]
        if cell["start"]
        else (None, None)
    )
    return Row(
        line=line,
        key=cell["id"],
        titles=titles,
        hours=hours(start, end) if start and end else None,
        dates=() if start else days,
        room=cell["room"],
        place={tag: cell[name] for name, tag in _PLACES.items() if cell[name]},
        kind=cell["kind"],
        track=cell["track"],
        languages=tuple(cell["languages"].replace("|", " ").replace(",", " ").split()),
        interpretation=tuple(cell["interpretation"].replace("|", " ").replace(",", " ").split()),
        speakers=_parts(cell["speakers"]),
        public=_yes(cell["public"]),
        keywords=_parts(cell["keywords"]),
    )


def _parts(cell: str) -> tuple[str, ...]:
    return tuple(part for each in cell.split("|") if (part := each.strip()))


def _yes(cell: str) -> bool:
    word = cell.casefold()
    if word not in _YES | _NO:
        raise BadSession(f"public is {cell!r}; write yes or leave it empty")
    return word in _YES


def write(outgoing: Outgoing) -> bytes:
    """The whole programme as a table that spreadsheets open with the right letters."""
    out = io.StringIO(newline="")
    table = csv.DictWriter(out, COLUMNS)
    table.writeheader()
    table.writerows(_cells(outgoing, session) for session in outgoing.edition.sessions)
    return out.getvalue().encode("utf-8-sig")


def _cells(outgoing: Outgoing, session: Session) -> dict[str, str]:
    cells = {
        "id": session.id,
        "day": " | ".join(f"{day}" for day in session.dates),
        "start": f"{session.start:%H:%M}" if session.start else "",
        "end": f"{session.end:%H:%M}" if session.end else "",
        "room": session.room or "",
        "kind": session.kind,
        "track": session.track or "",
        "languages": " ".join(session.languages),
        "interpretation": " ".join(session.interpretation),
        "speakers": " | ".join(outgoing.speakers(session)),
        "public": "yes" if session.public else "",
        "keywords": " | ".join(session.keywords),
    }
    return cells | _texts(session.title, _TITLES) | _texts(session.place, _PLACES)


def _texts(text: Localised | None, columns: Mapping[str, str]) -> dict[str, str]:
    return {name: text.texts.get(tag, "") if text else "" for name, tag in columns.items()}
