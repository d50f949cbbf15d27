"""Where a consulate, a court, a hospital or the fire station is: the city keeps none of these, and says so."""

from collections.abc import Iterable

from actions import directions, faq
from actions.phrases import Phrases
from actions.reply import Reply, say
from actions.requests import questions
from actions.turn import Turn
from nlu.programme_words import says
from nlu.whereabouts import without_names

_SMALL, _SMALLER = 4, 3
"""Letters of a word that says nothing beside the name of a house; the second where a paper may be meant (كناش)."""
_ASKED = frozenset({"where", "contact", "hours"})


def aside(turn: Turn) -> Reply | None:
    """The answer to such a question, in the middle of a report too; None for any other message."""
    if turn.understanding is None or turn.incoming.text is None:
        return None
    if asks_for_rescuers(turn):
        return say("faq.rescuers_place")
    said = turn.house.plain_words
    if not _is_asked_for(turn, said.other_offices) or _reports(turn):
        return None
    faq.talk_about(turn, faq.OUT_OF_SCOPE)
    return say("faq.other_office_place")


def asks_for_rescuers(turn: Turn) -> bool:
    """ "où se trouve la caserne des pompiers": for their house, where nothing in it calls them."""
    said, of_people, text = turn.house.plain_words, turn.house.report_words, turn.text
    if not _is_asked_for(turn, said.rescuers_houses):
        return False
    dangers = (of_people.in_danger, of_people.burns, of_people.cries, of_people.hurry, of_people.danger, of_people.hurt)
    if any(phrases.are_in(said.rescuers_houses.without(text)) for phrases in dangers):
        return False
    # "où est la police, ça fait une heure qu'on attend": more than the house is spoken of.
    return not _tells_more(
        turn, (said.rescuers_houses, said.seeks, said.of_a_facility, said.asks_where, of_people.thanks)
    )


def asks_for_a_known_place(turn: Turn) -> bool:
    """ "où est la gare Casa Voyageurs": a landmark or a stop of the map, and nothing beside the question for it."""
    said, of_people = turn.house.plain_words, turn.house.report_words
    kinds = {str(entity.value["kind"]) for entity in turn.entities_of("place")}
    asked = questions.begins(turn, said.asks_where) and kinds and kinds <= {"landmark", "stop"}
    return bool(asked) and not _tells_more(turn, (said.seeks, said.asks_where, of_people.thanks))


def asks_for_an_office(turn: Turn) -> bool:
    """ "où est le bureau d'état civil le plus proche": an office of the city, which is no stop of the tram."""
    return _is_asked_for(turn, turn.house.plain_words.public_offices)


def asks_only_for_an_office(turn: Turn) -> bool:
    """ "où est l'état civil de Sidi Bernoussi": for where it is, not for what a paper takes there."""
    said, of_people = turn.house.plain_words, turn.house.report_words
    known = (said.public_offices, said.seeks, said.of_a_facility, said.asks_where, of_people.thanks)
    asks_where = any(entity.value["aspect"] == "where" for entity in turn.entities_of("aspect"))
    return asks_where and asks_for_an_office(turn) and not _tells_more(turn, known, small=_SMALLER)


def _is_asked_for(turn: Turn, houses: Phrases) -> bool:
    rest = without_names(turn.text, turn.entities_of("place"))
    if not houses.are_in(rest) or says(turn.text, "expo") or directions.tells_both_ends(turn):
        return False
    form = turn.state.form
    if form is not None and form.asking in ("where", "arrondissement") and not questions.is_marked(turn):
        return False  # "fin kayna lposta" is a place as well.
    asked = questions.begins(turn, turn.house.plain_words.asks_where) or turn.house.plain_words.seeks.are_in(rest)
    return asked or any(entity.value["aspect"] in _ASKED for entity in turn.entities_of("aspect"))


def _tells_more(turn: Turn, known: Iterable[Phrases], *, small: int = _SMALL) -> bool:
    rest = without_names(turn.text, turn.entities_of("place"))
    for phrases in known:
        rest = phrases.without(rest)
    return any(len(word) > small for word in rest.split())


def _reports(turn: Turn) -> bool:
    return turn.understanding is not None and turn.understanding.intent.startswith("report/")
