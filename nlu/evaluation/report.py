"""The report of `make eval`: cross-validation and held-out part, in Markdown with a picture."""

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import chain, islice
from pathlib import Path

from nlu.evaluation.datasets import HELD_OUT, read_csv
from nlu.evaluation.diagram import draw_reliability
from nlu.evaluation.measures import (
    NEIGHBOURS,
    WANTED,
    WANTED_IN_DARIJA,
    by_language,
    calibration_error,
    confusions,
    missing_examples,
    out_of_scope_recall,
    reliability,
    reply_language,
    score,
    shares,
)
from nlu.evaluation.runs import FOLDS, Outcome, cross_validate, train_and_understand
from nlu.examples import INTENTS_FILE, Example, read_examples
from nlu.grouping import group_ids, near_duplicates

REPORT_FILE = "docs/nlu-report.md"
PICTURE_FILE = "docs/images/nlu-reliability.png"
_WORST_SHOWN = 25
_Sets = dict[str, list[Outcome]]


def write_report(root: Path, tell: Callable[[str], None]) -> Path:
    """Measures the project at `root` and writes report and picture; the same data gives the same files."""
    examples = read_examples(root)
    # What a button says is no message of a citizen.
    written = [example for example in examples if example.path != root / INTENTS_FILE]
    folds: list[Outcome] = []
    for number, fold in enumerate(cross_validate(root / "config.yml", written), start=1):
        tell(f"Fold {number} of {FOLDS}: {score(fold).accuracy:.3f} right")
        folds += fold
    held_out = {name: read_csv(root / file) for name, file in HELD_OUT.items()}
    understood = iter(train_and_understand(root / "config.yml", examples, list(chain(*held_out.values()))))
    sets = {"cross-validation": folds}
    sets |= {name: list(islice(understood, len(messages))) for name, messages in held_out.items()}
    draw_reliability({name: reliability(outcomes) for name, outcomes in sets.items()}, root / PICTURE_FILE)
    target = root / REPORT_FILE
    target.write_text(render(sets, written), encoding="utf-8")
    return target


def render(sets: _Sets, examples: Sequence[Example]) -> str:
    sections = [
        _opening(examples),
        "## In one table\n\n" + _summary(sets),
        "## By language and script\n\n" + "\n\n".join(_languages(name, found) for name, found in sets.items()),
        "## Near neighbours\n\nRows: the right intent; columns: what was understood, in the cross-validation.\n\n"
        + "\n\n".join(_family(family, sets["cross-validation"]) for family in NEIGHBOURS),
        "## Most frequent confusions\n\n" + _worst(sets["cross-validation"]),
        "## Intents\n\n" + _intents(sets["cross-validation"]),
        (
            "## Reliability\n\nA calibrated model is right as often as it is confident: its dots lie on the diagonal. The size of a dot shows how many\n"
            f"messages it stands for.\n\n![Reliability diagram]({Path(PICTURE_FILE).relative_to('docs')})"
        ),
    ]
    return "\n\n".join(sections) + "\n"


def _short(missing: Mapping[str, int]) -> str:
    return "all have" if not missing else ", ".join(f"`{intent}` lacks {count}" for intent, count in missing.items())


def _opening(examples: Sequence[Example]) -> str:
    counted = Counter(example.language for example in examples)
    spoken = ", ".join(f"{count:,} {language}" for language, count in counted.most_common())
    return (
        "# How well messages are understood\n\n"
        f"Written by `make eval`. {len(examples):,} training examples ({spoken}) in {len(set(group_ids(examples))):,} groups of paraphrases, "
        f"{len(near_duplicates(examples))} near-duplicates.\n"
        f"Every intent should have {WANTED['fr']} French and {WANTED_IN_DARIJA} Darija examples, {WANTED['ary']} in each script at least, near neighbours "
        f"twice that; {_short(missing_examples(examples))}.\n\n"
        f"**Cross-validation**: {FOLDS} folds of the training examples; no group is split. The examples were collected so that no two are alike,\n"
        "so each fold asks for what was not taught: it is harder than the messages of citizens, and only good for comparing.\n"
        f"**Held-out**: `{HELD_OUT['held-out']}`, written from the contract of intents alone, half of it noisy, never trained on. It was looked at a few\n"
        "times while the first pipeline was built, so it is optimistic.\n"
        f"**Held-out, new**: `{HELD_OUT['held-out, new']}`, by seven other writers, each with a persona, one variety and the contract alone, when the pipeline stood.\n"
        "Nothing was tuned on it but where a message in both scripts counts as Darija.\n"
        f"**Held-out, late**: `{HELD_OUT['held-out, late']}`, by another writer who saw the contract alone, when all else stood; nothing was tuned on it.\n"
        f"**Held-out, English**: `{HELD_OUT['held-out, English']}`, stories of visitors by four personas, from the contract alone. It was written to see how much\n"
        "English was missing (0.849 right, 0.107 confident and wrong before 2,800 examples were written); only its confusions were looked at."
    )


