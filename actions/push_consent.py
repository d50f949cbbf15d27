"""Whether a person wants messages they have not just asked for. Answers to what they write are not touched by it."""

from actions.reply import Reply, say
from actions.turn import Turn
from nlu.text import normalise

PUSHES_OFF, PUSHES_ON = "push:off", "push:on"
"""Payloads of the choice, which channels also give to the words that every service has to obey (STOP, START)."""

STOP_WORDS = frozenset({"stop", "stopall", "unsubscribe", "arret"})
START_WORDS = frozenset({"start", "unstop"})
"""Whole messages that every service has to obey, normalised."""


def word_of_consent(text: str) -> str | None:
    """The choice that a whole message makes by such a word."""
    word = normalise(text).strip(" .!")
    if word in STOP_WORDS:
        return PUSHES_OFF
    return PUSHES_ON if word in START_WORDS else None


def decide(turn: Turn) -> Reply | None:
    """Takes the choice, also out of a form; None when the message is about something else."""
    match turn.incoming.choice or _written(turn):
        case "push:off":
            turn.state.no_pushes, turn.state.form, turn.state.awaiting = True, None, None
            return say("pushes.off")
        case "push:on":
            turn.state.no_pushes = False
            return say("pushes.on")
    return None


def _written(turn: Turn) -> str | None:
    """The word typed where it means nothing else: in the middle of a report "stop" ends just that."""
    if turn.incoming.text is None or turn.state.form:
        return None
    return word_of_consent(turn.incoming.text)
