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
    """Adds romanised copies of the Arabic-letter examples: people write the same sentence in either script.

    Up to `copies` of each, every one spelled differently, but hardly more than `most` together: a small collection lives on
    them, a large one has Latin spellings of its own and would only take longer to train.
    """

    def __init__(self, copies: int, most: int) -> None:
        self._copies = copies
        self._most = most

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"copies": 1, "most": 8_800}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> RomanisingAugmenter:
        return cls(int(config["copies"]), int(config["most"]))

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        arabic = [
            (number, example)
            for number, example in enumerate(training_data.training_examples)
            if arabic_letters(str(example.get(TEXT) or "")) > latin_letters(normalised_text(example))
        ]
        of_each = max(min(self._copies, 1), min(self._copies, self._most // max(len(arabic), 1)))
        copies = [
            Message(
                data={
                    TEXT: romanise(str(example.get(TEXT)), seed=number * 16 + copy),
                    INTENT: example.get(INTENT),
                    AUGMENTED: True,
                }
            )
            for number, example in arabic
            for copy in range(of_each)
        ]
        training_data.training_examples = [*training_data.training_examples, *copies]
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        return messages