def _summary(sets: _Sets) -> str:
    rows: list[tuple[str, Callable[[list[Outcome]], float]]] = [
        ("right intent first (top-1)", lambda found: score(found).accuracy),
        ("macro-F1", lambda found: score(found).macro_f1),
        ("answered directly and right", lambda found: shares(found).answered_right),
        ("**answered directly and wrong** (confident wrong)", lambda found: shares(found).answered_wrong),
        ("asked which of two, the right one among them", lambda found: shares(found).asked_with_right),
        ("asked which of two, neither right", lambda found: shares(found).asked_without_right),
        ("lost: menu and a person", lambda found: shares(found).lost),
        ("right intent answered or offered", lambda found: shares(found).right_offered),
        ("out-of-scope messages recognised", out_of_scope_recall),
        ("language of the reply (messages in one language)", reply_language),
        ("expected calibration error", calibration_error),
    ]
    lines = [
        f"| | {' | '.join(f'{name} ({len(found):,})' for name, found in sets.items())} |",
        "|---|" + "---:|" * len(sets),
    ]
    lines += [
        f"| {name} | {' | '.join(_figure(measure(found)) for found in sets.values())} |" for name, measure in rows
    ]
    return "\n".join(lines)


def _languages(name: str, outcomes: list[Outcome]) -> str:
    lines = [
        f"| {name} | messages | top-1 | macro-F1 | answered right | confident wrong | right answered or offered |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for language, its in by_language(outcomes).items():
        chosen = shares([outcome for outcome in outcomes if outcome.example.language == language])
        figures = (its.accuracy, its.macro_f1, chosen.answered_right, chosen.answered_wrong, chosen.right_offered)
        lines.append(f"| `{language}` | {its.messages} | {' | '.join(map(_figure, figures))} |")
    return "\n".join(lines)


def _family(family: Sequence[str], outcomes: list[Outcome]) -> str:
    counted = Counter((o.example.intent, o.understanding.intent) for o in outcomes)
    lines = [f"| | {' | '.join(f'`{name}`' for name in family)} | other |", "|---|" + "---:|" * (len(family) + 1)]
    for right in family:
        total = sum(count for (intent, _), count in counted.items() if intent == right)
        inside = [counted[right, understood] for understood in family]
        lines.append(f"| `{right}` | {' | '.join(map(str, inside))} | {total - sum(inside)} |")
    return "\n".join(lines)


def _worst(outcomes: list[Outcome]) -> str:
    lines = ["| right | understood | times |", "|---|---|---:|"]
    ranked = sorted(confusions(outcomes).items(), key=lambda entry: (-entry[1], entry[0]))
    lines += [f"| `{right}` | `{understood}` | {times} |" for (right, understood), times in ranked[:_WORST_SHOWN]]
    return "\n".join(lines)


def _intents(outcomes: list[Outcome]) -> str:
    lines = ["| intent | messages | top-1 | confident wrong |", "|---|---:|---:|---:|"]
    names = sorted({outcome.example.intent for outcome in outcomes})
    found = {name: [outcome for outcome in outcomes if outcome.example.intent == name] for name in names}
    for name in sorted(names, key=lambda name: (score(found[name]).accuracy, name)):
        its = found[name]
        lines.append(
            f"| `{name}` | {len(its)} | {_figure(score(its).accuracy)} | {_figure(shares(its).answered_wrong)} |"
        )
    return "\n".join(lines)


def _figure(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.3f}"
