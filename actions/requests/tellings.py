"""What tells more of a problem that was told before: "il y a des enfants à côté", "rah kbrat", "c'est le 21, pas le 12"."""

from actions.expo import meant as expo_meant
from actions.requests import questions
from actions.requests.asides import gives_number
from actions.requests.solved import says_only, tells_it_is_fixed
from actions.turn import Turn
from nlu.understanding import Decision
from store.tables import ServiceRequestRow

_SURE = 0.9
_OF_OTHER_MATTERS = (
    "faq/",
    "transport/",
    "expo/",
    "request/",
    "talk_to_human",
    "thanks",
    "affirm",
    "goodbye",
    "bot_challenge",
    "wrong_answer",
)
"""What a sentence that begins like a detail is about for sure: "c'est très gentil", "il y a un tram pour Anfa"."""


def tells_more(turn: Turn) -> bool:
    """Whether a message of a few words says how the problem is now, whom it may hurt, or at which number it is."""
    said, heard = turn.house.report_words, turn.understanding
    if heard is None or questions.is_asked(turn) or expo_meant.is_topical(turn) or _has_gone(turn):
        return False
    if said.worse.are_in(turn.text):
        return True
    if gives_number(turn) and said.not_this.are_in(turn.text):
        return True
    describes, sure = said.describes.begin(turn.text), heard.decision is Decision.ANSWER
    of_else = sure and heard.intent.startswith(_OF_OTHER_MATTERS)
    if said.at_risk.are_in(turn.text):
        return not of_else if said.some.are_in(turn.text) else describes or not sure  # "kayn chi nachat l drari" asks.
    anew = (
        heard.intent.startswith("report/") and heard.confidence >= _SURE
    )  # "kayna 7ofra 7da lmadrasa": a further one.
    return describes and not of_else and not anew


def denies_the_place(turn: Turn, row: ServiceRequestRow) -> bool:
    """ "j'ai mis Sidi Othmane mais c'est Sbata", "machi Sidi Othmane, Sbata": the place that was filed, against another."""
    said, told = turn.house.report_words, {str(place.value["id"]) for place in turn.entities_of("place")}
    filed = {key for key in (row.place_id, row.arrondissement) if key}
    against = (said.not_this, said.yes_but, said.moves, said.negation)
    return (
        bool(told & filed)
        and bool(told - filed)
        and any(phrases.are_in(turn.text) for phrases in against)
        and not questions.is_asked(turn)
        and not questions.is_of_transport(turn)
    )


def _has_gone(turn: Turn) -> bool:
    return tells_it_is_fixed(turn) or says_only(turn, turn.house.report_words.gone)
