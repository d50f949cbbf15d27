"""Two problems in one message ("lampadaire éteint, et les poubelles débordent"): found, and filed one after the other."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from actions.requests.categories import Category
from actions.requests.words import ReportWords
from nlu.runtime import Parser
from nlu.text import normalise, words
from nlu.understanding import Decision, Understanding

SURE = 0.9
_NO_THING = ("report/other", "report/public_service", "report/transport")
"""Stories about people and services run over many sentences; only things in the street are told apart."""
_MIN_WORDS = 2
_SHORTEST_JOINED = 3
_MAX_CUTS = 12
_STOPS = frozenset(".!?;,")


@dataclass(frozen=True, slots=True)
class TwoProblems:
    """The two halves of a message, each with its meaning."""

    first: Understanding
    second: Understanding


def two_problems(
    text: str, parser: Parser, categories: Mapping[str, Category], report_words: ReportWords
) -> TwoProblems | None:
    """The message cut in two where both halves surely report something of their own; None for one problem.

    Neighbouring categories (rubbish and bins) are two words for one problem, not two problems.
    """
    best: tuple[float, TwoProblems] | None = None
    for left, right in list(_cuts(text, report_words))[:_MAX_CUTS]:
        if report_words.consequence.are_in(right):
            continue  # "… o ri7a khayba": what comes of the one problem.
        first, second = parser.parse(left), parser.parse(right)
        if not (_surely_reports(first) and _surely_reports(second)) or are_one(categories, first.intent, second.intent):
            continue
        score = first.confidence * second.confidence
        if best is None or score > best[0]:
            best = (score, TwoProblems(first, second))
    return best[1] if best else None


def _cuts(text: str, report_words: ReportWords) -> Iterator[tuple[str, str]]:
    """The places where a new sentence or an "and" begins."""
    found = words(text)
    for before, after in pairwise(found):
        stops = any(char in _STOPS for char in normalise(text[before.end : after.start]))
        joined = len(after.text) > _SHORTEST_JOINED and report_words.and_prefix.are_all_of(after.text[0])
        if not (stops or joined or report_words.joins.are_all_of(after.text)):
            continue
        left, right = _bare(text[: before.end], report_words), _bare(text[after.start :], report_words)
        if len(words(left)) >= _MIN_WORDS and len(words(right)) >= _MIN_WORDS:
            yield left, right


def _bare(text: str, report_words: ReportWords) -> str:
    """Without the "and" at either end."""
    found = words(text)
    while found and report_words.joins.are_all_of(found[0].text):
        found = found[1:]
    while found and report_words.joins.are_all_of(found[-1].text):
        found = found[:-1]
    return text[found[0].start : found[-1].end] if found else ""


def _surely_reports(understanding: Understanding) -> bool:
    return (
        understanding.decision is Decision.ANSWER
        and understanding.intent.startswith("report/")
        and understanding.intent not in _NO_THING
        and understanding.confidence >= SURE
    )


def are_one(categories: Mapping[str, Category], *intents: str) -> bool:
    """Whether people report the same thing as either of these."""
    return all(a == b or a in categories[b].neighbours or b in categories[a].neighbours for a, b in pairwise(intents))
