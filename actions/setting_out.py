"""Where somebody sets out who was asked for it, without a name of the city: from the expo, or from where they are."""

from actions import directions
from actions.end_points import about_the_venue, here_end, is_located, venue_end
from actions.reply import AskLocation, Reply, say
from actions.turn import Turn
from nlu.programme_words import asks_where, says
from nlu.text import normalise, words

_SHORT = 4


def told(turn: Turn) -> Reply | None:
    """The way from the expo, or from the location that was shared; "from here" without one asks for it. None for any other message."""
    awaiting, _, known = (turn.state.awaiting or "").partition(":")
    said = words(normalise(turn.text))
    if awaiting != "way_to" or not 0 < len(said) <= _SHORT or turn.entities_of("place") or asks_where(turn.text):
        return None
    goal = directions.awaited_goal(turn, known)
    venue = venue_end(turn)
    if goal and venue and known and (says(turn.text, "expo") or says(turn.text, "venue")):
        turn.state.awaiting = None
        return about_the_venue(turn).then(directions.tell_way(turn, venue, goal))
    left = turn.house.plain_words.here_now.without(turn.text)
    if goal is None or left:
        return None
    if is_located(turn):
        turn.state.awaiting = None
        return directions.tell_way(turn, here_end(turn), goal)
    return say("itinerary.ask_location").then(Reply((AskLocation(),)))
