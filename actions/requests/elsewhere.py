"""Problems in another city: told kindly that only Casablanca's are recorded, and taken up again when it was Casablanca after all."""

from actions.places import PlaceFound, place_in
from actions.reply import Reply, Say, Words
from actions.requests.asking import cancel
from actions.requests.several import SURE
from actions.state import RequestForm
from actions.turn import Turn, with_choices
from nlu.understanding import Decision
from nlu.whereabouts import begins_with_place, says_where, without_names


def report_with_a_city(turn: Turn) -> str | None:
    """The problem that a message tells of, where the name of a city made it sound like none of ours.

    "un trou rue de Marrakech" is in Casablanca, "l'eau est coupée à Marrakech" is not: which of the two, the place says.
    """
    understanding = turn.understanding
    if understanding is None or understanding.intent.startswith("report/"):
        return None
    cities = [
        entity
        for entity in understanding.entities_of("place")
        if turn.house.city.place(entity.value["id"]).kind == "city"
    ]
    if not cities:
        return None
    meant = turn.house.parser.parse(without_names(turn.text, cities))
    doubted = understanding.intent == "out_of_scope" or understanding.decision is not Decision.ANSWER
    sure = meant.decision is Decision.ANSWER and (doubted or meant.confidence >= SURE)
    return meant.intent if sure and meant.intent.startswith("report/") else None


def not_ours(turn: Turn, form: RequestForm, found: PlaceFound) -> Reply:
    """Says so, and keeps what was told for the one next message: a city is named for other reasons, too."""
    form.asking = "elsewhere"
    place = {"place": Words(found.text)}
    return with_choices(Reply((Say("request.outside", place), Say("request.if_in_casablanca"))), cancel())


def is_in_casablanca(turn: Turn) -> bool:
    """Whether the next message says that it is, or where."""
    if turn.understanding is None:
        return turn.incoming.location is not None or turn.incoming.choice is not None
    found = place_in(turn)
    if found is not None:
        return not found.outside
    return turn.understanding.intent in ("affirm", "deny", "cancel") or (
        says_where(turn.text) and begins_with_place(turn.text)
    )
