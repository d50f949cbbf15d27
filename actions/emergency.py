"""Whether people are in danger: that comes before everything else a message may mean."""

from actions import other_hands, other_houses, plain_words
from actions.faq import TOPIC_LASTS
from actions.reply import Reply, say
from actions.requests import remarks, status
from actions.requests.danger import is_only_hurry
from actions.turn import Turn
from nlu.locatives import listed
from nlu.shown_words import asked
from nlu.text import normalise, words
from nlu.understanding import Decision
from nlu.whereabouts import is_address, without_names, without_place_words

_LIKELY, _HALF = 0.4, 0.5
"""How sure an emergency must be in the middle of a report, and how sure elsewhere where no word of danger stands in it."""
_DRAWS_AWAY = (
    "expo/",
    "out_of_scope",
    "talk_to_human",
    "faq/birth_declaration",
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
    if meant_instead(turn) is not None or plain_words.is_vehicle_gone(turn) or is_only_hurry(turn):
        return False
    if (turn.state.form and remarks.wishes_to_send(turn)) or other_houses.asks_for_rescuers(turn):
        return False
    if _misses_somebody(turn):
        return True
    if other_hands.is_rude_police(turn) or other_hands.is_lost_pet(turn):
        return False
    doubtful = understanding.decision is Decision.ASK and turn.state.form is None
    if understanding.intent == "emergency" and doubtful and not _sounds_sure(turn):
        return False  # It is asked about, with the numbers before the question (`smalltalk.ask_which`).
    if understanding.intent == "emergency" and understanding.decision is not Decision.LOST:
        return not _calls_by_place_alone(turn)
    drawn_away = understanding.intent.startswith(_DRAWS_AWAY) or understanding.decision is Decision.ASK
    if drawn_away and turn.house.report_words.in_danger.are_in(turn.text):
        return True
    return normalise(turn.incoming.text) in ("sos", "help help")


def _misses_somebody(turn: Turn) -> bool:
    """ "ldrri dyali tlef", "ma fille est perdue", "baba khrej w ma rje3ch": somebody of the family is missed, whatever else it sounds
    like. What is missed behind it ("weldi tlef lih lportable") is a thing, and so are papers and vehicles."""
    said, plain, text = turn.house.report_words, turn.house.plain_words, turn.text
    if said.kin.begin(said.cannot_find.behind(text) or ""):
        return True  # "ما لقيتش ولدي", not "je ne trouve pas d'école pour mon fils"
    if not (said.kin.are_in(text) and said.missed.are_in(text)):
        return False
    before = (said.kin.before(text) or "").split()[-1:]
    if not listed("owned_by").isdisjoint(before):
        return False  # "la carte de mon fils est perdue"
    # Not what the model hears: "ma fille est perdue que faire ?" sounds like a birth, "بنتي تلفات لي" like a booklet.
    things = (plain.belongings, plain.own_vehicles, plain.papers, plain.other_papers)
    if any(phrases.are_in(text) for phrases in things):
        return False
    themselves = said.missed.begin(said.kin.behind(text) or "")
    return themselves or not plain.own_animals.are_in(text)  # "mon chien et mon fils ont disparu"


def _asks_contact(turn: Turn) -> bool:
    """ "شكون نعيط ليه" behind the answer of a service: whom to call about that."""
    topic = turn.state.topic
    if topic is None or topic.intent == "emergency" or turn.now - topic.at > TOPIC_LASTS:
        return False
    return any(e.value["bare"] and e.value["aspect"] == "contact" for e in turn.entities_of("aspect"))


def is_ruled_out(turn: Turn) -> bool:
    """Whether it sounded like a call for help, but it is a place that did ("f derb omar")."""
    heard = turn.understanding is not None and turn.understanding.intent == "emergency"
    return heard and meant_instead(turn) is None and _calls_by_place_alone(turn)


def hurried(turn: Turn) -> Reply | None:
    """The numbers for somebody in danger, and the question what is urgent; in a report it is the report that is (`remarks`)."""
    if turn.incoming.text is None or turn.state.form is not None or not is_only_hurry(turn):
        return None
    if (turn.state.awaiting or "").startswith("adds:"):  # It is what they want to add.
        return None
    return say("smalltalk.if_danger").then(say("smalltalk.urgent_what"))


def meant_instead(turn: Turn) -> str | None:
    """What only sounds like a call for help: the smoke of a chimney, a siren at night, how to become a fireman, a "feu rouge"."""
    understanding, said, text = turn.understanding, turn.house.report_words, turn.text
    if understanding is None or understanding.intent != "emergency":
        return None
    if is_traffic_light(turn):
        return "report/road"
    # An ambulance is one of the words for somebody hurt; here it is what makes the noise.
    hurt = said.hurt.are_in(said.rescuers.without(text)) or said.danger.are_in(text)
    if hurt or any(phrases.are_in(text) for phrases in (said.burns, said.in_danger, said.cries, said.hurry)):
        return None
    if said.chimneys.are_in(text) and said.smoke.are_in(text):
        return "report/other"
    if said.rescuers.are_in(text) and said.noise.are_in(text):
        return "report/noise"
    return "out_of_scope" if said.joins_rescuers.are_in(text) else None


def _sounds_sure(turn: Turn) -> bool:
    """Whether a doubtful call for help is likely enough, or has a word of danger in it."""
    said, understanding = turn.house.report_words, turn.understanding
    likely = understanding is not None and understanding.confidence >= _HALF
    dangers = (said.hurt, said.in_danger, said.burns, said.smoke, said.rescuers, said.danger, said.cries)
    return likely or any(phrases.are_in(turn.text) for phrases in dangers)


def is_traffic_light(turn: Turn) -> bool:
    """Whether it is a "feu rouge" that sounded like a fire; an accident at one stays an emergency."""
    understanding, report_words = turn.understanding, turn.house.report_words
    if understanding is None or understanding.intent != "emergency":
        return False
    return report_words.traffic_light.are_in(turn.text) and not report_words.hurt.are_in(turn.text)


def _calls_by_place_alone(turn: Turn) -> bool:
    """Whether it is the place that sounded like a call: "f derb omar", for a "derb" is also a blow."""
    said, places = turn.house.report_words, turn.entities_of("place")
    if any(phrases.are_in(turn.text) for phrases in (said.hurt, said.in_danger, said.burns, said.cries)):
        return False  # "un arbre est tombé bd Zerktouni, y a un blessé"
    rest = without_names(turn.text, places)
    if is_address(turn.text) or (turn.state.form and turn.state.form.asking == "where"):
        rest = without_place_words(rest)
    elif not places:
        return False
    says_more = any(len(word.text) > 1 for word in words(rest))
    return not says_more or turn.house.parser.parse(rest).intent != "emergency"
