"""Three views of a message as sparse features: its spelling, its skeleton and the concepts it names."""

from __future__ import annotations

import json
from abc import abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import scipy.sparse
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.sparse_featurizer.sparse_featurizer import SparseFeaturizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.components.views import COLUMNS, ROW, asks_for_explanation, telling_words_of
from nlu.concepts import Lexicon
from nlu.features import NgramCounter, NgramSettings
from nlu.skeleton import word_skeleton
from nlu.sparse import single_rows
from nlu.text import Word


class ViewFeaturizer(SparseFeaturizer, GraphComponent):
    """Counts n-grams of one view of the message; `weight` scales the row against those of the other views."""

    _FILE = "ngrams"
    VIEW = ""
    """What people call the view in an explanation."""

    def __init__(
        self, config: dict[str, Any], storage: ModelStorage, resource: Resource, counter: NgramCounter | None = None
    ) -> None:
        super().__init__(type(self).__name__, {"alias": None, **config})
        self._storage = storage
        self._resource = resource
        self._settings = NgramSettings(
            shortest=config["shortest"],
            longest=config["longest"],
            word_ngrams=config["word_ngrams"],
            min_documents=config["min_documents"],
        )
        self._weight = float(config["weight"])
        self._counter = counter

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        if config["shortest"] > config["longest"] + 1:
            raise ValueError(f"{cls.__name__}: shortest must not exceed longest")

    @abstractmethod
    def view(self, found: Sequence[Word]) -> Sequence[str]:
        """What is counted of a message, given its words."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ViewFeaturizer:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> ViewFeaturizer:
        featurizer = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            featurizer._counter = NgramCounter.load(folder, cls._FILE, featurizer._settings)
            featurizer._load_more(folder)
        return featurizer

    def train(self, training_data: TrainingData) -> Resource:
        self._prepare(training_data)
        messages = training_data.training_examples
        self._counter, rows = NgramCounter.fit(messages, self._settings, self._view)
        rows.data *= self._weight
        # Learning has counted already: the rows wait on the messages for `process_training_data`.
        for message, row in zip(messages, single_rows(rows), strict=True):
            message.data[ROW + self.VIEW] = row
        with self._storage.write_to(self._resource) as folder:
            self._save_more(folder)
        return self.save()

    def save(self) -> Resource:
        """Writes the n-grams; what else a view needs does not change after training."""
        with self._storage.write_to(self._resource) as folder:
            self._trained.save(folder, self._FILE)
        return self._resource

    def learn(self, messages: list[Message]) -> int:
        """Makes room for the n-grams of `messages` that were unknown; returns the number of new columns, all at the end."""
        return self._trained.add(self._views(messages))

    @property
    def width(self) -> int:
        """Number of columns."""
        return self._trained.width

    def rows(self, messages: list[Message]) -> scipy.sparse.csr_matrix:
        """A weighted row a message."""
        rows = self._trained.rows(self._views(messages))
        rows.data *= self._weight
        return rows

    @property
    def _trained(self) -> NgramCounter:
        if self._counter is None:
            raise RuntimeError(f"{type(self).__name__} is used before it was trained or loaded")
        return self._counter

    def _views(self, messages: list[Message]) -> list[Sequence[str]]:
        return [self._view(message) for message in messages]

    def _view(self, message: Message) -> Sequence[str]:
        return self.view(telling_words_of(message))

    def _prepare(self, training_data: TrainingData) -> None:
        """What a view needs of the training data beside the messages."""

    def _save_more(self, folder: Path) -> None:
        """Stores what `_prepare` took."""

    def _load_more(self, folder: Path) -> None:
        """The inverse of `_save_more`."""

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Takes the rows that `train` left on the messages; those of other messages are counted."""
        rest = []
        for message in training_data.training_examples:
            row = message.data.pop(ROW + self.VIEW, None)
            if row is None:
                rest.append(message)
            else:
                self._add(message, row)
        self.process(rest)
        return training_data

    def _add(self, message: Message, row: scipy.sparse.csr_matrix) -> None:
        message.add_features(Features(row, FEATURE_TYPE_SENTENCE, TEXT, self._identifier))

    def process(self, messages: list[Message]) -> list[Message]:
        rows = self.rows(messages)
        for message, row in zip(messages, single_rows(rows), strict=True):
            self._add(message, row)
            if asks_for_explanation(message):
                here = [(self.VIEW, name) for name in self._trained.names_of(row.indices)]
                message.set(COLUMNS, [*(message.get(COLUMNS) or ()), *here])
        return messages


class SpellingFeaturizer(ViewFeaturizer):
    """Words and character n-grams as they are written: what French and English live on."""

    VIEW = "spelling"

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"shortest": 2, "longest": 5, "word_ngrams": 2, "min_documents": 2, "weight": 1.0}

    def view(self, found: Sequence[Word]) -> Sequence[str]:
        return [word.text for word in found]


class SkeletonFeaturizer(ViewFeaturizer):
    """N-grams of the consonant skeleton: where the two scripts of Darija meet (see `nlu.skeleton`)."""

    VIEW = "skeleton"

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"shortest": 2, "longest": 4, "word_ngrams": 2, "min_documents": 2, "weight": 1.0}

    def view(self, found: Sequence[Word]) -> Sequence[str]:
        return [bones for word in found if (bones := word_skeleton(word.text))]


CONCEPTS_TABLE = "concepts"
"""Name of the lookup table by which the importer hands over the lexicon: a JSON list `[concept, form, …]` a concept,
behind a first element that is the name itself."""


class ConceptFeaturizer(ViewFeaturizer):
    """The concepts of city life that a message names, whatever the language of the word (see `nlu.concepts`)."""

    VIEW = "concept"

    _lexicon = Lexicon({}, {})

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        # Word n-grams of concept names: the concepts themselves and pairs that stand side by side.
        return {"shortest": 1, "longest": 0, "word_ngrams": 2, "min_documents": 2, "weight": 1.0}

    def view(self, found: Sequence[Word]) -> Sequence[str]:
        return self._lexicon.find([word.text for word in found])

    def _prepare(self, training_data: TrainingData) -> None:
        tables = [table for table in training_data.lookup_tables if table["name"] == CONCEPTS_TABLE]
        elements = [json.loads(element) for table in tables for element in table["elements"][1:]]
        self._lexicon = Lexicon.of({concept: forms for concept, *forms in elements})

    def _save_more(self, folder: Path) -> None:
        (folder / "concepts.json").write_text(json.dumps(self._lexicon.as_dict(), ensure_ascii=False), encoding="utf-8")

    def _load_more(self, folder: Path) -> None:
        self._lexicon = Lexicon.from_dict(json.loads((folder / "concepts.json").read_text(encoding="utf-8")))
