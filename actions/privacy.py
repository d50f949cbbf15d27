"""A person's data is theirs: shown on request, deleted on request (law 09-08)."""

from actions.reply import Reply, say
from actions.turn import Turn, button, with_choices
from store import privacy as privacy_store


async def my_data(turn: Turn) -> Reply:
    """What is stored, and the choice to have it deleted."""
    held = await privacy_store.held_about(turn.session, turn.conversation_id)
    turn.state.awaiting = "forget_me"
    return with_choices(
        say("privacy.held", messages=held.messages, requests=held.requests, photos=held.photos),
        button("privacy.button.forget", "forget:yes"),
        button("privacy.button.keep", "keep"),
    )


def forget(turn: Turn) -> Reply:
    """Deletes at the end of this turn; requests under way stay without the person."""
    turn.forget_person = True
    return say("privacy.forgotten")
