"""Adding a few examples to a trained model in seconds: what a new or changed answer asks for.

One-versus-rest classifiers do not depend on each other. An intent that is new or lost examples is trained anew, one that only
got more goes on from where it was, and so do the rivals that still take a new example after that; all others stay. Everything
is learnt from the examples of the changed intents and a sample of the rest; n-grams that are new get columns of their own.
"""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import scipy.sparse
from rasa.engine.graph import ExecutionContext, GraphModelConfiguration
from rasa.engine.storage.storage import ModelMetadata, ModelStorage
from rasa.shared.nlu.constants import INTENT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.archive import QuickModelStorage, write_archive
from nlu.components.augmenter import RomanisingAugmenter
from nlu.components.featurizers import ViewFeaturizer
from nlu.components.intents import LinearIntentClassifier, fingerprint
from nlu.examples import Example
from nlu.importer import as_messages
from nlu.linear import LinearModel, update_linear
from nlu.sparse import beside

MOST_INTENTS = 8
"""Beyond so many changed intents a whole training is hardly slower, and better."""
_SAMPLE = 60
"""Examples of each intent that is not concerned."""
_AT_MOST_AGAIN = 6
"""Where one rival has given an example up, the next one may take it."""


class TooMuchChanged(Exception):
    """The examples differ too much from those of the model; train it whole."""


@dataclass(frozen=True, slots=True)
class Change:
    """What became of the examples since a model was trained: intents with new or vanished examples."""

    touched: frozenset[str]
    added: tuple[Example, ...]
    gone: frozenset[str]
    """Intents that have no example any more."""
    grown: frozenset[str]
    """Intents that the model knows and that only got more examples: they go on from what they learnt of all others."""


def extend_archive(previous: Path, examples: Sequence[Example], target: Path) -> Change:
    """Writes the model of `previous`, brought up to `examples`, to `target`; raises `TooMuchChanged` where that would not do."""
    with tempfile.TemporaryDirectory() as folder:
        storage, metadata = QuickModelStorage.from_model_archive(Path(folder), previous)
        parts = _Parts.load(storage, metadata)
        change = _change(parts.classifier, examples)
        if len(change.touched) > MOST_INTENTS:
            raise TooMuchChanged(f"{len(change.touched)} intents have other examples than the model was trained on")
        if change.touched:
            _learn(parts, examples, change)
        write_archive(storage, _configuration(metadata), metadata.domain, target)
    return change


@dataclass(frozen=True, slots=True)
class _Parts:
    """The components of an archive that take part in learning intents."""

    featurizers: tuple[ViewFeaturizer, ...]
    classifier: LinearIntentClassifier
    augmenter: RomanisingAugmenter | None

    @classmethod
    def load(cls, storage: ModelStorage, metadata: ModelMetadata) -> _Parts:
        context = ExecutionContext(graph_schema=metadata.predict_schema)
        featurizers: list[ViewFeaturizer] = []
        classifier, augmenter = None, None
        for node in metadata.predict_schema.nodes.values():
            config = {**node.uses.get_default_config(), **node.config}
            if issubclass(node.uses, RomanisingAugmenter):
                # One copy, as a large collection gets: seconds count here, and a part of it is learnt from.
                augmenter = RomanisingAugmenter(min(int(config["copies"]), 1), int(config["most"]))
            elif node.resource and issubclass(node.uses, ViewFeaturizer):
                featurizers.append(node.uses.load(config, storage, node.resource, context))
            elif node.resource and issubclass(node.uses, LinearIntentClassifier):
                classifier = node.uses.load(config, storage, node.resource, context)
        if classifier is None or not featurizers:
            raise TooMuchChanged("the model has no classifier or no features that could be extended")
        return cls(tuple(featurizers), classifier, augmenter)

    def rows(self, messages: list[Message]) -> scipy.sparse.csr_matrix:
        return beside([featurizer.rows(messages) for featurizer in self.featurizers])


