"""`make bench-nlu`: the official Rasa 3.6.21 and ours on the same examples and the same held-out part, in one run.

Prints a table and writes it, with the machine and the date, to `docs/nlu-side-by-side.md`. DIET's training takes long; a
contender that was measured on the same data is not measured again unless `--fresh` is given.
"""

import argparse
import csv
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from sklearn.metrics import accuracy_score, f1_score

from bench.stock_rasa.pipelines import diet, logistic_regression
from nlu.examples import Example, data_hash, read_examples

PROJECT = Path(__file__).resolve().parents[2]
OFFICIAL = PROJECT / ".rasa"
REPORT = PROJECT / "docs" / "nlu-side-by-side.md"
HELD_OUT = PROJECT / "tests" / "data" / "heldout.csv"
SLASH = "__"
"""What stands for the slash of `report/road` on the official side, which takes such names for retrieval intents."""
OURS = "Salam Casa"


@dataclass(frozen=True, slots=True)
class Figures:
    """One contender's row. Seconds, milliseconds, megabytes; shares from 0 to 1."""

    name: str
    accuracy: float
    macro_f1: float
    train_seconds: float
    train_processor_seconds: float
    load_seconds: float
    p50_milliseconds: float
    p99_milliseconds: float
    peak_megabytes: float
    installed_megabytes: float


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--epochs", type=int, default=100, help="DIET's epochs (its documentation: 100)")
    arguments.add_argument("--fresh", action="store_true", help="measure again what was measured on these data")
    options = arguments.parse_args()
    examples = read_examples(PROJECT)
    held_out = _held_out()
    official_size = _megabytes(OFFICIAL)
    kept = PROJECT / "var" / "bench-nlu" / data_hash(PROJECT, examples)
    rows = []
    for name, pipeline in (
        (OURS, None),
        ("Rasa 3.6.21, logistic regression", logistic_regression()),
        (f"Rasa 3.6.21, DIET ({options.epochs} epochs)", diet(options.epochs)),
    ):
        folder = kept / "".join(char if char.isalnum() else "-" for char in name)
        if options.fresh or not (folder / "serve.json").exists():
            _say(f"{name}: training and serving …")
            _run(folder, pipeline, examples, held_out)
        rows.append(_figures(name, folder, held_out, official_size if pipeline else _own_size()))
    table = as_table(rows)
    _write_report(table, len(examples), len(held_out))
    sys.stdout.write(table + "\n")


def as_table(rows: Sequence[Figures]) -> str:
    """A Markdown table, one column a contender; the official ones with their ratio to ours."""
    lines = ["| | " + " | ".join(row.name for row in rows) + " |", "|---|" + "---|" * len(rows)]
    for label, field, digits in (
        ("accuracy", "accuracy", 3),
        ("macro-F1", "macro_f1", 3),
        ("training, s", "train_seconds", 1),
        ("training, processor s", "train_processor_seconds", 1),
        ("loading with imports, s", "load_seconds", 2),
        ("a message, p50 ms", "p50_milliseconds", 2),
        ("a message, p99 ms", "p99_milliseconds", 2),
        ("peak memory, MB", "peak_megabytes", 0),
        ("installed size, MB", "installed_megabytes", 0),
    ):
        own = getattr(rows[0], field)
        cells = [f"{own:.{digits}f}"]
        for row in rows[1:]:
            value = getattr(row, field)
            ratio = "" if digits == 3 else f" (× {value / own:.1f})"
            cells.append(f"{value:.{digits}f}{ratio}")
        lines.append(f"| {label} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _run(
    folder: Path, pipeline: list[dict[str, Any]] | None, examples: Sequence[Example], held_out: Sequence[dict[str, str]]
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "texts.json").write_text(json.dumps([row["text"] for row in held_out]), encoding="utf-8")
    kind = "official" if pipeline else "ours"
    if pipeline:
        config = {"recipe": "default.v1", "language": "fr", "assistant_id": "bench", "pipeline": pipeline}
        (folder / "config.yml").write_text(yaml.safe_dump(config, sort_keys=False), encoding="utf-8")
        (folder / "train.yml").write_text(_as_rasa_yaml(examples), encoding="utf-8")
    python = (OFFICIAL if pipeline else PROJECT / ".venv") / "bin" / "python"
    environment = {
        **os.environ,
        "PYTHONPATH": str(PROJECT),
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "RASA_MAX_CACHE_SIZE": "0",  # What an earlier run trained is not to be taken from its cache.
    }
    for step in ("train", "serve"):
        done = subprocess.run(
            [python, "-W", "ignore", "-m", "bench.stock_rasa.contender", step, kind, folder],
            cwd=PROJECT,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            check=False,
        )
        if done.returncode:
            sys.exit(f"{kind} {step} failed:\n{done.stderr[-3_000:]}")


