"""Problems in another city: told kindly that only Casablanca's are recorded, and taken up again when it was Casablanca after all."""

from actions.places import PlaceFound, place_in
from actions.reply import Reply, Say, Words
from actions.requests.asking import cancel
from actions.requests.several import SURE
from actions.state import RequestForm
from actions.turn import Turn, with_choices
from nlu.understanding import Decision
from nlu.whereabouts import begins_with_place, says_where, without_names


def report_with_a_place(turn: Turn) -> str | None:
    """The problem that a message tells of, where the name of a place made it sound like something else.

    "un trou rue de Marrakech" is in Casablanca, "l'eau est coupée à Marrakech" is not: which of the two, the place says.
    "dw m9to3 f derb ghallef" is asked about rather than taken for a question for a district, so every name is left out.
    """
    understanding = turn.understanding
    if understanding is None:
        return None
    asked = understanding.decision is Decision.ASK
    if understanding.intent.startswith("report/") and not asked:
        return None
    places = [
        entity
        for entity in understanding.entities_of("place")
        if asked or turn.house.city.place(entity.value["id"]).kind == "city"
    ]
    if not places:
        return None
    meant = turn.house.parser.parse(without_names(turn.text, places))
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