def _change(classifier: LinearIntentClassifier, examples: Sequence[Example]) -> Change:
    known = {intent: set(prints) for intent, prints in classifier.known().items()}
    present = _fingerprints(examples)
    changed = {name for name in {*known, *present} if known.get(name, set()) != set(present.get(name, ()))}
    added = tuple(e for e in examples if e.intent in changed and fingerprint(e.text) not in known.get(e.intent, ()))
    grown = {name for name in changed if name in known and known[name] <= set(present.get(name, ()))}
    return Change(frozenset(changed), added, frozenset(known) - frozenset(present), frozenset(grown))


def _learn(parts: _Parts, examples: Sequence[Example], change: Change) -> None:
    """Brings vocabulary and classifiers up to the examples, and stores them."""
    model = _without(_widened(parts, as_messages(change.added)), change.gone)
    data = TrainingData()
    data.training_examples = as_messages(_chosen(examples, change.touched))
    if parts.augmenter:
        data = parts.augmenter.process_training_data(data)
    messages: list[Message] = data.training_examples
    learn = partial(
        update_linear,
        rows=parts.rows(messages),
        labels=[str(message.get(INTENT)) for message in messages],
        cost=parts.classifier.cost,
        weights=parts.classifier.weights_of(messages),
        loss=parts.classifier.loss,
    )
    updated = learn(model, anew=change.touched - change.gone - change.grown, warm=change.grown)
    for _ in range(_AT_MOST_AGAIN):
        if not (rivals := _rivals(parts, updated, change)):
            break
        updated = learn(updated, anew=(), warm=rivals)
    for featurizer in parts.featurizers:
        featurizer.save()
    parts.classifier.save(updated, _fingerprints(examples))


def _widened(parts: _Parts, added: list[Message]) -> LinearModel:
    """The model with a weight of zero for each n-gram that only `added` has; it stands behind those of its view."""
    model = parts.classifier.model
    weights, start = model.weights.some(slice(0)), 0
    for featurizer in parts.featurizers:
        end = start + featurizer.width
        weights = weights.above(model.weights.some(slice(start, end))).widened(featurizer.learn(added))
        start = end
    return LinearModel(model.labels, weights, model.bias)


def _without(model: LinearModel, gone: frozenset[str]) -> LinearModel:
    kept = [number for number, label in enumerate(model.labels) if label not in gone]
    return LinearModel(tuple(model.labels[n] for n in kept), model.weights.kept(kept), model.bias[kept])


def _rivals(parts: _Parts, model: LinearModel, change: Change) -> frozenset[str]:
    """The intents that still take an example of another one."""
    if not change.added:
        return frozenset()
    margins = model.margins(parts.rows(as_messages(change.added)))
    heard = [model.labels[column] for column in margins.argmax(axis=1)]
    return frozenset(name for name, example in zip(heard, change.added, strict=True) if name != example.intent)


def _chosen(examples: Sequence[Example], concerned: frozenset[str]) -> list[Example]:
    """All examples of the intents concerned, and evenly spread ones of every other intent."""
    by_intent: dict[str, list[Example]] = defaultdict(list)
    for example in examples:
        by_intent[example.intent].append(example)
    chosen: list[Example] = []
    for intent, its in by_intent.items():
        step = 1 if intent in concerned else max(1, len(its) // _SAMPLE)
        chosen += its[::step]
    return chosen


def _fingerprints(examples: Sequence[Example]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for example in examples:
        found[example.intent].append(fingerprint(example.text))
    return dict(found)


def _configuration(metadata: ModelMetadata) -> GraphModelConfiguration:
    return GraphModelConfiguration(
        train_schema=metadata.train_schema,
        predict_schema=metadata.predict_schema,
        training_type=metadata.training_type,
        assistant_id=metadata.assistant_id,
        language=metadata.language,
        spaces=metadata.spaces,
        core_target=metadata.core_target,
        nlu_target=metadata.nlu_target,
    )
