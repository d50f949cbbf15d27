"""Reports that were given up a moment ago and are wanted after all: "non finalement envoyez-le", or the button under the goodbye."""

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
    """Takes the report out of hand with those that wait behind it, and offers them once more; `told` is the text that says so."""
    turn.state.dropped = [replace(form, updated_at=turn.now), *turn.state.later]
    turn.state.form, turn.state.later = None, []
    return with_choices(say(told), button("request.button.take_up", PAYLOAD))


async def wanted_again(turn: Turn) -> Reply | None:
    """The report goes on where it stopped; None where none was given up lately, or the message is about something else."""
    if not turn.state.dropped:
        return None
    dropped, *behind = turn.state.dropped
    expired = dropped.updated_at is None or turn.now - dropped.updated_at > WANTED_WITHIN
    if expired or turn.state.form is not None:
        turn.state.dropped = []
        return None
    if turn.incoming.choice != PAYLOAD and not wishes_it_back(turn):
        return None
    form = replace(dropped, asking=None, misses=0, interruptions=0, updated_at=turn.now)
    turn.state.form, turn.state.later, turn.state.dropped = form, behind, []
    return say("request.back_to_form").then(await next_question(turn, form))


def wishes_it_back(turn: Turn) -> bool:
    """The wish to send or to keep it, and at most a word beside it that is not about that."""
    said = turn.house.report_words
    if said.not_to_send.are_in(turn.text) or not (said.send.are_in(turn.text) or said.takes_back.are_in(turn.text)):
        return False
    rest = turn.text
    for phrases in (said.send, said.takes_back, said.begins_yes, said.negation, said.neutral, said.confirms):
        rest = phrases.without(rest)
    return len(rest.split()) <= _WORDS_BESIDE
