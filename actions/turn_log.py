"""Keeping what was understood of each message, masked, so that staff see what fails and figures can be counted."""

from actions.turn import Outcome, Turn
from nlu.masking import mask
from store import turns as turns_store
from store.tables import TurnRow

LONGEST = 500
"""Characters of a message that are kept."""


async def of(turn: Turn, *, channel: str) -> TurnRow:
    """What the log keeps of this turn; a complaint marks the answer that it is about."""
    understanding = turn.understanding
    intent = understanding.intent if understanding else ""
    if intent == "wrong_answer" and turn.outcome is Outcome.ANSWERED:
        before = await turns_store.last_of(turn.session, turn.conversation_id)
        if before is not None:
            before.complained = True
    return TurnRow(
        at=turn.now,
        conversation_id=turn.conversation_id,
        channel=channel,
        language=turn.language.value,
        # What is told to an open form, or to a person, is about this person's own case: nobody else needs to read it.
        text=mask(turn.text)[:LONGEST] if turn.outcome not in (Outcome.FORM, Outcome.HUMAN) else "",
        intent=intent,
        confidence=understanding.confidence if understanding else 0.0,
        ranking=[[r.intent, round(r.confidence, 3)] for r in understanding.ranking[:3]] if understanding else [],
        outcome=turn.outcome.value,
        complained=False,
    )
