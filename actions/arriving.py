"""Somebody who arrives in the city, or is late on the way, and asks for a session: the way to the expo and what they come for."""

from dataclasses import replace

from actions import directions
from actions.expo import meant
from actions.expo.asked import pages_for
from actions.expo.named import Named
from actions.expo.pages import PAGE
from actions.programme.reading import Reading, read
from actions.reply import Reply
from actions.turn import Turn, with_choices
from nlu.programme_words import is_lost, says
from nlu.understanding import Decision
from nlu.whereabouts import without_names

_ELSEWHERE = ("report/", "request/", "faq/", "emergency")


def on_the_way(turn: Turn) -> Reply | None:
    """What they come for, where it is known which session, and the way from the place that they name; None for any other message."""
    edition, understood = turn.expo.edition, turn.understanding
    if edition is None or understood is None or turn.state.form is not None or not meant.is_topical(turn):
        return None
    late, arrives = is_lost(turn.text), says(turn.text, "arrive")
    if not (late or arrives) or not directions.starts_for_the_expo(turn) or directions.tells_both_ends(turn):
        return None
    sure = understood.decision is Decision.ANSWER and understood.intent.startswith(_ELSEWHERE)
    reading = read(edition, without_names(turn.text, turn.entities_of("place")))
    session = says(turn.text, "session") or bool(reading.kind or reading.speakers or reading.rooms)
    if sure or not (session or says(turn.text, "expo") or says(turn.text, "venue")):
        return None
    way = directions.to_the_expo(turn)
    told = _sessions(turn, reading) if session else None
    return way if told is None else with_choices(Reply(told.parts).then(way), *told.choices[:PAGE])


def _sessions(turn: Turn, reading: Reading) -> Reply | None:
    """The session that is named, or those of the hour; None where that tells of too many."""
    edition = turn.expo.edition
    if edition is None:
        return None
    pages = pages_for(turn, edition, turn.text, reading.when)
    found = [session for session in Named(pages, replace(reading, rest=())).sought() if not pages.is_over(session)]
    found = found if len(found) <= PAGE else [session for session in found if session.room]
    return pages.some(found) if 0 < len(found) <= PAGE else None
