"""Somebody at the venue looks for a session or a room, often in a hurry: the place comes first, and the way from where they are."""

from collections.abc import Sequence
from dataclasses import replace

from actions.agenda.agenda import with_ids
from actions.expo import door, meant
from actions.expo.asked import pages_for
from actions.expo.named import Named
from actions.expo.pages import PAGE, Pages
from actions.expo.screen import is_recent, listed
from actions.programme.edition import Session
from actions.programme.reading import Reading, is_pause, read
from actions.reply import Reply
from actions.turn import Turn, with_choices
from nlu.agenda_words import wishes
from nlu.ordinals import rank_among
from nlu.programme_words import asks_where, is_lost, says, spoken_language
from nlu.understanding import Decision

_ELSEWHERE = ("report/", "request/", "faq/", "emergency", "expo/my_agenda", "expo/remind")
"""Intents of a message that, for sure, does not look for a session."""


def ranked(turn: Turn) -> Reply | None:
    """What is asked of one of the sessions on the screen by its rank ("who gives the first one?"); None for any other message."""
    edition, shown = turn.expo.edition, listed(turn.state)
    if edition is None or not is_recent(turn) or wishes(turn.text) or is_lost(turn.text):
        return None  # "Lost" sounds like "last".
    found = rank_among(turn.text, len(shown))
    if found is None:
        return None
    number, said = found
    reading = read(edition, said)
    beside = [
        word
        for word in (*reading.topic, *reading.rest)
        if not (spoken_language(word) or says(word, "until") or says(word, "by_whom"))
    ]
    if beside or reading.when or reading.rooms or reading.speakers or reading.kind or says(said, "session"):
        return None
    pages = pages_for(turn, edition)
    chosen = with_ids(edition, [shown[number - 1]])
    return _told(turn, pages, chosen) if asks_where(said) else turn.expo.marked(pages.some(chosen)) if chosen else None


def about(turn: Turn) -> Reply | None:
    """Where the session or room is that somebody looks for; None for any other message."""
    edition, understood = turn.expo.edition, turn.understanding
    if edition is None or understood is None or not meant.is_topical(turn):
        return None
    lost = is_lost(turn.text)
    reading = read(edition, turn.text, understood.entities)
    beside = [word for word in reading.rest if not (is_lost(word) or says(word, "entrance") or asks_where(word))]
    names = reading.names_sessions or reading.topic or reading.when
    if lost and not (beside or names) and _says_it_of_themselves(turn.text):
        return door.adrift(turn, edition) if understood.intent != "emergency" else None
    sure = understood.decision is Decision.ANSWER and understood.intent.startswith(_ELSEWHERE)
    if sure or not (lost or asks_where(turn.text)):
        return None
    if lost and len(reading.rooms) == 1 and not beside:
        return door.to_room(turn, reading.rooms[0].id)
    if not _names_a_session(turn.text, reading, lost=lost) or len(beside) > (0 if lost else 1):
        return None
    pages = pages_for(turn, edition, turn.text, reading.when)
    found = Named(pages, replace(reading, rest=())).sought()
    return _told(turn, pages, _soonest(found) if lost else found)


def _says_it_of_themselves(text: str) -> bool:
    """ "I'm late", "tleft"; "vite" alone is said of the answer."""
    return len(text.split()) > 1 or not says(text, "hurry")


def _names_a_session(text: str, reading: Reading, *, lost: bool) -> bool:
    """Whether it tells which one, as a session: "the talk", a kind, or a topic of somebody in a hurry."""
    if reading.rooms or is_pause(reading.kind) or reading.edge:
        return False
    topic = bool(reading.topic) and (lost or says(text, "session"))
    return bool(reading.kind) or topic or ("hour" in reading.when and says(text, "session"))


def _soonest(sessions: Sequence[Session]) -> Sequence[Session]:
    first = min((s.start for s in sessions if s.start), default=None)
    return [session for session in sessions if session.start == first]


def _told(turn: Turn, pages: Pages, sessions: Sequence[Session]) -> Reply | None:
    """One session with its room and the way there; of a few what tells them apart."""
    session = sessions[0] if len(sessions) == 1 else None
    where = door.to_room(turn, session.room) if session and session.room else None
    if session is None or where is None:
        return turn.expo.marked(pages.some(sessions)) if 0 < len(sessions) <= PAGE else None
    line = pages.say.line(session, with_day=session.dates[0] != pages.asked.now.date())
    choices = (pages.say.choice(session), *pages.stars(session))
    return with_choices(Reply((line,)).then(where), *choices)
