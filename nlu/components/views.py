"""Properties that our components keep on a Rasa `Message`, and how they are computed once a message."""

from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from nlu.text import normalise

NORMALISED = "casa_normalised"
LANGUAGE = "casa_language"
LANGUAGE_CONFIDENCE = "casa_language_confidence"
STRETCHES = "casa_stretches"
DECISION = "casa_decision"
ENTITIES = "casa_entities"


def normalised_text(message: Message) -> str:
    """The normalised text of a message, kept on it for the components behind."""
    known = message.data.get(NORMALISED)
    if known is None:
        known = normalise(message.data.get(TEXT) or "")
        message.data[NORMALISED] = known
    return str(known)
