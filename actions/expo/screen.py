"""Whether the sessions of the expo that were shown last still stand before the person's eyes."""

from collections.abc import Sequence
from datetime import timedelta

from actions.faq import TOPIC_LASTS
from actions.state import State
from actions.turn import Turn


def is_recent(turn: Turn) -> bool:
    """Whether the expo was spoken of not long ago."""
    at = turn.state.expo_at
    return at is not None and timedelta(0) <= turn.now - at <= TOPIC_LASTS


def speaks_of_another(turn: Turn) -> bool:
    """Whether something else than the expo was answered last: "et demain ?" is about that."""
    topic, at = turn.state.topic, turn.state.expo_at
    if topic is None or topic.intent.startswith("expo/") or turn.now - topic.at > TOPIC_LASTS:
        return False
    return at is None or at < topic.at


def is_spoken_of(turn: Turn) -> bool:
    """Whether the expo was spoken of a moment ago, and nothing else since."""
    return is_recent(turn) and not speaks_of_another(turn)


def is_in_view(turn: Turn) -> bool:
    """Whether the expo was spoken of last, so that "it", "the second" and "all" are sessions of it."""
    return turn.state.form is None and is_spoken_of(turn)


def shows_sessions(turn: Turn) -> bool:
    """Whether the last answer showed sessions, so that "where is it?" is about them and not about the expo."""
    return turn.state.sessions_in_view and is_spoken_of(turn)


def move_on(turn: Turn) -> None:
    """Something of another kind stands there now: a report, the list of one's requests."""
    turn.state.sessions, turn.state.picked_from, turn.state.changed = [], [], []


def listed(state: State) -> Sequence[str]:
    """The sessions that a rank is of: those on the screen, or the list from which the one on it was opened."""
    opened = len(state.sessions) == 1 and state.sessions[0] in state.picked_from
    return state.picked_from if opened else state.sessions


def entry_behind(state: State, number: int | None) -> str | None:
    """The choice that "the second one" means under a session that was opened from a list: another of the list, not of its buttons."""
    entries = listed(state) if state.sessions_in_view and len(state.sessions) == 1 else ()
    return f"expo:s:{entries[number - 1]}" if len(entries) > 1 and number and number <= len(entries) else None
