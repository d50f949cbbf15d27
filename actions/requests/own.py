"""What is said of one's own requests by a few words, whatever else they sound like: "annule la 2eme" under the list of them, "mon
signalement", "c koi mes numeros ?", and "et maintenant ?" after one was filed."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise

from actions.phrases import Phrases
from actions.reply import Reply, Words, say
from actions.requests import afterwards, questions, status
from actions.requests.life import OPEN
from actions.turn import Turn, with_choices
from nlu.negation import denies
from nlu.ordinals import LAST, is_filler, ranks_of
from nlu.text import normalise, words

_IN_VIEW = timedelta(minutes=10)
_WORDS_OF_AN_ORDER = 7


async def of_the_list(turn: Turn) -> Reply | None:
    """ "annule la 2eme", "7eyyed tanya": the entry of the list that stands on the screen; None where none does, or no one entry of it
    is named, or something else is wanted of it than to see or to withdraw it."""
    numbers = _on_the_screen(turn)
    if not numbers or turn.incoming.text is None or len(words(turn.text)) > _WORDS_OF_AN_ORDER:
        return None
    entry = _entry(turn.text, len(numbers))
    if entry is None or denies(turn.text):
        return None
    number, beside = numbers[entry[0] - 1], entry[1]
    said = turn.house.report_words
    # "enlevez 1 tas d'ordures rue X" says more: a report.
    rest = said.own_request.without(said.wants_to_know.without(said.what_became.without(said.cancels.without(beside))))
    if rest.strip():
        return None
    cancels = said.cancels.are_in(beside)
    return await (status.ask_to_withdraw if cancels else status.status_of)(turn, number)


async def named(turn: Turn) -> Reply | None:
    """ "mon signalement" alone is about the request, or about the withdrawal that was just spoken of; "c koi mes numeros ?" asks for
    the list. None for anything else."""
    said, awaiting, form = turn.house.report_words, turn.state.awaiting or "", turn.state.form
    if turn.incoming.text is None or form is not None:
        return None
    if not _beside(turn, said.own_request):
        if awaiting == status.WHAT_TO_CANCEL:
            return await status.withdraw(turn)
        return await status.status(turn)
    return None if _beside(turn, said.own_numbers) else await status.own_list(turn)


async def what_now(turn: Turn) -> Reply | None:
    """ "et maintenant ?", "w daba chno?" right after filing: nothing more to do, whose it is and by when; None where nothing was filed
    just now, or something else was spoken of since."""
    if turn.state.form is not None or not questions.asks_what_now(turn):
        return None
    row = await status.just_filed(turn)
    if row is None or row.status not in OPEN:
        return None
    due = afterwards.due_in_words(turn, turn.house.desk.category(row), row.due_at)
    told = say("request.what_now", number=row.number, body=Words(row.body), due=due)
    if (turn.state.awaiting or "").startswith(f"question:{row.number}:"):
        return await afterwards.with_extra_question(turn, row, told)  # It was not answered by this.
    return with_choices(told, *afterwards.choices_about(turn, row))


def _on_the_screen(turn: Turn) -> Sequence[str]:
    """The numbers of the list that was shown last, in its order, as long as nothing else was spoken of."""
    at = turn.state.requests_at
    if at is None or turn.state.form is not None or not timedelta(0) <= turn.now - at <= _IN_VIEW:
        return ()
    return () if status.spoken_since(turn, at) else turn.state.requests


def _entry(text: str, count: int) -> tuple[int, str] | None:
    """Which of `count` entries a message names in words or in figures, and the rest of it; None for none and for several.

    "mes 2 demandes" counts them.
    """
    ranks, rest, found = set[int](), list[str](), words(normalise(text))
    if any(first.text.isdecimal() and second.text.endswith("s") for first, second in pairwise(found)):
        return None
    for word in found:
        its = {int(word.text)} if word.text.isdecimal() else ranks_of(word.text)
        ranks |= its
        if not its and not is_filler(word.text):
            rest.append(word.text)
    rank = ranks.pop() if len(ranks) == 1 else 0
    number = count if rank == LAST else rank
    return (number, " ".join(rest)) if 0 < number <= count else None


def _beside(turn: Turn, phrases: Phrases) -> str:
    """What a message says beside the phrases, small words left out; all of it where they are not in it."""
    said = turn.house.report_words
    if not phrases.are_in(turn.text):
        return normalise(turn.text)
    return said.wants_to_know.without(said.thanks.without(phrases.without(turn.text)))
