"""Finds the tram and busway lines that a message names ("T1", "tram 2", "الخط 3"); those of the city bus are none."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from nlu.plain_yaml import load_yaml
from nlu.text import arabic_letters
from nlu.understanding import Entity

LINES_FILE = Path(__file__).with_name("lines.yml")


@dataclass(frozen=True, slots=True)
class _Grammar:
    """The patterns of lines, each with the letters of the lines it finds; `n` is the number of the line."""

    patterns: Sequence[tuple[str, re.Pattern[str]]]
    numbers: Mapping[str, int]
    hint: re.Pattern[str]
    """What a message with a line holds at least."""
    bus_before: re.Pattern[str]


def find_lines(normalised: str) -> list[Entity]:
    """The tram and busway lines of a normalised text, by pattern rather than in order, without overlaps."""
    grammar = _grammar()
    if not grammar.hint.search(normalised):
        return []
    found: list[Entity] = []
    for letters, pattern in grammar.patterns:
        for match in pattern.finditer(normalised):
            start, end = match.span()
            taken = any(start < other.end and other.start < end for other in found)
            if taken or grammar.bus_before.search(normalised[:start]):
                continue
            number = match["n"] if match["n"].isdigit() else grammar.numbers[match["n"]]
            found.append(Entity("line", {"id": f"{letters}{number}"}, match.group(), start, end))
    return found


@lru_cache(maxsize=1)
def _grammar() -> _Grammar:
    content = load_yaml(LINES_FILE.read_text(encoding="utf-8"))
    numbers = {word: number for number, spellings in content["numbers"].items() for word in spellings}
    tram, busway, line = (_with_prefixes(content[key]) for key in ("tram", "busway", "line"))
    any_number, of, bus = _any(numbers), _any(content["of"]), _any(content["bus_behind"])
    bw, t, spoken_t = (_any(content[key]) for key in ("letters_bw", "letter_t", "spoken_t"))
    sign = rf"(?:{_any(content['number_sign'])}\s?)?"
    counts = rf"(?!\s?(?:{_any(content['counted'])}\b|{_any(content['counted_beginnings'])}|\d))"
    no_bus = rf"(?!\s(?:{of}\s)?{bus}\b)"
    patterns = [
        ("BW", rf"(?:{busway}\s)?{bw}\s?-?\s?(?P<n>[12]|{any_number})(?!\w)"),
        ("BW", rf"{busway}\s(?:{line}\s)?{sign}(?P<n>[12])(?!\w){counts}"),
        ("BW", rf"{line}\s{sign}(?P<n>[12])\s(?:{of}\s)?{busway}(?!\w)"),
        ("T", rf"(?:(?:{tram}|{line})\s(?:{line}\s)?)?{sign}{t}\s?-?\s?(?P<n>[1-4])(?!\w){counts}"),
        ("T", rf"(?:(?:{tram}|{line})\s)?{spoken_t}\s?(?P<n>[1-4]|{any_number})(?!\w)"),
        ("T", rf"{tram}\s(?:{line}\s)?{sign}(?P<n>[1-4])(?!\w){counts}"),
        ("T", rf"{line}\s(?:(?:{of}\s)?{tram}\s)?{sign}(?P<n>[1-4]|{any_number})(?!\w){counts}{no_bus}"),
    ]
    return _Grammar(
        [(letters, re.compile(rf"(?<!\w){pattern}")) for letters, pattern in patterns],
        numbers,
        re.compile(rf"[1-4]|{line}|{spoken_t}|{bw}"),
        re.compile(rf"{_any(content['bus_before'])}\s(?:\S+\s)?$"),
    )


def _any(words: Iterable[str]) -> str:
    """One of the words, the longer ones first."""
    return f"(?:{'|'.join(re.escape(word) for word in sorted(words, key=len, reverse=True))})"


def _with_prefixes(words: Sequence[str]) -> str:
    """One of the words, with prepositions and the article written in one with it."""
    arabic = [word for word in words if arabic_letters(word)]
    latin = [word for word in words if not arabic_letters(word)]
    return rf"(?:[wfbl]{{0,2}}{_any(latin)}|[وفبلا]{{0,3}}{_any(arabic)})"
