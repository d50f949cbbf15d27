"""Whether people are in danger: that comes before everything else a message may mean."""

from actions.faq import TOPIC_LASTS
from actions.requests import remarks, status
from actions.turn import Turn
from nlu.shown_words import asked
from nlu.text import normalise, words
from nlu.understanding import Decision
from nlu.whereabouts import is_address, without_names, without_place_words

_LIKELY = 0.4
"""How sure an emergency must be in the middle of a report."""
_DRAWS_AWAY = (
    "expo/",
    "out_of_scope",
    "talk_to_human",
    "transport/nearest_stop",
    "transport/directions",
    "transport/lines",
)
"""What the name beside a danger sounds like: "y a le feu dans la salle des ateliers" is not about the room."""


def is_meant(turn: Turn) -> bool:
    """People in danger come first, from any state; a likely emergency is enough, it is never asked about.

    Only a single doubtful word in the middle of a report is more likely its answer ("envoyez"), and so are words that hardly sound so.
    """
    understanding = turn.understanding
    if understanding is None or turn.incoming.text is None:
        return False
    if status.is_bare_number(turn):
        return False  # One in fifty sounds like a call for help: it has the digits of a phone number.
    single = len(turn.text.split()) == 1
    if understanding.decision is Decision.ASK and (_asks_contact(turn) or asked(turn.text)):
        # "Dis m'en plus": made of small words that ask for more of what was told, and of nothing else.
        return False
    if understanding.decision is Decision.ASK and turn.house.report_words.nothing_done.are_in(turn.text):
        return False  # "l7a9 mazal ma jaw": nobody came about what was reported.
    if turn.state.form and understanding.decision is Decision.ASK and (single or understanding.confidence < _LIKELY):
        return False
    if is_traffic_light(turn) or (turn.state.form and remarks.wishes_to_send(turn)):
        return False
    if understanding.intent == "emergency" and understanding.decision is not Decision.LOST:
        return not _calls_by_place_alone(turn)
    if understanding.intent.startswith(_DRAWS_AWAY) and turn.house.report_words.in_danger.are_in(turn.text):
        return True
    return normalise(turn.incoming.text) in ("sos", "help help")


def _asks_contact(turn: Turn) -> bool:
    """ "شكون نعيط ليه" behind the answer of a service: whom to call about that."""
    topic = turn.state.topic
    if topic is None or topic.intent == "emergency" or turn.now - topic.at > TOPIC_LASTS:
        return False
    return any(e.value["bare"] and e.value["aspect"] == "contact" for e in turn.entities_of("aspect"))


def is_ruled_out(turn: Turn) -> bool:
    """Whether it sounded like a call for help, but it is a place that did ("f derb omar")."""
    heard = turn.understanding is not None and turn.understanding.intent == "emergency"
    return heard and not is_traffic_light(turn) and _calls_by_place_alone(turn)


def is_traffic_light(turn: Turn) -> bool:
    """Whether it is a "feu rouge" that sounded like a fire; an accident at one stays an emergency."""
    understanding, report_words = turn.understanding, turn.house.report_words
    if understanding is None or understanding.intent != "emergency":
        return False
    return report_words.traffic_light.are_in(turn.text) and not report_words.hurt.are_in(turn.text)


def _calls_by_place_alone(turn: Turn) -> bool:
    """Whether it is the place that sounded like a call: "f derb omar", for a "derb" is also a blow."""
    places = turn.entities_of("place")
    rest = without_names(turn.text, places)
    if is_address(turn.text) or (turn.state.form and turn.state.form.asking == "where"):
        rest = without_place_words(rest)
    elif not places:
        return False
    says_more = any(len(word.text) > 1 for word in words(rest))
    return not says_more or turn.house.parser.parse(rest).intent != "emergency"
