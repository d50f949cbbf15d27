"""Whether a message in the middle of a report is about something else than the question that is open."""

from actions.places import place_in
from actions.requests.correcting import denied, names_the_office
from actions.requests.questions import is_a_question, is_asked, is_marked, is_of_transport
from actions.requests.several import are_one
from actions.state import RequestForm
from actions.turn import Turn
from nlu.locatives import is_place_word
from nlu.text import normalise, words
from nlu.understanding import Decision
from nlu.whereabouts import (
    begins_with_place,
    between_arrondissements,
    says_where,
    street_in,
    tells_something,
    without_names,
)

_WORDS_THAT_SAY_SOMETHING = _WORDS_OF_A_DETAIL = 3
_WORDS_OF_A_PROBLEM = 2
_SURE, _WORDS_OF_A_STORY = 0.9, 5
_LONGEST_NUMBER, _WORDS_OF_A_NUMBER = 6, 8
_WORDS_OF_A_NAME = 2
_COURTESIES = frozenset({"goodbye", "greet", "thanks"})


def is_something_else(turn: Turn, form: RequestForm) -> bool:
    """Whether a message in the middle of a form is a question or a wish of its own, not the answer that was asked for."""
    understanding = turn.understanding
    if understanding is None:
        return False
    if understanding.decision is not Decision.ANSWER:
        return is_of_transport(turn) and is_a_question(turn)  # "w ch7al tram mn Casa Port l Ain Diab" is no place.
    intent = understanding.intent
    if form.asking == "where" and turn.house.report_words.home.are_all_of(turn.text):
        return False
    if form.asking in ("where", "arrondissement") and between_arrondissements(turn.text, turn.entities_of("place")):
        return is_marked(turn)  # "ain chock ou sidi othmane": the "or" is no "where".
    if intent == "out_of_scope":
        return form.asking == "what" and is_a_question(turn)
    if form.asking == "where" and _may_be_a_name(turn, understanding.confidence) and intent in _COURTESIES:
        return False
    if intent.startswith("report/") or intent in ("affirm", "deny"):
        return False
    if is_a_detail(turn, form) or names_the_office(turn, form):
        return False
    if intent == "talk_to_human" and turn.house.report_words.hurt.are_in(turn.text):
        return False  # "personne blessé": nobody is hurt.
    words_ = turn.house.report_words
    named = bool(understanding.entities_of("place")) or begins_with_place(turn.text)
    if form.asking in ("where", "arrondissement") and (named or words_.dont_know.are_in(turn.text)):
        return is_a_question(turn) or words_.asks.begin(turn.text)
    return not (form.asking == "same" and (words_.me_too.are_in(turn.text) or words_.negation.begin(turn.text)))


def _may_be_a_name(turn: Turn, confidence: float) -> bool:
    """ "مبروكة", "hay mabrouka": a word or two that only resemble something said out of courtesy."""
    return confidence < _SURE and len(words(turn.text)) <= _WORDS_OF_A_NAME and not is_a_question(turn)


def is_a_detail(turn: Turn, form: RequestForm) -> bool:
    """ "elle est grande", "rah kayn drari": more of the matter, where a photo or a yes was asked for."""
    if form.asking not in ("photo", "confirm") or is_asked(turn) or _is_courteous(turn):
        return False
    tells = turn.house.report_words.describes.begin(turn.text) and len(words(turn.text)) >= _WORDS_OF_A_DETAIL
    return tells or turn.house.report_words.worse.are_in(turn.text) or gives_number(turn)


def _is_courteous(turn: Turn) -> bool:
    """ "c'est très bien merci" begins like a detail, and is none; "c'est aussi très profond" only sounds like thanks."""
    said, heard = turn.house.report_words, turn.understanding
    sounds = heard is not None and heard.decision is Decision.ANSWER and heard.intent in (*_COURTESIES, "affirm")
    return sounds and (said.thanks.are_in(turn.text) or said.is_right.are_in(turn.text))


def gives_number(turn: Turn) -> bool:
    """ "النمرة ديالو 1473", "poteau numéro 4521": what stands on a thing; no telephone's."""
    found = words(turn.text)
    digits = [word.text for word in found if word.text.isdigit() and len(word.text) <= _LONGEST_NUMBER]
    return bool(digits) and len(found) <= _WORDS_OF_A_NUMBER and turn.house.report_words.number.are_in(turn.text)


