"""Language and script of the message."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.components.augmenter import AUGMENTED
from nlu.components.views import ENTITIES, LANGUAGE, LANGUAGE_CONFIDENCE, STRETCHES, normalised_text, words_of
from nlu.features import NgramCounter, NgramSettings
from nlu.language import LATIN_LANGUAGES, LanguageModel
from nlu.linear import LinearModel, fit_linear
from nlu.text import arabic_letters, latin_letters, normalise
from nlu.understanding import Language

_ROUNDS = 100
"""Single words vote here, so each must have settled: after ten rounds "bghit fichier ics" was French or not by chance."""
_SETTINGS = NgramSettings(shortest=1, longest=4, word_ngrams=1, min_documents=1)


class LanguageIdentifier(GraphComponent):
    """Learns from the language tags of the training examples; see `nlu.language` for how it decides."""

    def __init__(self, storage: ModelStorage, resource: Resource, model: LanguageModel | None = None) -> None:
        self._storage = storage
        self._resource = resource
        self._model = model

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LanguageIdentifier:
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LanguageIdentifier:
        with model_storage.read_from(resource) as folder:
            if not (folder / "words.json").exists():
                return cls(model_storage, resource)
            counter = NgramCounter.load(folder, "words", _SETTINGS)
            return cls(model_storage, resource, LanguageModel(counter, LinearModel.load(folder, "languages")))

    def train(self, training_data: TrainingData) -> Resource:
        """Trains on single words, each weighted by how often it was seen in messages of its language."""
        seen: Counter[tuple[str, Language]] = Counter()
        for example in training_data.training_examples:
            language = language_of(example)
            if language not in LATIN_LANGUAGES or example.get(AUGMENTED):
                continue
            for word in words_of(example):
                if not word.is_arabic and any(char.isalpha() for char in word.text):
                    seen[word.text, language] += 1
        with self._storage.write_to(self._resource) as folder:
            if {language for _, language in seen} == set(LATIN_LANGUAGES):
                spelled = [word for word, _ in seen]
                counter, rows = NgramCounter.fit(spelled, _SETTINGS, lambda word: [word])
                model = fit_linear(
                    rows,
                    [language.value for _, language in seen],
                    cost=1.0,
                    weights=np.sqrt(np.array(list(seen.values()), dtype=np.float64)),
                    rounds=_ROUNDS,
                )
                counter.save(folder, "words")
                model.save(folder, "languages")
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            if self._model is None:  # A data set without language tags, as outside evaluations bring.
                message.set(LANGUAGE, Language.FRENCH.value)
                continue
            rest = _without_names(message)
            found = self._model.identify(rest)
            message.set(LANGUAGE, found.language.value)
            # "à Marrakech": one letter beside a name is in many languages.
            tells = arabic_letters(rest) or latin_letters(rest) >= _LETTERS_AT_LEAST
            message.set(LANGUAGE_CONFIDENCE, found.confidence if tells else 0.0)
            message.set(STRETCHES, [(stretch.text, stretch.language.value) for stretch in found.stretches])
        return messages


_TELLS_NO_LANGUAGE = frozenset({"place", "line", "request_number", "phone"})


_NAME = re.compile(r"(?<=[^\W\d_][ '])[A-ZÀ-Ý][^\W\d_A-ZÀ-Ý]{2,}")
"""A capital in the middle of a sentence, whose writer does not write capitals only."""


def _without_names(message: Message) -> str:
    """The normalised text without names and numbers: "next to Marché Central" is English, 7K3-42R is no language.

    A text of nothing but names is as good as whole.
    """
    text = normalised_text(message)
    for entity in message.get(ENTITIES) or ():
        if entity.kind in _TELLS_NO_LANGUAGE:
            text = _blanked(text, entity.start, entity.end)
    rest = text
    for name in _NAME.findall(str(message.get(TEXT) or "")):
        known = normalise(name)
        start = rest.find(known)
        if start >= 0:
            rest = _blanked(rest, start, start + len(known))
    return rest if latin_letters(rest) >= _LETTERS_THAT_TELL else text


_LETTERS_THAT_TELL, _LETTERS_AT_LEAST = 4, 2


def _blanked(text: str, start: int, end: int) -> str:
    return text[:start] + " " * (end - start) + text[end:]


def language_of(example: Message) -> Language | None:
    """The language tag of a training example: `metadata: {language: fr}` at its intent in the YAML file."""
    metadata = example.get("metadata") or {}
    tag = (metadata.get("example") or {}).get("language") or (metadata.get("intent") or {}).get("language")
    return Language(tag) if tag in set(Language) else None
