"""Serving: a model archive in memory, text in, `Understanding` out. Loads neither TensorFlow nor `rasa.core`."""

import tempfile
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rasa.engine.loader import load_predict_graph_runner
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from nlu.components.views import DECISION, ENTITIES, LANGUAGE, LANGUAGE_CONFIDENCE, STRETCHES
from nlu.graph import PLACEHOLDER_MESSAGE
from nlu.runner import StepRunner
from nlu.understanding import Decision, Language, RankedIntent, Stretch, Understanding

RANKING_SHOWN = 5


@dataclass(frozen=True, slots=True)
class ParseRequest:
    """What enters the predict graph; it has the attributes of Rasa's `UserMessage` that matter."""

    text: str
    metadata: dict[str, Any] = field(default_factory=dict)


class Parser:
    """Understands messages with one loaded model. Not for use from several threads at once."""

    def __init__(self, runner: GraphRunner, target: str, model_id: str) -> None:
        self._runner = runner
        self._target = target
        self.model_id = model_id

    @classmethod
    def load(cls, archive: Path) -> "Parser":
        """Loads a model archive; raises `FileNotFoundError` when there is none at `archive`."""
        if not archive.is_file():
            raise FileNotFoundError(f"No model at {archive}; run `casa train`")
        with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
            warnings.filterwarnings("ignore", category=DeprecationWarning)
            metadata, runner = load_predict_graph_runner(Path(folder), archive, LocalModelStorage, StepRunner)
        return cls(runner, metadata.nlu_target, metadata.model_id)

    def parse(self, text: str) -> Understanding:
        return self.parse_many([text])[0]

    def parse_many(self, texts: Sequence[str]) -> list[Understanding]:
        """Understands messages together, which is faster than one by one; the results do not depend on each other."""
        return [understanding_of(message) for message in self.messages(texts)] if texts else []

    def messages(self, texts: Sequence[str], metadata: dict[str, Any] | None = None) -> list[Message]:
        """Rasa's messages behind the last component, with their features; `texts` must not be empty."""
        requests = [ParseRequest(text, metadata or {}) for text in texts]
        output: dict[str, list[Message]] = self._runner.run(
            inputs={PLACEHOLDER_MESSAGE: requests}, targets=[self._target]
        )
        return output[self._target]


def understanding_of(message: Message) -> Understanding:
    ranking = [RankedIntent(entry["name"], entry["confidence"]) for entry in message.get("intent_ranking") or []]
    best = ranking[0] if ranking else RankedIntent("out_of_scope", 0.0)
    return Understanding(
        text=str(message.get(TEXT) or ""),
        language=Language(message.get(LANGUAGE) or Language.FRENCH),
        language_confidence=float(message.get(LANGUAGE_CONFIDENCE) or 0.0),
        intent=best.intent,
        confidence=best.confidence,
        decision=Decision(message.get(DECISION) or Decision.LOST),
        ranking=tuple(ranking[:RANKING_SHOWN]),
        entities=tuple(message.get(ENTITIES) or ()),
        stretches=tuple(Stretch(text, Language(tag)) for text, tag in message.get(STRETCHES) or ()),
    )
