"""Properties that our components keep on a Rasa `Message`, and how they are computed once a message."""

from collections.abc import Sequence

from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from nlu.greetings import without_greeting
from nlu.text import Word, normalise, words

NORMALISED = "casa_normalised"
WORDS = "casa_words"
TELLING_WORDS = "casa_telling_words"
ROW = "casa_row_of_"
LANGUAGE = "casa_language"
LANGUAGE_CONFIDENCE = "casa_language_confidence"
STRETCHES = "casa_stretches"
DECISION = "casa_decision"
ENTITIES = "casa_entities"
COLUMNS = "casa_columns"
"""(view, n-gram) of each feature of the message, in the order of its features; only where an explanation is asked for."""
EVIDENCE = "casa_evidence"
"""(view, n-gram, weight for the best intent, weight for the second), the weightiest first; see `nlu.explanation`."""
EXPLAIN = {"explain": True}
"""Metadata of a message that is to be explained."""


def normalised_text(message: Message) -> str:
    """The normalised text of a message, kept on it for the components behind."""
    known = message.data.get(NORMALISED)
    if known is None:
        known = normalise(message.data.get(TEXT) or "")
        message.data[NORMALISED] = known
    return str(known)


def words_of(message: Message) -> tuple[Word, ...]:
    """The words of the normalised text, kept on the message like it."""
    known: tuple[Word, ...] | None = message.data.get(WORDS)
    if known is None:
        known = words(normalised_text(message))
        message.data[WORDS] = known
    return known


def telling_words_of(message: Message) -> Sequence[Word]:
    """The words behind the greeting, kept likewise: each view counts them."""
    known: Sequence[Word] | None = message.data.get(TELLING_WORDS)
    if known is None:
        known = without_greeting(words_of(message))
        message.data[TELLING_WORDS] = known
    return known


def asks_for_explanation(message: Message) -> bool:
    return bool((message.get("metadata") or {}).get("explain"))