def is_another_story(turn: Turn, form: RequestForm) -> bool:
    """Whether a whole sentence in the middle of a form surely reports another problem, and does not answer its question."""
    understanding = turn.understanding
    if understanding is None or form.asking not in ("where", "arrondissement", "photo"):
        return False
    if denies_the_problem(turn, form):
        return False
    if form.asking == "where" and tells_of_home(turn):
        return not are_one(turn.house.categories, understanding.intent, form.intent)
    if len(words(turn.text)) < _WORDS_OF_A_STORY:
        return False
    if form.asking != "photo" and _is_only_a_place(turn):
        return False
    if form.asking == "photo" or (place_in(turn) is None and not says_where(turn.text)):
        return understanding.confidence >= _SURE
    return tells_of_a_problem(turn)


def tells_of_home(turn: Turn) -> bool:
    """ "le lampadaire devant chez moi est cassé", "ddow 9dam dari tafi": what is wrong with a thing at home, which is no answer to
    "where?": nobody knows where that is."""
    said = turn.house.report_words
    thing = next((word.text for word in words(normalise(said.place_openers.not_first(turn.text)))), "")
    told = said.wrong.are_in(turn.text) and said.home.are_in(turn.text) and not is_place_word(thing)
    return told and place_in(turn) is None and street_in(turn.text) is None


def _is_only_a_place(turn: Turn) -> bool:
    """ "devant la benne du marché", "7da chjra lkbira": the thing that tells where, of which nothing is said to be wrong."""
    said = turn.house.report_words
    tells = said.wrong.are_in(turn.text) or said.describes.are_in(turn.text) or tells_something(turn.text)
    return begins_with_place(turn.text) and not tells


def denies_the_problem(turn: Turn, form: RequestForm) -> bool:
    """ "la, machi zbel, 7ofra" in a report of rubbish: another problem in its place, not a second one."""
    words_ = turn.house.report_words
    if words_.negation.begin(turn.text) and words_.thing_is.are_in(turn.text) and not words_.besides.are_in(turn.text):
        return True  # "non en fait c'est un lampadaire"
    said = denied(turn.text, words_)
    return bool(said) and turn.house.parser.parse(said).intent == form.intent


def tells_of_a_problem(turn: Turn) -> bool:
    """Whether a sentence with a place in it says what is wrong there ("lma m9tou3 f Ain Chock"), not only where: it does not
    begin with the place, and without the place's name it still surely reports the same."""
    understanding = turn.understanding
    if understanding is None or not understanding.intent.startswith("report/") or begins_with_place(turn.text):
        return False
    street = street_in(turn.text)
    before = normalise(turn.text).partition(normalise(street))[0] if street else ""
    rest = before or without_names(turn.text, understanding.entities_of("place"))
    if len(words(rest)) < (_WORDS_OF_A_PROBLEM if before else _WORDS_THAT_SAY_SOMETHING):
        return False
    meant = turn.house.parser.parse(rest)
    return meant.intent == understanding.intent and meant.confidence >= _SURE


def asks_back(turn: Turn, form: RequestForm) -> bool:
    """A question ("ch7al?", "et ça prend combien de temps ?") where a place, a photo or a yes was asked for."""
    if form.asking == "same" or place_in(turn) is not None or (is_a_detail(turn, form) and gives_number(turn)):
        return False
    if form.asking == "what":
        reports = turn.understanding is not None and turn.understanding.intent.startswith("report/")
        return is_asked(turn) and not reports
    asked = turn.entities_of("aspect")
    if any(entity.value["bare"] for entity in asked):
        return True
    if form.asking in ("where", "arrondissement") and is_asked(turn) and not begins_with_place(turn.text):
        return True
    if form.asking == "photo":
        return is_asked(turn) or (is_a_question(turn) and len(words(turn.text)) >= _WORDS_THAT_SAY_SOMETHING)
    if form.asking == "confirm" and is_asked(turn):
        return True
    says_place = says_where(turn.text) or begins_with_place(turn.text)
    return form.asking != "confirm" and bool(asked) and is_marked(turn) and not says_place
