"""The pipelines that stand against ours, as Rasa 3's documentation and its starter project give them."""

from typing import Any

_FEATURES: list[dict[str, Any]] = [
    {"name": "WhitespaceTokenizer"},
    {"name": "RegexFeaturizer"},
    {"name": "LexicalSyntacticFeaturizer"},
    {"name": "CountVectorsFeaturizer"},
    {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
]


def diet(epochs: int) -> list[dict[str, Any]]:
    """The default pipeline: its documentation trains 100 epochs."""
    return [
        *_FEATURES,
        {"name": "DIETClassifier", "epochs": epochs, "constrain_similarities": True, "random_seed": 1},
        {"name": "EntitySynonymMapper"},
        {"name": "FallbackClassifier", "threshold": 0.3, "ambiguity_threshold": 0.1},
    ]


def logistic_regression() -> list[dict[str, Any]]:
    """The light one, without a neural network."""
    return [*_FEATURES, {"name": "LogisticRegressionClassifier"}]
