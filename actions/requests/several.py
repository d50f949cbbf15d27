"""Several problems in one message ("lampadaire éteint, et les poubelles débordent"): found, and filed one after the other."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, pairwise
from math import prod

from actions.requests.categories import Category
from actions.requests.links import behind_links, is_prefixed
from actions.requests.words import ReportWords
from nlu.runtime import Parser
from nlu.text import Word, normalise, words
from nlu.understanding import Decision, Understanding
from nlu.whereabouts import is_address

SURE, _SURE_OF_MANY, _SURE_OF_ANNOUNCED = 0.9, 0.75, 0.6
"""Confidence of each part; less is enough in a row of three or more, which is hardly a chance, and behind "j'ai trois problèmes"."""
_LIKELY_TOO = 0.1
NO_THING = ("report/other", "report/public_service", "report/transport")
"""Stories about people and services run over many sentences; only things in the street are told apart."""
_PAIR, _MIN_WORDS_OF_PAIR = 2, 2
"""One word beside a problem may be a part of it; in a row of three each may be one word."""
_WORDS_OF_WHO = 4
_MAX_CUTS, _MAX_CUTS_FOR_MANY = 12, 6
_MOST = 4
"""Problems of one message that are told apart."""
_ENUMERATES = re.compile(
    r"(?:(?<=^)|(?<=[\s,;:.]))(?P<number>\d)\s?(?:(?:ere?|re|er|eme|ème|nde?|e|è)\b\s?[:.)-]?|[°)/.:-]+)(?!\S*\d)\s*",
    re.IGNORECASE,
)
"""The number of a part, with what makes it one: "1)", "2-", "1er", "2ème :"; neither a time ("2:30") nor a date ("1/12")."""
_STOPS = frozenset(".!?;,:")


def problems_of(
    text: str, parser: Parser, categories: Mapping[str, Category], report_words: ReportWords
) -> tuple[Understanding, ...]:
    """The message cut into parts each of which surely reports something of its own; empty for one problem.

    Neighbouring categories (rubbish and bins) are two words for one problem, not two problems.
    """
    listed = enumerated(text)
    if listed:
        heard = tuple(parser.parse(part) for part in listed)
        if all(_reports(part) and part.intent in categories for part in heard):
            return heard
    announced = report_words.several.behind(text)
    if announced:
        ways = _ways_apart(announced, report_words, words_of_pair=1)
        return _best(ways, parser, categories, _SURE_OF_ANNOUNCED)
    ways = _ways_apart(text, report_words, words_of_pair=_MIN_WORDS_OF_PAIR)
    return _best(ways, parser, categories, SURE)


def enumerated(text: str) -> tuple[str, ...]:
    """The parts of "1) trou rue X 2) lampadaire rue Y", "1er …, 2e …": numbered from one on, whatever stands before. Empty where
    nothing is numbered, or more than can be told apart.

    Each number has a sign or an ending behind it: "rue 1" and "2 poubelles" number nothing.
    """
    marks = list[re.Match[str]]()
    for mark in _ENUMERATES.finditer(text):
        if int(mark["number"]) == len(marks) + 1:
            marks.append(mark)
    if not _PAIR <= len(marks) <= _MOST:
        return ()
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    parts = tuple(text[mark.end() : end].strip(" ,;.-\n") for mark, end in zip(marks, ends, strict=True))
    return parts if all(parts) else ()


def _best(
    ways: Iterator[list[tuple[str, ...]]], parser: Parser, categories: Mapping[str, Category], sure: float
) -> tuple[Understanding, ...]:
    """The surest way to cut the message into as many problems as it has."""
    for same_count in ways:
        parts = list(dict.fromkeys(part for way in same_count for part in way))
        heard = dict(zip(parts, parser.parse_many(parts), strict=True))
        likely = [tuple(heard[part] for part in way) for way in same_count]
        likely = [way for way in likely if _are_apart(way, categories, sure)]
        if likely:
            return max(likely, key=lambda way: prod(part.confidence for part in way))
    return ()


def _are_apart(parts: Sequence[Understanding], categories: Mapping[str, Category], sure: float) -> bool:
    enough = sure if len(parts) == _PAIR else min(sure, _SURE_OF_MANY)
    surely = all(
        _reports(part) and part.intent in categories and _certainty(part, categories) >= enough for part in parts
    )
    pairs = [
        (a, b)
        for one, other in combinations(parts, 2)
        for a in _perhaps(one, categories)
        for b in _perhaps(other, categories)
    ]
    return surely and not any(are_one(categories, a, b) for a, b in pairs)


def _certainty(part: Understanding, categories: Mapping[str, Category]) -> float:
    """How sure it is that a part tells of a thing in the street, be it a lamp or the power ("ddow tafi")."""
    doubtful = part.confidence < _SURE_OF_ANNOUNCED
    return part.confidence if doubtful else sum(r.confidence for r in part.ranking if r.intent in categories)


def _perhaps(part: Understanding, categories: Mapping[str, Category]) -> Sequence[str]:
    """What a part may report."""
    likely = [r.intent for r in part.ranking if r.intent == part.intent or r.confidence >= _LIKELY_TOO]
    return [intent for intent in likely if intent in categories]


def _ways_apart(text: str, report_words: ReportWords, *, words_of_pair: int) -> Iterator[list[tuple[str, ...]]]:
    """All ways to cut a text into parts: first those with the most, at last those with two, each of so many words at least."""
    found = words(text)
    cuts = list(_cuts(text, found, report_words))[:_MAX_CUTS]
    most = min(_MOST, len(cuts) + 1) if len(cuts) <= _MAX_CUTS_FOR_MANY else _PAIR
    for count in range(most, 1, -1):
        least = words_of_pair if count == _PAIR else 1
        ways = (
            tuple(
                _bare(text[found[first].start : found[end - 1].end], report_words)
                for first, end in pairwise((0, *inner, len(found)))
            )
            for inner in combinations(cuts, count - 1)
        )
        yield [
            way
            for way in ways
            if all(len(words(part)) >= least for part in way)
            # "… o ri7a khayba": what comes of the one problem.
            and not any(report_words.consequence.are_in(part) for part in way[1:])
            and not any(_is_no_problem(part, report_words) for part in way)
        ]


def _is_no_problem(part: str, report_words: ReportWords) -> bool:
    """ "راجلي مريض بالقلب", "lotissement Al Azhar, immeuble 14", "ana moul l7anout": why it matters, where, or who speaks, which is nobody's second problem."""
    only_where = is_address(part) and not report_words.wrong.are_in(part)
    only_who = report_words.introduces.begin(part) and len(words(part)) <= _WORDS_OF_WHO
    return only_where or only_who or report_words.predicates.begin(part) or report_words.illness.are_in(part)


