"""Entities: what a message names beside its intent."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.components.views import ENTITIES, normalised_text
from nlu.extractors import extract
from nlu.places import Gazetteer, PlaceName
from nlu.times import find_times

PLACES_TABLE = "places"
"""Name of the lookup table by which the importer hands over the gazetteer: a JSON object a place,
behind a first element that is the name itself."""


class EntityExtractor(GraphComponent):
    """Places and lines, days and hours, request and phone numbers, the aspect a short question asks about."""

    def __init__(self, storage: ModelStorage, resource: Resource, gazetteer: Gazetteer) -> None:
        self._storage = storage
        self._resource = resource
        self._gazetteer = gazetteer

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> EntityExtractor:
        return cls(model_storage, resource, Gazetteer(()))

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> EntityExtractor:
        with model_storage.read_from(resource) as folder:
            stored = json.loads((folder / "places.json").read_text(encoding="utf-8"))
        return cls(model_storage, resource, Gazetteer([place_from_json(element) for element in stored]))

    def train(self, training_data: TrainingData) -> Resource:
        """Nothing is learnt; the gazetteer goes into the archive, so that a model is whole."""
        tables = [table for table in training_data.lookup_tables if table["name"] == PLACES_TABLE]
        elements = [element for table in tables for element in table["elements"][1:]]
        with self._storage.write_to(self._resource) as folder:
            (folder / "places.json").write_text(json.dumps(elements, ensure_ascii=False), encoding="utf-8")
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            normalised = normalised_text(message)
            found = (
                *extract(str(message.get(TEXT) or ""), normalised),
                *self._gazetteer.find(normalised),
                *find_times(normalised),
            )
            message.set(ENTITIES, tuple(sorted(found, key=lambda entity: (entity.start, entity.end))))
        return messages


def place_as_json(place: PlaceName) -> str:
    """A gazetteer entry as an element of a Rasa lookup table."""
    return json.dumps(asdict(place), ensure_ascii=False)


def place_from_json(element: str) -> PlaceName:
    stored = json.loads(element)
    return PlaceName(**{**stored, "spellings": tuple(stored["spellings"]), "unlike": tuple(stored["unlike"])})
