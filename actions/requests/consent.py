"""What cannot be taken back wants an unmistakable yes: the button, or a short yes with nothing beside it that limits, asks or denies."""

from actions.phrases import Phrases
from actions.requests import questions
from actions.requests.words import ReportWords
from actions.turn import Turn
from nlu.negation import denies
from nlu.text import normalise, words
from nlu.understanding import Decision, Language

_CLEAR, _LONGEST_YES, _ARTICLE = 0.9, 6, "la"


def says_yes(turn: Turn, also: Phrases) -> bool:
    """Whether a message is made of words of assent only ("oui", "wakha 3afak"), and of those that repeat what was asked (`also`)."""
    said = turn.house.report_words
    if questions.asks_anywhere(turn):
        return False
    before = rest = " ".join(word.text for word in words(normalise(turn.text)))
    for phrases in (said.agrees, said.begins_yes, said.confirms, also):
        rest = phrases.without(rest)
    return rest != before and not said.neutral.without(said.thanks.without(rest))


def agrees(turn: Turn, also: Phrases) -> bool:
    """The same, or a short sentence that surely is a yes and holds nothing back ("oui vous pouvez")."""
    understanding = turn.understanding
    if understanding is None:
        return False
    if says_yes(turn, also):
        return True
    sure = understanding.intent == "affirm" and understanding.confidence >= _CLEAR
    return (
        sure and len(words(turn.text)) <= _LONGEST_YES and not questions.asks_anywhere(turn) and not _holds_back(turn)
    )


def refuses(turn: Turn) -> bool:
    """A no, or a yes that takes itself back: "واخا ولكن ما تمسحش"."""
    understanding = turn.understanding
    if understanding is None or questions.asks_anywhere(turn):
        return False
    said = turn.house.report_words
    if understanding.decision is Decision.ANSWER and understanding.intent == "deny":
        return True
    if said.stops.are_all_of(turn.text):
        return True
    return understanding.intent in ("affirm", "cancel", "my_data", "request/cancel") and _holds_back(turn)


def _holds_back(turn: Turn) -> bool:
    said = turn.house.report_words
    limited = said.yes_but.are_in(turn.text) or said.holds_back.are_in(turn.text) or _denied_by_a_word(turn, said)
    return limited or denies(turn.text)


def says_no(turn: Turn) -> bool:
    """Whether a message has a "no" or a "not" in it; inside a French sentence "la" is an article ("à côté de la boulangerie")."""
    french = turn.understanding is not None and turn.understanding.language is Language.FRENCH
    first, *rest = [word.text for word in words(normalise(turn.text))] or [""]
    said = [first, *(word for word in rest if not french or word != _ARTICLE)]
    return turn.house.report_words.negation.are_in(" ".join(said))


def _denied_by_a_word(turn: Turn, said: ReportWords) -> bool:
    """ "n'effacez", and "wakha la": in French that word is an article."""
    french = turn.understanding is not None and turn.understanding.language is Language.FRENCH
    elided = any(word.text.casefold().startswith(("n'", "n’")) for word in words(turn.text))
    return elided or (not french and said.negation.are_in(turn.text))