def _cuts(text: str, found: Sequence[Word], report_words: ReportWords) -> Iterator[int]:
    """The words with which a new sentence or an "and" begins."""
    for position, (before, after) in enumerate(pairwise(found), start=1):
        stops = any(char in _STOPS for char in normalise(text[before.end : after.start]))
        if stops or is_prefixed(after.text, report_words) or report_words.joins.are_all_of(after.text):
            yield position


def _bare(text: str, report_words: ReportWords) -> str:
    """Without the "and" at either end."""
    found = words(text := behind_links(text, report_words))
    while found and report_words.joins.are_all_of(found[-1].text):
        found = found[:-1]
    return text[found[0].start : found[-1].end] if found else ""


def _reports(understanding: Understanding) -> bool:
    answered = understanding.decision is Decision.ANSWER and understanding.intent.startswith("report/")
    return answered and understanding.intent not in NO_THING


def served(categories: Mapping[str, Category], intent: str) -> str:
    """The intent itself, or a report of no category where the city takes such reports no more: the model may know them still."""
    return intent if intent in categories else "report/other"


def are_one(categories: Mapping[str, Category], *intents: str) -> bool:
    """Whether people report the same thing as either of these."""

    def near(intent: str) -> Sequence[str]:
        found = categories.get(intent)
        return found.neighbours if found else ()

    return all(a == b or a in near(b) or b in near(a) for a, b in pairwise(intents))
