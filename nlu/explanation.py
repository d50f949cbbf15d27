"""Why a message was understood as it was: what the pipeline saw of it, what weighed, which examples are nearest."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nlu.components.intents import feature_rows
from nlu.components.views import EVIDENCE, EXPLAIN, normalised_text
from nlu.examples import Example
from nlu.runtime import Parser, understanding_of
from nlu.skeleton import word_skeleton
from nlu.text import words
from nlu.understanding import Understanding

_EVIDENCE_SHOWN = 12
_NEAREST_SHOWN = 3
_VIEW_NAMES = {"spelling": "as written", "skeleton": "skeleton", "concept": "concept"}


@dataclass(frozen=True, slots=True)
class Evidence:
    """A feature of the message; `lead` is what it adds to the best intent's margin over the second's."""

    view: str
    ngram: str
    lead: float


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A training example and the cosine of its features with those of the message."""

    example: Example
    similarity: float


@dataclass(frozen=True, slots=True)
class Explanation:
    understanding: Understanding
    normalised: str
    skeletons: tuple[tuple[str, str], ...]
    """Each word with its skeleton."""
    evidence: tuple[Evidence, ...]
    """The weightiest features first, for and against."""
    nearest: tuple[tuple[str, tuple[Neighbour, ...]], ...]
    """The nearest examples of each of the two likeliest intents."""


def explain(parser: Parser, text: str, examples: Sequence[Example]) -> Explanation:
    """Explains one message; `examples` are those that the model was trained on."""
    message = parser.messages([text], EXPLAIN)[0]
    understanding = understanding_of(message)
    weighed = [Evidence(view, ngram, best - second) for view, ngram, best, second in message.get(EVIDENCE) or ()]
    weighed.sort(key=lambda evidence: -abs(evidence.lead))
    row = feature_rows([message])
    nearest = []
    for ranked in understanding.ranking[:2]:
        its = [example for example in examples if example.intent == ranked.intent]
        if its:
            rows = feature_rows(parser.messages([example.text for example in its]))
            alike = np.asarray((rows @ row.T).todense()).ravel() / (_norms(rows) * _norms(row) + 1e-9)
            order = np.argsort(-alike, kind="stable")[:_NEAREST_SHOWN]
            nearest.append((ranked.intent, tuple(Neighbour(its[i], float(alike[i])) for i in order)))
    normalised = normalised_text(message)
    return Explanation(
        understanding=understanding,
        normalised=normalised,
        skeletons=tuple((word.text, word_skeleton(word.text)) for word in words(normalised)),
        evidence=tuple(weighed[:_EVIDENCE_SHOWN]),
        nearest=tuple(nearest),
    )


def as_text(found: Explanation) -> str:
    """The explanation for a terminal: headings at the margin, one fact a line."""
    meaning = found.understanding
    lines = [
        "message",
        f"  {meaning.text}",
        "normalised",
        f"  {found.normalised}",
        "skeleton",
        "  " + ("  ".join(f"{word} → {bones or '–'}" for word, bones in found.skeletons) or "(no words)"),
        f"language  {meaning.language.value} ({meaning.language_confidence:.2f})",
        *(f"  {stretch.language.value:<9} {stretch.text}" for stretch in meaning.stretches),
    ]
    if meaning.entities:
        lines += ["entities", *(f"  {e.kind:<15} {e.text}  →  {e.value}" for e in meaning.entities)]
    lines += [f"intents  (decision: {meaning.decision.value})"]
    lines += [f"  {r.confidence:6.1%}  {_bar(r.confidence)}  {r.intent}" for r in meaning.ranking]
    if len(meaning.ranking) > 1 and found.evidence:
        best, second = (ranked.intent for ranked in meaning.ranking[:2])
        lines += [f"what weighed  (+ for {best}, - for {second})"]
        lines += [f"  {e.lead:+6.2f}  {_VIEW_NAMES[e.view]:<10}  {_shown(e.ngram)}" for e in found.evidence]
    for intent, neighbours in found.nearest:
        lines += [f"nearest examples of {intent}"]
        lines += [
            f"  {n.similarity:.2f}  {n.example.text}  ({n.example.path.name}:{n.example.line})" for n in neighbours
        ]
    return "\n".join(lines)


def _norms(rows: object) -> np.ndarray:  # type: ignore[type-arg]
    squared = rows.multiply(rows).sum(axis=1)  # type: ignore[attr-defined]
    return np.asarray(np.sqrt(squared)).ravel()


def _bar(share: float) -> str:
    return ("█" * round(share * 20)).ljust(20, "·")


def _shown(ngram: str) -> str:
    """A whole word as it is, a piece of a word between dots, `_` being the end of a word."""
    if ngram.startswith("="):
        return ngram[1:]
    return ngram if " " in ngram else f"…{ngram}…".replace("…_", "").replace("_…", "")
