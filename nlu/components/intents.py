"""Which of the intents a message has, with calibrated probabilities."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import scipy.sparse
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.calibration import probabilities
from nlu.components.augmenter import AUGMENTED
from nlu.linear import LinearModel, fit_linear

RANKING_LENGTH = 10


class LinearIntentClassifier(GraphComponent, IntentClassifier):
    """One-versus-rest squared-hinge classifiers; their margins become probabilities by a calibrated softmax.

    `sharpness` is the one number of the calibration; `nlu.calibration.best_sharpness` finds the best one on messages the model has not seen.
    """

    def __init__(
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        model: LinearModel | None = None,
    ) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._model = model
        self._sharpness = float(config["sharpness"])

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"cost": 0.5, "augmented_weight": 0.5, "sharpness": 4.0}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LinearIntentClassifier:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LinearIntentClassifier:
        with model_storage.read_from(resource) as folder:
            model = LinearModel.load(folder, "intents")
        return cls(config, model_storage, resource, model)

    def train(self, training_data: TrainingData) -> Resource:
        """Fits one classifier an intent; copies made by the augmenter weigh less than what people wrote."""
        examples = [example for example in training_data.training_examples if example.get(INTENT)]
        rows = feature_rows(examples)
        labels = [str(example.get(INTENT)) for example in examples]
        weights = np.array([self._config["augmented_weight"] if e.get(AUGMENTED) else 1.0 for e in examples])
        self._model = fit_linear(rows, labels, cost=float(self._config["cost"]), weights=weights)
        with self._storage.write_to(self._resource) as folder:
            self._model.save(folder, "intents")
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        if self._model is None:
            raise RuntimeError("LinearIntentClassifier is used before it was trained or loaded")
        if not messages:
            return messages
        chances = probabilities(self._model.margins(feature_rows(messages)), sharpness=self._sharpness)
        for message, row in zip(messages, chances, strict=True):
            best = np.argsort(-row)[:RANKING_LENGTH]
            ranking = [{"name": self._model.labels[i], "confidence": float(row[i])} for i in best]
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)
        return messages


def feature_rows(messages: Sequence[Message]) -> scipy.sparse.csr_matrix:
    """The sparse features of all featurizers side by side, one row a message."""
    columns = []
    for position in range(len(messages[0].features)):
        parts = [message.features[position].features for message in messages]
        columns.append(parts[0] if len(parts) == 1 else scipy.sparse.vstack(parts, format="csr"))
    return columns[0] if len(columns) == 1 else scipy.sparse.hstack(columns, format="csr")
