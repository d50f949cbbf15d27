"""What is in other hands than the city's, or known to nobody here: a bag left in the tram, drugs sold at the corner, marriage papers."""

from actions import faq
from actions.expo import meant as expo_meant
from actions.reply import Reply, say
from actions.turn import Turn
from nlu.programme_words import says

_SURE = 0.9


def asked(turn: Turn) -> Reply | None:
    """Who can help with it, or that nobody told us; None for any other message, and while a report is open."""
    said, text = turn.house.plain_words, turn.text
    if turn.state.form is not None or turn.understanding is None or says(text, "expo") or expo_meant.is_topical(turn):
        return None
    if said.drugs.are_in(text):
        return _told(turn, "faq.police_matter")
    if said.other_papers.are_in(text) and turn.understanding.confidence < _SURE:
        return _told(turn, "faq.paper_unknown")
    lost = said.loses.are_in(text) and said.belongings.are_in(text) and said.rides.are_in(text)
    return _told(turn, "faq.lost_in_transport") if lost else None


def _told(turn: Turn, key: str) -> Reply:
    faq.talk_about(turn, faq.OUT_OF_SCOPE)
    return say(key)
