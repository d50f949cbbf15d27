"""Predictions of the official install: arguments are a model archive, a JSON list of texts and the file for the JSON answer."""

import asyncio
import json
import sys
import warnings
from pathlib import Path
from typing import Any

warnings.filterwarnings("ignore")


async def predictions(archive: str, texts: list[str]) -> list[dict[str, Any]]:
    """Best intent and the whole ranking of every text, as the official agent gives them."""
    from rasa.core.agent import Agent

    agent = Agent.load(archive)
    parsed = [await agent.parse_message(text) for text in texts]
    return [{"intent": found["intent"]["name"], "ranking": found["intent_ranking"]} for found in parsed]


if __name__ == "__main__":
    model, questions, answers = sys.argv[1:]
    found = asyncio.run(predictions(model, json.loads(Path(questions).read_text(encoding="utf-8"))))
    Path(answers).write_text(json.dumps(found), encoding="utf-8")
