"""Which sessions a message about the agenda means: those that it names, or those on the screen."""

from collections.abc import Sequence
from datetime import date

from actions.agenda import agenda as own
from actions.programme.edition import BREAKS, Edition, Session
from actions.programme.search import by_speaker, find_room, search
from actions.turn import Turn
from nlu.agenda_words import number_in_list, topic_words
from nlu.programme_words import content_words, likeness, session_kind
from nlu.text import normalise
from nlu.times import CASABLANCA, find_times, resolve

_SEVERAL = 2
_SAME_WORD = 0.8


def named_sessions(turn: Turn, edition: Edition) -> list[Session]:
    """The sessions that a message names: by topic, speaker, room or hour, or by number in the list shown last."""
    text, shown = turn.text, shown_sessions(turn, edition)
    when = _when(turn)
    topic = topic_words(text, edition.vocabulary)
    named = by_speaker(edition, " ".join(topic)) or search(edition, " ".join(topic)) if topic else ()
    at = _starting(edition, turn, when) if "hour" in when and "bound" not in when else []
    room = find_room(edition, text)
    if at and room:
        at = [session for session in at if session.room == room.id] or at
    if named:
        found = _closest(edition, text, topic, [session for session in named if session in at] or named, shown)
    elif at:
        found = [session for session in at if session in shown] or at
    else:
        found = _numbered(text, edition, shown)
    return [session for session in found if session.kind not in BREAKS]


def these_sessions(turn: Turn, edition: Edition) -> list[Session]:
    """What "this one" or "both" means: the sessions shown last, where they are few; "the third" is none of two."""
    shown = [] if number_in_list(turn.text, edition.vocabulary) else shown_sessions(turn, edition)
    return shown if len(shown) <= _SEVERAL else []


def shown_sessions(turn: Turn, edition: Edition) -> list[Session]:
    """The sessions shown last, in their order on the screen."""
    order = {key: place for place, key in enumerate(turn.state.sessions)}
    return sorted(own.with_ids(edition, order), key=lambda session: order[session.id])


def _numbered(text: str, edition: Edition, listed: Sequence[Session]) -> list[Session]:
    """The entry of a list that a text means, "la 3" or "the last one"; empty where it means none of them."""
    number = number_in_list(text, edition.vocabulary)
    if number is None or number > len(listed):
        return []
    return [listed[number - 1 if number > 0 else number]] if listed else []


def named_day(turn: Turn, edition: Edition) -> date | None:
    """The day that a message names; None where it names none."""
    when = _when(turn)
    return resolve(when, now=turn.expo_time.astimezone(CASABLANCA), days=edition.days).day if when else None


def _when(turn: Turn) -> dict[str, object]:
    times = list(turn.entities_of("time")) or list(find_times(normalise(turn.text)))
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
