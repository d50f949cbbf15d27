"""The three-step policy: sure, unsure, lost."""

from collections.abc import Sequence
from dataclasses import dataclass

from nlu.understanding import Decision


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Probabilities: `answer` for the best intent, `lead` over the second, `ask` for the best two together."""

    answer: float
    lead: float
    ask: float


def decide(ranking: Sequence[tuple[str, float]], thresholds: Thresholds) -> Decision:
    """What to do with a ranking of (intent, probability), the best first."""
    if not ranking:
        return Decision.LOST
    best = ranking[0][1]
    second = ranking[1][1] if len(ranking) > 1 else 0.0
    if best >= thresholds.answer and best - second >= thresholds.lead:
        return Decision.ANSWER
    if best + second >= thresholds.ask:
        return Decision.ASK
    return Decision.LOST
