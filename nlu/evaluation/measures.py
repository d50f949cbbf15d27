"""Figures of merit. All are shares between 0 and 1, and NaN where there is nothing to measure."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from nlu.evaluation.runs import Outcome
from nlu.examples import Example
from nlu.understanding import Decision, Language

OUT_OF_SCOPE = "out_of_scope"
NEIGHBOURS = (
    ("report/waste", "report/bins", "report/rubble", "faq/waste_collection"),
    ("report/water", "report/sewer", "report/electricity", "report/street_light", "faq/water_electricity"),
    ("expo/now", "expo/next", "expo/programme", "expo/session"),
    ("expo/venue", "expo/directions", "transport/directions"),
    ("report/parking", "faq/parking_fees", "faq/wheel_clamp"),
    ("report/other", "faq/complaints", "report/public_service"),
    ("faq/birth_certificate", "faq/birth_certificate_online", "faq/birth_declaration"),
    ("report/pests", "faq/pest_control", "report/stray_animals"),
)
"""Families of intents that are easily taken for one another."""

WANTED = {"fr": 60, "ary": 40, "ary-Latn": 40}
"""Examples that every intent should have, by language."""
WANTED_IN_DARIJA = 90
"""In both scripts together."""
WANTED_TWICE = frozenset(
    [
        *("report/waste", "report/bins", "report/rubble", "report/water", "report/sewer", "report/electricity"),
        *("expo/now", "expo/next", "expo/programme", "expo/session", "faq/water_electricity"),
    ]
)
"""Near neighbours, which need twice as many to be told apart."""


@dataclass(frozen=True, slots=True)
class Score:
    messages: int
    accuracy: float
    macro_f1: float


@dataclass(frozen=True, slots=True)
class Shares:
    """What became of all messages; the first five add up to 1."""

    answered_right: float
    answered_wrong: float
    """Confident wrong: answered without asking, and wrong."""
    asked_with_right: float
    asked_without_right: float
    lost: float

    @property
    def right_offered(self) -> float:
        """The right intent is the one answered or among the two asked."""
        return self.answered_right + self.asked_with_right


@dataclass(frozen=True, slots=True)
class Bin:
    """Messages whose confidence lies in one tenth: their number, mean confidence and accuracy."""

    messages: int
    confidence: float
    accuracy: float


def score(outcomes: Sequence[Outcome]) -> Score:
    """Accuracy, and F1 averaged over all intents that are right or understood in these messages, each counting the same."""
    right, wrongly, missed = Counter[str](), Counter[str](), Counter[str]()
    for outcome in outcomes:
        if outcome.right:
            right[outcome.example.intent] += 1
        else:
            missed[outcome.example.intent] += 1
            wrongly[outcome.understanding.intent] += 1
    intents = {*right, *wrongly, *missed}
    f1 = [2 * right[name] / (2 * right[name] + wrongly[name] + missed[name]) for name in sorted(intents)]
    return Score(len(outcomes), _share(outcomes, lambda outcome: outcome.right), _mean(f1))


def by_language(outcomes: Sequence[Outcome]) -> dict[str, Score]:
    """Scores of each language tag that occurs, in the order of their number of messages."""
    counted = Counter(outcome.example.language for outcome in outcomes)
    return {
        language: score([outcome for outcome in outcomes if outcome.example.language == language])
        for language, _ in sorted(counted.items(), key=lambda entry: (-entry[1], entry[0]))
    }


def shares(outcomes: Sequence[Outcome]) -> Shares:
    def among_two(outcome: Outcome) -> bool:
        return outcome.example.intent in [ranked.intent for ranked in outcome.understanding.ranking[:2]]

    def decided(decision: Decision, hit: Callable[[Outcome], bool]) -> float:
        return _share(outcomes, lambda outcome: outcome.understanding.decision is decision and hit(outcome))

    return Shares(
        answered_right=decided(Decision.ANSWER, lambda outcome: outcome.right),
        answered_wrong=decided(Decision.ANSWER, lambda outcome: not outcome.right),
        asked_with_right=decided(Decision.ASK, among_two),
        asked_without_right=decided(Decision.ASK, lambda outcome: not among_two(outcome)),
        lost=decided(Decision.LOST, lambda _: True),
    )


def out_of_scope_recall(outcomes: Sequence[Outcome]) -> float:
    """Of the messages that are not the city's, those recognised as such."""
    return _share([o for o in outcomes if o.example.intent == OUT_OF_SCOPE], lambda outcome: outcome.right)


def reply_language(outcomes: Sequence[Outcome]) -> float:
    """Of the messages in one language, those whose reply would be in it; mixed ones have no single right reply."""
    spoken = [outcome for outcome in outcomes if outcome.example.language in set(Language)]
    return _share(spoken, lambda outcome: outcome.understanding.language == outcome.example.language)


def reliability(outcomes: Sequence[Outcome], tenths: int = 10) -> list[Bin]:
    """Bins of confidence from low to high; a calibrated model is as often right as it is confident."""
    binned: list[list[Outcome]] = [[] for _ in range(tenths)]
    for outcome in outcomes:
        binned[min(int(outcome.understanding.confidence * tenths), tenths - 1)].append(outcome)
    return [
        Bin(
            len(inside),
            _mean([outcome.understanding.confidence for outcome in inside]),
            _share(inside, lambda outcome: outcome.right),
        )
        for inside in binned
    ]


def calibration_error(outcomes: Sequence[Outcome]) -> float:
    """Expected calibration error: the mean distance between confidence and accuracy, weighted by messages."""
    filled = [bin_ for bin_ in reliability(outcomes) if bin_.messages]
    return sum(bin_.messages * abs(bin_.confidence - bin_.accuracy) for bin_ in filled) / max(len(outcomes), 1)


def confusions(outcomes: Iterable[Outcome]) -> Counter[tuple[str, str]]:
    """How often (right intent, understood intent) was understood wrongly."""
    return Counter((o.example.intent, o.understanding.intent) for o in outcomes if not o.right)


def _share(outcomes: Sequence[Outcome], hit: Callable[[Outcome], bool]) -> float:
    return sum(map(hit, outcomes)) / len(outcomes) if outcomes else math.nan


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else math.nan


def missing_examples(examples: Sequence[Example]) -> dict[str, int]:
    """How many examples an intent lacks to have what it should; intents that lack none are left out."""
    counted = Counter((example.intent, example.language) for example in examples)
    missing: dict[str, int] = {}
    for intent in sorted({example.intent for example in examples}):
        times = 2 if intent in WANTED_TWICE else 1
        short = {language: max(0, times * few - counted[intent, language]) for language, few in WANTED.items()}
        darija = max(times * WANTED_IN_DARIJA - counted[intent, "ary"] - counted[intent, "ary-Latn"], 0)
        lacks = short["fr"] + max(darija, short["ary"] + short["ary-Latn"])
        if lacks:
            missing[intent] = lacks
    return missing
