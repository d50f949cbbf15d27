"""Whether a way begins or ends at the expo although a message names another place only."""

from actions.end_points import is_located
from actions.expo import meant
from actions.expo.screen import is_recent, is_spoken_of
from actions.travel.ends import Named
from actions.turn import Turn
from nlu.programme_words import says
from nlu.text import normalise, words


def goes_back(turn: Turn, named: Named) -> bool:
    """Whether somebody at the expo wants to go back to the one place that they name."""
    said = {word.text for word in words(normalise(turn.text))}
    here = turn.expo.edition is not None and is_spoken_of(turn) and meant.is_topical(turn)
    return here and named.start is None and bool(said & turn.house.network.of.back_words) and not is_located(turn)


def comes_to_the_expo(turn: Turn, named: Named) -> bool:
    """Whether only a start is named amid talk of the expo: "and from Aïn Chock?", "comment venir de Hay Hassani"."""
    if turn.expo.edition is None or (named.start and named.goal):
        return False
    said = {word.text for word in words(normalise(turn.text))}
    there = bool(said & turn.house.network.of.there_words) and is_recent(turn)
    if named.goal is None:
        return is_spoken_of(turn) or there
    return says(turn.text, "come") and meant.is_topical(turn) and bool(said & turn.house.network.of.weak_origin_words)
