"""Which sessions a message about the agenda means: those that it names, or those on the screen."""

from collections.abc import Container, Iterable, Sequence
from datetime import date

from actions.agenda import agenda as own
from actions.programme.edition import BREAKS, Edition, Session
from actions.programme.search import by_speaker, find_room, search
from actions.turn import Turn
from nlu.agenda_corrections import numbers_meant
from nlu.agenda_words import topic_words
from nlu.programme_words import content_words, likeness, session_kind
from nlu.text import normalise
from nlu.times import CASABLANCA, find_times, resolve
from nlu.understanding import Entity

_SEVERAL = 2
_SAME_WORD = 0.8


def named_sessions(
    turn: Turn, edition: Edition, text: str | None = None, *, among: Container[str] | None = None
) -> list[Session]:
    """The sessions that a message names: by topic, speaker, room or hour, or by number in the list shown last.

    `text` is a part of the message that is meant alone; numbers rather mean entries `among` some ids where those are given.
    """
    when = _when(turn) if text is None else _times_of(find_times(normalise(text)))
    text = turn.text if text is None else text
    shown, listed = shown_sessions(turn, edition), _picked_from(turn, edition)
    topic = topic_words(text, edition.vocabulary)
    named = by_speaker(edition, " ".join(topic)) or search(edition, " ".join(topic)) if topic else ()
    at = _starting(edition, turn, when) if "hour" in when and "bound" not in when else []
    room = find_room(edition, text)
    if at and room:
        at = [session for session in at if session.room == room.id] or at
    if named:
        found = _closest(edition, text, topic, [session for session in named if session in at] or named, shown)
    elif at:
        found = next((both for near in (shown, listed) if (both := [s for s in at if s in near])), at)
    else:
        picks = [picked for near in (listed, shown) if (picked := _numbered(text, edition, near))]
        found = next((p for p in picks if among is None or all(s.id in among for s in p)), picks[0] if picks else [])
    return [session for session in found if session.kind not in BREAKS]


def these_sessions(turn: Turn, edition: Edition) -> list[Session]:
    """What "this one" or "both" means: the sessions shown last, where they are few; "the third" is none of two."""
    shown = [] if numbers_meant(turn.text, edition.vocabulary) else shown_sessions(turn, edition)
    return shown if len(shown) <= _SEVERAL else []


def shown_sessions(turn: Turn, edition: Edition) -> list[Session]:
    """The sessions shown last, in their order on the screen."""
    return in_order(edition, turn.state.sessions)


def in_order(edition: Edition, ids: Sequence[str]) -> list[Session]:
    """The sessions of these ids that are in the programme, in the order of the ids."""
    order = {key: place for place, key in enumerate(ids)}
    return sorted(own.with_ids(edition, order), key=lambda session: order[session.id])


def _picked_from(turn: Turn, edition: Edition) -> list[Session]:
    """The list in which the sessions stand that were opened or put into the agenda since; else what is shown."""
    state = turn.state
    return in_order(edition, state.picked_from if set(state.sessions) <= set(state.picked_from) else state.sessions)


def _numbered(text: str, edition: Edition, listed: Sequence[Session]) -> list[Session]:
    """The entries of a list that a text means, "la 3", "2 and 4" or "the last one"; empty where one of them is not in it."""
    numbers = numbers_meant(text, edition.vocabulary)
    if not listed or any(abs(number) > len(listed) for number in numbers):
        return []
    return [listed[number - 1 if number > 0 else number] for number in dict.fromkeys(numbers)]


def named_day(turn: Turn, edition: Edition) -> date | None:
    """The day that a message names; None where it names none."""
    when = _when(turn)
    return resolve(when, now=turn.expo_time.astimezone(CASABLANCA), days=edition.days).day if when else None


def _when(turn: Turn) -> dict[str, object]:
    return _times_of(list(turn.entities_of("time")) or find_times(normalise(turn.text)))


def _times_of(found: Iterable[Entity]) -> dict[str, object]:
    times = list(found)
    return {key: value for entity in reversed(times) for key, value in entity.value.items()}


def _closest(
    edition: Edition, text: str, topic: Sequence[str], named: Sequence[Session], shown: Sequence[Session]
) -> list[Session]:
    """Of the sessions with words of the topic those with the most of them ("cérémonie d'ouverture" is not the closing one), of
    these those of the kind that is named, of these those on the screen."""
    kind = next((kind for word in content_words(text) if (kind := session_kind(word))), None)
    found = [session for session in named if session.kind == kind] or list(named)
    held = {session.id: sum(_has(edition, session, word) for word in topic) for session in found}
    found = [session for session in found if held[session.id] == max(held.values())]
    return [session for session in found if session in shown] or found


def _has(edition: Edition, session: Session, word: str) -> bool:
    alike = (holders for known, holders in edition.vocabulary.items() if likeness(word, known) >= _SAME_WORD)
    return any(session.id in holders for holders in alike)


def _starting(edition: Edition, turn: Turn, when: dict[str, object]) -> list[Session]:
    moment = resolve(when, now=turn.expo_time.astimezone(CASABLANCA), days=edition.days)
    return [s for s in edition.sessions if s.start == moment.start and s.kind not in BREAKS]
