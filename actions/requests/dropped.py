"""A report that was given up a moment ago and is wanted after all: "non finalement envoyez-le", or the button under the goodbye."""

from dataclasses import replace
from datetime import timedelta

from actions.reply import Reply, say
from actions.requests.asking import next_question
from actions.state import RequestForm
from actions.turn import Turn, button, with_choices

WANTED_WITHIN = timedelta(minutes=30)
PAYLOAD = "undo"
_WORDS_BESIDE = 1


def drop(turn: Turn, form: RequestForm, told: str) -> Reply:
    """Takes the report out of hand, and offers it once more; `told` is the text that says so."""
    turn.state.form, turn.state.dropped = None, replace(form, updated_at=turn.now)
    return with_choices(say(told), button("request.button.take_up", PAYLOAD))


async def wanted_again(turn: Turn) -> Reply | None:
    """The report goes on where it stopped; None where none was given up lately, or the message is about something else."""
    dropped = turn.state.dropped
    if dropped is None:
        return None
    expired = dropped.updated_at is None or turn.now - dropped.updated_at > WANTED_WITHIN
    if expired or turn.state.form is not None:
        turn.state.dropped = None
        return None
    if turn.incoming.choice != PAYLOAD and not _wishes_it_back(turn):
        return None
    turn.state.dropped = None
    form = replace(dropped, asking=None, misses=0, interruptions=0, updated_at=turn.now)
    form.photo_asked = form.photo_asked and dropped.asking != "photo"
    turn.state.form = form
    return say("request.back_to_form").then(await next_question(turn, form))


def _wishes_it_back(turn: Turn) -> bool:
    """The wish to send or to keep it, and at most a word beside it that is not about that."""
    said = turn.house.report_words
    if said.not_to_send.are_in(turn.text) or not (said.send.are_in(turn.text) or said.takes_back.are_in(turn.text)):
        return False
    rest = turn.text
    for phrases in (said.send, said.takes_back, said.begins_yes, said.negation, said.neutral, said.confirms):
        rest = phrases.without(rest)
    return len(rest.split()) <= _WORDS_BESIDE
