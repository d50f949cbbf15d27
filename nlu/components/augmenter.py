"""More training examples out of those there are."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.components.views import normalised_text
from nlu.romanise import romanise
from nlu.text import arabic_letters, latin_letters

AUGMENTED = "casa_augmented"


class RomanisingAugmenter(GraphComponent):
    """Adds romanised copies of the Arabic-letter examples: people write the same sentence in either script."""

    def __init__(self, copies: int) -> None:
        self._copies = copies

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"copies": 1}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> RomanisingAugmenter:
        return cls(int(config["copies"]))

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        copies = []
        for number, example in enumerate(training_data.training_examples):
            text = str(example.get(TEXT) or "")
            if arabic_letters(text) <= latin_letters(normalised_text(example)):
                continue
            for copy in range(self._copies):
                data = {TEXT: romanise(text, seed=number * 16 + copy), INTENT: example.get(INTENT), AUGMENTED: True}
                copies.append(Message(data=data))
        training_data.training_examples = [*training_data.training_examples, *copies]
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        return messages
