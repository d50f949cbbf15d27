"""The project's training data behind Rasa's importer interface; `config.yml` names this importer."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from rasa.shared.core.domain import Domain
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.components.entities import PLACES_TABLE, place_as_json
from nlu.components.featurizers import CONCEPTS_TABLE
from nlu.examples import CONCEPTS_FILE, PLACES_FILE, Example, read_examples, read_yaml
from nlu.places import load_place_names
from nlu.plain_yaml import load_yaml


class ProjectImporter(TrainingDataImporter):
    """Reads `data/nlu/` and `data/faq/`.

    Intents such as `report/waste` stay whole; Rasa's own reader would take them for retrieval intents and cut them.
    """

    def __init__(
        self,
        config_file: str | None = None,
        domain_path: str | None = None,
        training_data_paths: list[str] | None = None,
    ) -> None:
        self._config_file = Path(config_file or "config.yml")

    def get_domain(self) -> Domain:
        return Domain.empty()

    def get_stories(self, exclusion_percentage: int | None = None) -> StoryGraph:
        return StoryGraph([])

    def get_config(self) -> dict[str, Any]:
        return dict(load_yaml(self._config_file.read_text(encoding="utf-8")))

    def get_config_file_for_auto_config(self) -> str | None:
        return str(self._config_file)

    def get_nlu_data(self, language: str | None = None) -> TrainingData:
        root = self._config_file.resolve().parent
        return as_training_data(read_examples(root), root)


class ListImporter(ProjectImporter):
    """Hands over examples that are already in memory, with the project's configuration and tables."""

    def __init__(self, config_file: Path, examples: Iterable[Example]) -> None:
        super().__init__(str(config_file))
        self._examples = list(examples)

    def get_nlu_data(self, language: str | None = None) -> TrainingData:
        return as_training_data(self._examples, self._config_file.resolve().parent)


def as_training_data(examples: Iterable[Example], root: Path) -> TrainingData:
    """Rasa's form of our data: the language tag travels as metadata of an example, the gazetteer as a lookup table."""
    places = [place_as_json(place) for place in load_place_names(root / PLACES_FILE)]
    concepts = [json.dumps([c, *map(str, forms)], ensure_ascii=False) for c, forms in _concepts(root).items()]
    data = TrainingData(lookup_tables=[_table(PLACES_TABLE, places), _table(CONCEPTS_TABLE, concepts)])
    # Set, not handed over: the constructor would compare all examples with one another, and ours have been checked.
    data.training_examples = as_messages(examples)
    return data


def as_messages(examples: Iterable[Example]) -> list[Message]:
    return [
        Message(data={TEXT: e.text, INTENT: e.intent, "metadata": {"example": {"language": e.language}}})
        for e in examples
    ]


def _table(name: str, elements: list[str]) -> dict[str, Any]:
    """A lookup table, headed by its name: Rasa tries the first element as a file's name, and a long one would fail."""
    return {"name": name, "elements": [name, *elements]}


def _concepts(root: Path) -> Mapping[str, Sequence[Any]]:
    """Concept to its forms; none where a project has no lexicon."""
    path = root / CONCEPTS_FILE
    return read_yaml(path) if path.is_file() else {}
