"""What is said of the agenda right after something was put in or taken out: one more, another in its place, or rather not."""

from collections.abc import Sequence

from actions.agenda import agenda as own
from actions.agenda.agenda import Agenda, agenda_of
from actions.agenda.meant import in_order, named_sessions
from actions.programme.edition import Edition, Session
from actions.programme.reading import read
from actions.reply import Reply
from actions.turn import Turn
from nlu.agenda_corrections import (
    adds_as_well,
    goes_on,
    names_an_entry,
    numbers_meant,
    preferred,
    replacement,
    says_no_more,
    takes_back,
)
from nlu.agenda_words import wishes
from nlu.programme_words import parts, says

_ASKED = (own.ASKED_TO_ADD, own.ASKED_TO_REMOVE, own.ASKED_TO_SWAP)
_PAIR = 2


async def made(turn: Turn, edition: Edition) -> Reply | None:
    """The reply to a correction; None for any other message."""
    if turn.state.awaiting == own.CLEARING:
        return await _kept(turn, edition) if takes_back(turn.text) else None
    last = own.last_change(turn)
    if last is not None and not last[0].startswith(_ASKED) and takes_back(turn.text):
        undone = in_order(edition, last[1])
        return await (own.remove if last[0] == "add" else own.add)(turn, edition, undone) if undone else None
    swapped = replacement(turn.text)
    if swapped is None and last is not None and last[0] == "add":
        swapped = preferred(turn.text)
    if swapped is not None and _says_only_which(turn, edition):
        return await _replaced(turn, await agenda_of(turn, edition), *swapped)
    if last is None:
        return None
    what, ids = last
    if what.startswith(_ASKED):
        return await _picked(turn, edition, what, ids)
    return await _one_more(turn, edition, what) if _goes_on(turn, edition) else None


async def _kept(turn: Turn, edition: Edition) -> Reply:
    """ "Finalement non" to the question whether the whole agenda shall go: it stands there as it was."""
    turn.state.awaiting = None
    return own.show(turn, await agenda_of(turn, edition))


async def taken(turn: Turn, edition: Edition, sessions: Sequence[Session]) -> Reply:
    """Puts in what was tapped, where it was asked so in the place of another."""
    what, ids = own.last_change(turn) or ("", ())
    if what.startswith(own.ASKED_TO_SWAP) and all(session.id in ids for session in sessions):
        return await _swapped(turn, edition, what.removeprefix(own.ASKED_TO_SWAP), sessions)
    return await own.add(turn, edition, sessions)


def _goes_on(turn: Turn, edition: Edition) -> bool:
    """Whether one more session is named; "et à 15 h ?" and "and water?" ask what there is, "the 3 pm one too" does not."""
    if not goes_on(turn.text) or not names_an_entry(turn.text, edition.vocabulary):
        return False
    as_one = bool(numbers_meant(turn.text, edition.vocabulary)) or says(turn.text, "the_one") or adds_as_well(turn.text)
    return as_one and _says_only_which(turn, edition)


async def _picked(turn: Turn, edition: Edition, what: str, ids: Sequence[str]) -> Reply | None:
    """The answer to the question which of some sessions to put in or take out, by their numbers or as all of them."""
    known = edition.vocabulary
    options, numbers = in_order(edition, ids), numbers_meant(turn.text, known)
    wanted = wishes(turn.text)
    every = "everything" in wanted or ("both" in wanted and len(options) == _PAIR)
    found = named_sessions(turn, edition, among=ids) if numbers else options if every else []
    if not found or any(s not in options for s in found) or not says_no_more(parts(turn.text), known):
        return None
    return await (own.remove if what == own.ASKED_TO_REMOVE else taken)(turn, edition, found)


async def _one_more(turn: Turn, edition: Edition, what: str) -> Reply | None:
    agenda = await agenda_of(turn, edition)
    if what == "remove":
        found = [s for s in named_sessions(turn, edition, among=agenda.rows) if s.id in agenda.rows]
        return await own.remove(turn, edition, found) if _all_meant(turn, edition, found) else None
    found = own.not_over(turn, named_sessions(turn, edition))
    if _all_meant(turn, edition, found):
        return await own.add(turn, edition, found)
    return own.pick(turn, edition, found) if found else None


async def _replaced(turn: Turn, agenda: Agenda, goes: str, comes: str) -> Reply | None:
    """Swaps what goes, which is what was put in last unless it is named, for what comes; asks which that is before anything goes."""
    edition = agenda.edition
    named_new = named_sessions(turn, edition, comes)
    new = own.not_over(turn, named_new)
    named_old = (
        named_sessions(turn, edition, goes, among=agenda.rows) if names_an_entry(goes, edition.vocabulary) else []
    )
    old = [session for session in named_old or in_order(edition, turn.state.sessions) if session.id in agenda.rows]
    if not named_new or len(old) != 1 or old == named_new:
        return None
    if len(new) == 1:
        return await _swapped(turn, edition, old[0].id, new)
    return own.which(turn, edition, new or named_new, key="agenda.which.swap", verb="+", goes=old[0].id)


async def _swapped(turn: Turn, edition: Edition, goes: str, new: Sequence[Session]) -> Reply:
    """What goes may have been taken out, or left the programme, since it was asked what comes."""
    agenda = await agenda_of(turn, edition)
    old = [session for session in agenda.sessions if session.id == goes and session not in new]
    taken_out = (await own.remove(turn, edition, old)).parts[:2] if old else ()
    return Reply(taken_out).then(await own.add(turn, edition, new))


def _all_meant(turn: Turn, edition: Edition, found: Sequence[Session]) -> bool:
    return len(found) == 1 or (len(found) > 1 and len(set(numbers_meant(turn.text, edition.vocabulary))) == len(found))


def _says_only_which(turn: Turn, edition: Edition) -> bool:
    """Whether all words of a message are those of a correction, or name something of the programme."""
    reading = read(edition, turn.text, turn.understanding.entities if turn.understanding else ())
    return says_no_more(reading.rest, edition.vocabulary)
