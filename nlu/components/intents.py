"""Which of the intents a message has, with calibrated probabilities."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import scipy.sparse
from numpy.typing import NDArray
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.calibration import probabilities
from nlu.components.augmenter import AUGMENTED
from nlu.components.views import COLUMNS, EVIDENCE, asks_for_explanation
from nlu.linear import LinearModel, fit_linear
from nlu.sparse import beside, stacked

RANKING_LENGTH = 10


class LinearIntentClassifier(GraphComponent, IntentClassifier):
    """One-versus-rest linear classifiers; their margins become probabilities by a calibrated softmax.

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
        return {"cost": 1.0, "loss": "hinge", "augmented_weight": 0.5, "sharpness": 4.0}

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
        """Fits one classifier an intent."""
        examples = [example for example in training_data.training_examples if example.get(INTENT)]
        labels = [str(example.get(INTENT)) for example in examples]
        known: dict[str, list[str]] = {label: [] for label in labels}
        for example, label in zip(examples, labels, strict=True):
            if not example.get(AUGMENTED):
                known[label].append(fingerprint(str(example.get(TEXT))))
        model = fit_linear(
            feature_rows(examples), labels, cost=self.cost, weights=self.weights_of(examples), loss=self.loss
        )
        return self.save(model, known)

    def save(self, model: LinearModel, known: Mapping[str, Sequence[str]]) -> Resource:
        """Stores `model` and the fingerprints of the examples of each intent that it knows."""
        self._model = model
        with self._storage.write_to(self._resource) as folder:
            model.save(folder, "intents")
            (folder / "examples.json").write_text(json.dumps(known), encoding="utf-8")
        return self._resource

    @property
    def model(self) -> LinearModel:
        if self._model is None:
            raise RuntimeError("LinearIntentClassifier is used before it was trained or loaded")
        return self._model

    @property
    def cost(self) -> float:
        return float(self._config["cost"])

    @property
    def loss(self) -> str:
        return str(self._config["loss"])

    def known(self) -> dict[str, list[str]]:
        """The fingerprints of the examples of each intent that the stored model was trained on."""
        with self._storage.read_from(self._resource) as folder:
            return dict(json.loads((folder / "examples.json").read_text(encoding="utf-8")))

    def weights_of(self, examples: Sequence[Message]) -> NDArray[Any]:
        """Copies made by the augmenter weigh less than what people wrote."""
        return np.array([self._config["augmented_weight"] if e.get(AUGMENTED) else 1.0 for e in examples])

    def process(self, messages: list[Message]) -> list[Message]:
        model = self.model
        if not messages:
            return messages
        rows = feature_rows(messages)
        chances = probabilities(model.margins(rows), sharpness=self._sharpness)
        for number, (message, row) in enumerate(zip(messages, chances, strict=True)):
            best = np.argsort(-row)[:RANKING_LENGTH]
            if asks_for_explanation(message):
                message.set(
                    EVIDENCE, _evidence(message, rows[number], model.weights.rows(rows[number].indices, best[:2]))
                )
            ranking = [{"name": model.labels[i], "confidence": float(row[i])} for i in best]
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)
        return messages


def fingerprint(text: str) -> str:
    """Tells an example from the others of its intent without keeping its words."""
    return hashlib.blake2b(text.encode(), digest_size=6).hexdigest()


def _evidence(
    message: Message, row: scipy.sparse.csr_matrix, weights: NDArray[Any]
) -> list[tuple[str, str, float, float]]:
    """What each feature of the message adds to the margins of the two likeliest intents; a row of `weights` a feature."""
    added = row.data[:, None] * weights
    return [
        (view, name, float(best), float(second[0]) if len(second) else 0.0)
        for (view, name), (best, *second) in zip(message.get(COLUMNS) or (), added, strict=True)
    ]


def feature_rows(messages: Sequence[Message]) -> scipy.sparse.csr_matrix:
    """The sparse features of all featurizers side by side, one row a message."""
    views = range(len(messages[0].features))
    return beside([stacked([message.features[view].features for message in messages]) for view in views])
