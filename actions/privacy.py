"""A person's data is theirs: shown on request, deleted on request (law 09-08)."""

from actions.reply import Reply, say
from actions.requests.anonymity import place_without_person
from actions.turn import Turn, button, with_choices
from store import privacy as privacy_store
from store import requests as requests_store


async def my_data(turn: Turn) -> Reply:
    """What is stored, and the choice to have it deleted."""
    followed = await requests_store.own_requests(turn.session, turn.conversation_id)
    numbers = ", ".join(row.number for row in followed) or "0"
    held = await privacy_store.held_about(turn.session, turn.conversation_id)
    turn.state.awaiting = "forget_me"
    return with_choices(
        say(
            "privacy.held",
            messages=held.messages,
            requests=held.requests,
            numbers=numbers,
            photos=held.photos,
            stars=held.stars,
            reminders=held.reminders,
            opinions=held.opinions,
        ),
        button("privacy.button.forget", "forget:yes"),
        button("privacy.button.keep", "keep"),
    )


async def forget(turn: Turn) -> Reply:
    """Deletes at the end of this turn; requests under way stay without the person, their words and who lives there."""
    for row in await requests_store.filed_by(turn.session, turn.conversation_id):
        row.place_text = place_without_person(row, turn.house.city, turn.house.report_words)
    turn.forget_person = True
    return say("privacy.forgotten")
