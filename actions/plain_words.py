"""Questions whose words say surely what they are about, whatever their names of places or people make them sound like."""

from actions import faq
from actions.expo import meant as expo_meant
from actions.reply import Reply, say
from actions.requests import questions
from actions.turn import Turn
from nlu.negation import negates

_SURE = 0.9
_OFFICE = "faq/arrondissement"


def answered(turn: Turn) -> Reply | None:
    """The answer to such a question; None for any other message, and while a report is open."""
    if turn.state.form is not None or turn.understanding is None:
        return None
    if questions.asks_whether_shown(turn):
        return say("request.anonymity")
    return _hours_of_an_office(turn)


def intent(turn: Turn) -> str | None:
    """The intent that the words name: a neighbour who builds without a permit, where to park, what the tram costs, when the
    bins are emptied."""
    said, text = turn.house.plain_words, turn.text
    if turn.state.form is not None or turn.understanding is None:
        return None
    if said.builds.are_in(text) and said.without_permit.are_in(text):
        return "report/other"
    if said.parks.are_in(text) and _asks(turn) and not expo_meant.is_topical(turn):
        return "faq/parking_fees"
    if said.tram.are_in(text) and "cost" in _aspects(turn) and turn.understanding.confidence < _SURE:
        return "transport/fares"
    collected = said.bins.are_in(text) and said.collected.are_in(text) and not negates(text)
    return "faq/waste_collection" if collected and "hours" in _aspects(turn) else None


def _hours_of_an_office(turn: Turn) -> Reply | None:
    """ "l'arrondissement ouvre à quelle heure ?": nobody told us, and the list of arrondissements says nothing of it."""
    said = turn.house.plain_words
    if not said.public_offices.are_in(turn.text) or not said.opens.are_in(turn.text):
        return None
    if "hours" not in _aspects(turn) and not questions.is_asked(turn):
        return None
    if turn.house.report_words.yes_but.are_in(turn.text):
        return None  # "l'arrondissement est ouvert mais il n'y a personne": a complaint.
    # What follows ("et samedi ?") is about the office as well.
    faq.talk_about(turn, _OFFICE)
    return say("faq.hours_unknown")


def _asks(turn: Turn) -> bool:
    """Also "où se garer" and "fin nparki" without a sign; not "les gens ne savent plus où se garer"."""
    return questions.is_asked(turn) or turn.house.plain_words.asks_where.begin(turn.text)


def _aspects(turn: Turn) -> frozenset[str]:
    return frozenset(str(entity.value["aspect"]) for entity in turn.entities_of("aspect"))