def _figures(name: str, folder: Path, held_out: Sequence[dict[str, str]], size: float) -> Figures:
    trained = json.loads((folder / "train.json").read_text(encoding="utf-8"))
    served = json.loads((folder / "serve.json").read_text(encoding="utf-8"))
    wanted = [row["intent"] for row in held_out]
    found = [intent.replace(SLASH, "/") for intent in served["intents"]]
    return Figures(
        name=name,
        accuracy=float(accuracy_score(wanted, found)),
        macro_f1=float(f1_score(wanted, found, labels=sorted(set(wanted)), average="macro", zero_division=0)),
        train_seconds=trained["seconds"],
        train_processor_seconds=trained["processor_seconds"],
        load_seconds=served["load_seconds"],
        p50_milliseconds=float(np.percentile(served["milliseconds"], 50)),
        p99_milliseconds=float(np.percentile(served["milliseconds"], 99)),
        peak_megabytes=served["peak_megabytes"],
        installed_megabytes=size,
    )


def _held_out() -> list[dict[str, str]]:
    with HELD_OUT.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _as_rasa_yaml(examples: Sequence[Example]) -> str:
    """The examples in Rasa's own format; a message is one line there."""
    by_intent: dict[str, list[str]] = {}
    for example in examples:
        by_intent.setdefault(example.intent.replace("/", SLASH), []).append(" ".join(example.text.split()))
    blocks = [
        {"intent": intent, "examples": "".join(f"- {text}\n" for text in texts)} for intent, texts in by_intent.items()
    ]
    return yaml.safe_dump({"version": "3.1", "nlu": blocks}, allow_unicode=True, sort_keys=False)


def _own_size() -> float:
    """What `make setup` installs, in a fresh folder: without the tools for development."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            [PROJECT / ".uv" / "bin" / "uv", "sync", "--quiet", "--frozen", "--no-dev", "--link-mode", "copy"],
            cwd=PROJECT,
            env={**os.environ, "UV_PROJECT_ENVIRONMENT": folder},
            check=True,
        )
        return _megabytes(Path(folder))


def _megabytes(folder: Path) -> float:
    return sum(path.lstat().st_size for path in folder.rglob("*")) / 1_048_576


def _write_report(table: str, examples: int, messages: int) -> None:
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()} (official side: 3.10)"
    REPORT.write_text(
        "# Side by side with the official Rasa\n\n"
        f"Written by `make bench-nlu` on {datetime.now(UTC).date().isoformat()}: {examples} examples, {messages} held-out messages, "
        f"one run on one machine ({machine}).\n"
        "The official install has its own pins; a figure in brackets is its ratio to ours. Loading counts from the first\n"
        "import; memory is the peak of the process that serves; size is what is installed to run, without our development tools.\n\n"
        f"{table}\n",
        encoding="utf-8",
    )


def _say(message: str) -> None:
    sys.stderr.write(message + "\n")


if __name__ == "__main__":
    main()
