"""What a message or a tap wants of the agenda: add, take out, show, the file, reminders. Payloads begin with "ag:"."""

from collections.abc import Sequence

from actions import programme
from actions.agenda import agenda as own
from actions.agenda import reminders
from actions.agenda.agenda import Agenda, agenda_of
from actions.agenda.wording import marked, show_choice
from actions.programme import BREAKS, Edition, Session
from actions.programme_search import by_speaker, find_room, search
from actions.reply import Reply, Say, say
from actions.turn import Turn
from nlu.agenda_words import minutes_before, number_in_list, topic_words, wishes
from nlu.text import normalise
from nlu.times import CASABLANCA, find_times, resolve

INTENTS = ("expo/my_agenda", "expo/remind")
_SEVERAL = 2


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
    return own.show(turn, agenda)


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
            return await own.add(turn, edition, meant)
        case "-" if meant:
            return await own.remove(turn, edition, meant)
        case "pick":
            return await _pick(turn, edition)
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
    found = named_sessions(turn, edition) or these_sessions(turn, edition)
    if len(found) == 1 or (found and "both" in wishes(turn.text)):
        return await own.add(turn, edition, found)
    return await _pick(turn, edition, found)


async def _pick(turn: Turn, edition: Edition, found: Sequence[Session] = ()) -> Reply:
    """Which one? Of those named, else of those shown last, else of what comes next."""
    options = list(found) or own.with_ids(edition, turn.state.sessions)
    options = options or list(programme.next_after(edition, turn.expo_time)) or list(edition.sessions)
    return own.which(turn, edition, [s for s in options if s.kind not in BREAKS], key="agenda.which.add", verb="+")


async def _remove(turn: Turn, agenda: Agenda, *, everything: bool) -> Reply:
    if not agenda.sessions and not agenda.rows:
        return own.empty(agenda.edition)
    named = named_sessions(turn, agenda.edition)
    if everything and not named:
        return await own.ask_to_clear(turn, agenda)
    found = [s for s in named or these_sessions(turn, agenda.edition) if s.id in agenda.rows]
    if len(found) == 1:
        return await own.remove(turn, agenda.edition, found)
    if len(agenda.sessions) == 1 and not found and not named:
        return await own.remove(turn, agenda.edition, agenda.sessions)
    options = found or agenda.sessions
    return own.which(turn, agenda.edition, options, key="agenda.which.remove", verb="-")


async def _remind(turn: Turn, agenda: Agenda, *, stop: bool) -> Reply:
    """Stops, sets the minutes for all, or stars the session that was named with its reminder."""
    if stop:
        return await reminders.stop(turn)
    minutes = minutes_before(turn.text)
    named = named_sessions(turn, agenda.edition)
    if not named and not agenda.sessions and len(shown := _shown(turn, agenda.edition)) == 1:
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
        return await _pick(turn, agenda.edition, named)
    return await reminders.set_all(turn, agenda, minutes)


def named_sessions(turn: Turn, edition: Edition) -> list[Session]:
    """The sessions that a message names: by topic, speaker, room or hour, or by number in the list shown last."""
    text, shown = turn.text, _shown(turn, edition)
    times = list(turn.entities_of("time")) or list(find_times(normalise(text)))
    when = {key: value for entity in reversed(times) for key, value in entity.value.items()}
    topic = " ".join(topic_words(text))
    named = list(by_speaker(edition, text)) or (list(search(edition, topic)) if topic else [])
    at = _starting(edition, turn, when) if "hour" in when and "bound" not in when else []
    room = find_room(edition, text)
    if at and room:
        at = [session for session in at if session.room == room.id] or at
    number = number_in_list(text)
    if named:
        found = [session for session in named if session in at] or named
    elif at:
        found = [session for session in at if session in shown] or at
    else:
        found = [shown[number - 1]] if number and number <= len(shown) > 1 else []
    return [session for session in found if session.kind not in BREAKS]


def these_sessions(turn: Turn, edition: Edition) -> list[Session]:
    """What "this one" or "both" means: the sessions shown last, where they are few."""
    shown = _shown(turn, edition)
    return shown if len(shown) <= _SEVERAL else []


def _shown(turn: Turn, edition: Edition) -> list[Session]:
    order = {key: place for place, key in enumerate(turn.state.sessions)}
    return sorted(own.with_ids(edition, order), key=lambda session: order[session.id])


def _starting(edition: Edition, turn: Turn, when: dict[str, object]) -> list[Session]:
    moment = resolve(when, now=turn.expo_time.astimezone(CASABLANCA), days=edition.days)
    return [s for s in edition.sessions if s.start == moment.start and s.kind not in BREAKS]
