"""Answer, ask or be lost: a wrong answer is worse than a question."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT
from rasa.shared.nlu.training_data.message import Message

from nlu.components.views import DECISION
from nlu.policy import Thresholds, decide


class DecisionPolicy(GraphComponent):
    """Sets the decision from the calibrated ranking; thresholds are probabilities (see `nlu.policy`)."""

    def __init__(self, thresholds: Thresholds) -> None:
        self._thresholds = thresholds

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"answer": 0.6, "lead": 0.15, "ask": 0.3}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> DecisionPolicy:
        return cls(Thresholds(float(config["answer"]), float(config["lead"]), float(config["ask"])))

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            ranking = [(entry["name"], entry["confidence"]) for entry in message.get("intent_ranking") or []]
            message.set(DECISION, decide(ranking, self._thresholds).value)
            message.set(INTENT, message.get(INTENT), add_to_output=True)
        return messages
