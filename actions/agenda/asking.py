"""What a message or a tap wants of the agenda: add, take out, show, the file, reminders. Payloads begin with "ag:"."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from actions.agenda import agenda as own
from actions.agenda import corrections, reminders
from actions.agenda.agenda import Agenda, agenda_of
from actions.agenda.meant import named_day, named_sessions, shown_sessions, these_sessions
from actions.agenda.wording import marked, show_choice
from actions.expo.pages import PAGE
from actions.programme.edition import BREAKS, Edition, Session
from actions.reply import Reply, Say, say
from actions.turn import Turn
from nlu.agenda_corrections import numbers_meant, without_second_thoughts
from nlu.agenda_words import minutes_before, number_in_list, order, wishes

_WORDS_THAT_SAY_WHICH = 2
_PAIR = 2
INTENTS = ("expo/my_agenda", "expo/remind")


async def answer(turn: Turn, intent: str) -> Reply | None:
    """The reply to an intent about the agenda; None without an edition under way or to come."""
    edition = turn.expo.edition
    if edition is None:
        return None
    agenda = await agenda_of(turn, edition)
    wanted = wishes(turn.text)
    if intent == "expo/remind":
        return await _remind(turn, agenda, stop="stop" in wanted)
    if "calendar" in wanted:
        return own.file(turn, agenda)
    if "remove" in wanted:
        return await _remove(turn, agenda, everything="everything" in wanted)
    if "add" in wanted:
        return await _add(turn, edition)
    return _shown(turn, agenda)


def _shown(turn: Turn, agenda: Agenda) -> Reply:
    """The agenda of the day that is named, or all of it; where nothing is on that day it says so."""
    day = named_day(turn, agenda.edition)
    if day is None or not agenda.sessions:
        return own.show(turn, agenda)
    of_day = tuple(session for session in agenda.sessions if day in session.dates)
    if of_day:
        return own.show(turn, replace(agenda, sessions=of_day))
    nothing = Say("agenda.nothing_on", {"day": own.wording_of(turn, agenda.edition).day_name(day)})
    return Reply((nothing,)).then(own.show(turn, agenda))


async def ordered(turn: Turn) -> Reply | None:
    """The reply to a short order about the sessions on the screen, whatever it sounds like ("vide tout", "ok add it"); else None."""
    edition = turn.expo.edition
    if edition is None:
        return None
    corrected = await corrections.made(turn, edition)
    if corrected is not None:
        return corrected
    wanted = order(without_second_thoughts(turn.text), edition.vocabulary)
    if wanted is None:
        return None
    agenda, shown = await agenda_of(turn, edition), shown_sessions(turn, edition)
    if "remove" in wanted:
        return await _ordered_out(turn, agenda, shown, wanted)
    if not shown:
        return None
    turn.state.awaiting = None
    if "everything" in wanted:
        return await own.add(turn, edition, [s for s in shown if s.kind not in BREAKS])
    return await _add(turn, edition)


async def chosen(turn: Turn, rest: str) -> Reply | None:
    """The reply to a tap; None for a payload that is not, or no longer, one of ours."""
    edition = turn.expo.edition
    kind, _, argument = rest.partition(":")
    if kind == "stop":
        return await reminders.stop(turn)
    if edition is None:
        return None
    meant = own.with_ids(edition, [argument])
    agenda = await agenda_of(turn, edition)
    match kind:
        case "show":
            return own.show(turn, agenda, int(argument) if argument.isdecimal() and len(argument) < 3 else 0)
        case "+" if meant:
            return await corrections.taken(turn, edition, meant)
        case "-" if meant:
            return await own.remove(turn, edition, meant)
        case "pick":
            return own.pick(turn, edition)
        case "file":
            return own.file(turn, agenda)
        case "clear":
            return await own.clear(turn, edition)
        case "quiet" if argument in agenda.rows:
            return reminders.quiet(turn, agenda, argument)
        case "remind":
            return await reminders.choose(turn, agenda, argument)
    return None


def too_late(turn: Turn) -> Reply:
    """A tap on something that the programme no longer has."""
    edition = turn.expo.edition
    if edition is None:
        return turn.expo.choose("expo:", language=turn.language, now=turn.expo_time) or say("agenda.gone")
    return marked(edition, Reply((Say("agenda.gone"),), (show_choice(),)))


async def _add(turn: Turn, edition: Edition) -> Reply:
    found, wanted = named_sessions(turn, edition) or these_sessions(turn, edition), wishes(turn.text)
    if "both" not in wanted and not numbers_meant(turn.text, edition.vocabulary):
        found = own.not_over(turn, found) or found
    all_meant = ("both" in wanted and len(found) == _PAIR) or ("everything" in wanted and len(found) <= PAGE)
    if len(found) == 1 or (found and (all_meant or _counts(turn, edition, found))):
        return await own.add(turn, edition, found)
    return own.pick(turn, edition, found)


def _counts(turn: Turn, edition: Edition, found: Sequence[Session]) -> bool:
    """Whether the message told the numbers of all these in the list."""
    return len(set(numbers_meant(turn.text, edition.vocabulary))) == len(found) > 1


async def _ordered_out(turn: Turn, agenda: Agenda, shown: Sequence[Session], wanted: Collection[str]) -> Reply | None:
    """Takes out what is meant; a verb alone only what was just put in, for it may be about anything else."""
    if not agenda.rows:
        return own.empty(agenda.edition) if _by_place(turn, agenda.edition) else None
    if "everything" in wanted:
        cleared = turn.state.awaiting == own.CLEARING
        return await own.clear(turn, agenda.edition) if cleared else await own.ask_to_clear(turn, agenda)
    just_added = all(session.id in agenda.rows for session in shown) and (len(shown) == 1 or _were_added(turn))
    if len(turn.text.split()) < _WORDS_THAT_SAY_WHICH and not just_added:
        return None
    turn.state.awaiting = None
    says_which = numbers_meant(turn.text, agenda.edition.vocabulary) or named_sessions(
        turn, agenda.edition, among=agenda.rows
    )
    if just_added and not says_which:
        return await own.remove(turn, agenda.edition, shown)
    return await _remove(turn, agenda, everything=False)


def _were_added(turn: Turn) -> bool:
    """Whether the sessions on the screen are those that were just put in."""
    last = own.last_change(turn)
    return last is not None and last[0] == "add"


def _by_place(turn: Turn, edition: Edition) -> bool:
    return number_in_list(turn.text, edition.vocabulary) is not None


async def _remove(turn: Turn, agenda: Agenda, *, everything: bool) -> Reply:
    if not agenda.sessions and not agenda.rows:
        return own.empty(agenda.edition)
    named = named_sessions(turn, agenda.edition, among=agenda.rows)
    if everything and not named:
        return await own.ask_to_clear(turn, agenda)
    found = [s for s in named or these_sessions(turn, agenda.edition) if s.id in agenda.rows]
    if len(found) == 1 or _counts(turn, agenda.edition, found):
        return await own.remove(turn, agenda.edition, found)
    if len(agenda.sessions) == 1 and not found and not named and not _by_place(turn, agenda.edition):
        return await own.remove(turn, agenda.edition, agenda.sessions)
    options = found or agenda.sessions
    return own.which(turn, agenda.edition, options, key="agenda.which.remove", verb="-")


async def _remind(turn: Turn, agenda: Agenda, *, stop: bool) -> Reply:
    """Stops, sets the minutes for all, or stars the session that was named with its reminder."""
    if stop:
        return await reminders.stop(turn)
    minutes = minutes_before(turn.text)
    named = named_sessions(turn, agenda.edition)
    if not named and not agenda.sessions and len(shown := shown_sessions(turn, agenda.edition)) == 1:
        named = shown  # "Remind me" under the one session that they look at, and nothing else is in the agenda.
    if len(named) == 1:
        if minutes:
            turn.state.remind_minutes = minutes
        elif turn.state.remind_minutes == 0:
            turn.state.remind_minutes = None
        if named[0].id in agenda.rows:
            agenda.rows[named[0].id].remind_minutes = own.wanted_minutes(turn)
        return await own.add(turn, agenda.edition, named)
    if named and not minutes:
        return own.pick(turn, agenda.edition, named)
    return await reminders.set_all(turn, agenda, minutes)
