"""The first node of the predict graph: from what a channel hands over to Rasa's `Message`."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message


class MessageConverter(GraphComponent):
    """Accepts anything with a `text`: our own `ParseRequest`, or Rasa's `UserMessage` when stock Rasa runs the archive.

    Rasa's own converter imports `rasa.core` and with it every chat connector.
    """

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> MessageConverter:
        return cls()

    def convert(self, messages: list[Any]) -> list[Message]:
        return [
            Message(
                data={TEXT: message.text or "", "metadata": getattr(message, "metadata", None) or {}},
                output_properties={"entities", "intent", "intent_ranking"},
            )
            for message in messages
        ]
