"""Whether a person wants messages they have not just asked for. Answers to what they write are not touched by it."""

from actions.reply import Reply, say
from actions.turn import Turn

PUSHES_OFF, PUSHES_ON = "push:off", "push:on"
"""Payloads of the choice, which channels also give to the words that every service has to obey (STOP, START)."""


def decide(turn: Turn) -> Reply | None:
    """Takes the choice, also out of a form; None when the message is about something else."""
    match turn.incoming.choice:
        case "push:off":
            turn.state.no_pushes, turn.state.form, turn.state.awaiting = True, None, None
            return say("pushes.off")
        case "push:on":
            turn.state.no_pushes = False
            return say("pushes.on")
    return None
