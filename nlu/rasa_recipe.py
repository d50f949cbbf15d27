"""Registers our components with Rasa's default recipe, for the stock `rasa` command line only.

Importing this module imports TensorFlow (through Rasa's recipe), so nothing else in the project imports it.
"""

from rasa.engine.recipes.default_recipe import DefaultV1Recipe

from nlu.components.augmenter import RomanisingAugmenter
from nlu.components.decision import DecisionPolicy
from nlu.components.entities import EntityExtractor
from nlu.components.featurizers import ConceptFeaturizer, SkeletonFeaturizer, SpellingFeaturizer
from nlu.components.intents import LinearIntentClassifier
from nlu.components.language import LanguageIdentifier
from nlu.components.tokenizer import NormalisingTokenizer

_Kind = DefaultV1Recipe.ComponentType

for _component, _kind, _learns in (
    (NormalisingTokenizer, _Kind.MESSAGE_TOKENIZER, False),
    (LanguageIdentifier, _Kind.INTENT_CLASSIFIER, True),
    (RomanisingAugmenter, _Kind.MESSAGE_FEATURIZER, False),
    (SpellingFeaturizer, _Kind.MESSAGE_FEATURIZER, True),
    (SkeletonFeaturizer, _Kind.MESSAGE_FEATURIZER, True),
    (ConceptFeaturizer, _Kind.MESSAGE_FEATURIZER, True),
    (LinearIntentClassifier, _Kind.INTENT_CLASSIFIER, True),
    (EntityExtractor, _Kind.ENTITY_EXTRACTOR, True),
    (DecisionPolicy, _Kind.INTENT_CLASSIFIER, False),
):
    DefaultV1Recipe.register(_kind, is_trainable=_learns)(_component)
