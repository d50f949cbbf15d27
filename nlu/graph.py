"""Train and predict graphs of Rasa's engine for the pipeline in `config.yml`.

Rasa builds these graphs in a module that imports TensorFlow and every chat connector; the same shape is built here
from the components alone, so that an archive made by either side loads in the other (docs/architecture.md, decision 1).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rasa.engine.graph import GraphComponent, GraphModelConfiguration, GraphSchema, SchemaNode
from rasa.engine.storage.resource import Resource
from rasa.graph_components.providers.nlu_training_data_provider import NLUTrainingDataProvider
from rasa.shared.data import TrainingType

from nlu.components.augmenter import RomanisingAugmenter
from nlu.components.converter import MessageConverter
from nlu.components.decision import DecisionPolicy
from nlu.components.entities import EntityExtractor
from nlu.components.featurizers import ConceptFeaturizer, SkeletonFeaturizer, SpellingFeaturizer
from nlu.components.intents import LinearIntentClassifier
from nlu.components.language import LanguageIdentifier
from nlu.components.tokenizer import NormalisingTokenizer

# The values of `rasa.engine.constants`, whose import would bring `rasa.core`.
PLACEHOLDER_IMPORTER = "__importer__"
PLACEHOLDER_MESSAGE = "__message__"


@dataclass(frozen=True, slots=True)
class ComponentKind:
    """How a component takes part: it may learn, and it may change the training data for those behind it."""

    component: type[GraphComponent]
    learns: bool
    prepares: bool


COMPONENTS: dict[str, ComponentKind] = {
    kind.component.__name__: kind
    for kind in (
        ComponentKind(NormalisingTokenizer, learns=False, prepares=True),
        ComponentKind(LanguageIdentifier, learns=True, prepares=False),
        ComponentKind(RomanisingAugmenter, learns=False, prepares=True),
        ComponentKind(SpellingFeaturizer, learns=True, prepares=True),
        ComponentKind(SkeletonFeaturizer, learns=True, prepares=True),
        ComponentKind(ConceptFeaturizer, learns=True, prepares=True),
        ComponentKind(LinearIntentClassifier, learns=True, prepares=False),
        ComponentKind(EntityExtractor, learns=True, prepares=False),
        ComponentKind(DecisionPolicy, learns=False, prepares=False),
    )
}


def build_graphs(config: dict[str, Any]) -> GraphModelConfiguration:
    """The graphs for `config`, the content of `config.yml`; raises `ValueError` for an unknown component."""
    train: dict[str, SchemaNode] = {
        "nlu_training_data_provider": SchemaNode(
            needs={"importer": PLACEHOLDER_IMPORTER},
            uses=NLUTrainingDataProvider,
            constructor_name="create",
            fn="provide",
            config={},
            is_input=True,
        )
    }
    predict: dict[str, SchemaNode] = {
        "nlu_message_converter": SchemaNode(
            needs={"messages": PLACEHOLDER_MESSAGE},
            uses=MessageConverter,
            constructor_name="load",
            fn="convert",
            config={},
            eager=True,
        )
    }
    last_train, last_predict = "nlu_training_data_provider", "nlu_message_converter"
    for position, entry in enumerate(config["pipeline"]):
        name = str(entry["name"]).rsplit(".", 1)[-1]
        kind = COMPONENTS.get(name)
        if kind is None:
            raise ValueError(f"config.yml: unknown component {entry['name']}; known are {', '.join(COMPONENTS)}")
        settings = {key: value for key, value in entry.items() if key != "name"}
        resource = None
        if kind.learns:
            learner = f"train_{name}{position}"
            train[learner] = SchemaNode(
                needs={"training_data": last_train},
                uses=kind.component,
                constructor_name="create",
                fn="train",
                config=settings,
                is_target=True,
            )
            resource = Resource(learner)
        if kind.prepares:
            train[f"run_{name}{position}"] = SchemaNode(
                needs={"training_data": last_train, **({"resource": f"train_{name}{position}"} if kind.learns else {})},
                uses=kind.component,
                constructor_name="load",
                fn="process_training_data",
                config=settings,
            )
            last_train = f"run_{name}{position}"
        predict[f"run_{name}{position}"] = SchemaNode(
            needs={"messages": last_predict},
            uses=kind.component,
            constructor_name="load",
            fn="process",
            config=settings,
            eager=True,
            resource=resource,
        )
        last_predict = f"run_{name}{position}"
    return GraphModelConfiguration(
        train_schema=GraphSchema(train),
        predict_schema=GraphSchema(predict),
        training_type=TrainingType.NLU,
        assistant_id=config.get("assistant_id"),
        language=config.get("language"),
        spaces=None,
        core_target=None,
        nlu_target=last_predict,
    )
