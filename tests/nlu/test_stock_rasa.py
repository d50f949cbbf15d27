"""One and the same model archive in the official install of Rasa and in our runtime (`make test-stock-rasa`)."""

import csv
import json
import os
import subprocess
from pathlib import Path

import pytest

from bot.settings import PROJECT
from nlu.runtime import Parser

OFFICIAL = PROJECT / ".rasa" / "bin" / "python"
MESSAGES = 200


@pytest.fixture(scope="module")
def texts() -> list[str]:
    if not OFFICIAL.exists():
        pytest.skip(
            "the official install of Rasa is not here; `make test-stock-rasa` brings it (2.5 GB) and runs this test"
        )
    with (PROJECT / "tests" / "data" / "heldout.csv").open(encoding="utf-8") as file:
        return [row["text"] for row in csv.DictReader(file)][::4][:MESSAGES]


def test_the_official_agent_finds_the_same_intents_in_the_same_archive(
    texts: list[str], model: Path, parser: Parser, tmp_path: Path
) -> None:
    questions, answers = tmp_path / "questions.json", tmp_path / "answers.json"
    questions.write_text(json.dumps(texts), encoding="utf-8")
    run = subprocess.run(
        [OFFICIAL, "-m", "bench.stock_rasa.predict", model, questions, answers],
        capture_output=True,
        encoding="utf-8",
        cwd=PROJECT,
        env={**os.environ, "PYTHONPATH": str(PROJECT), "RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3"},
        timeout=300,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-2_000:]
    official = json.loads(answers.read_text(encoding="utf-8"))
    ours = parser.parse_many(texts)
    assert [found["intent"] for found in official] == [understanding.intent for understanding in ours]
    for found, understanding in zip(official, ours, strict=True):
        theirs = {entry["name"]: entry["confidence"] for entry in found["ranking"]}
        for ranked in understanding.ranking:
            assert theirs[ranked.intent] == pytest.approx(ranked.confidence, abs=1e-6)
