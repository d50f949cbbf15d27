"""Whether the person who reports wants to stay unknown, in whatever words, or only asks about it."""

from actions.requests import questions
from actions.turn import Turn
from nlu.negation import denies
from nlu.text import words
from nlu.understanding import Language

_WORDS_OF_A_WISH = 10


def stays_unknown(turn: Turn) -> bool:
    """ "anonyme", "oui mais sans dire mon nom", "ما بغيتش يعرفوني"; not "c'est quoi, anonyme ?"."""
    said = turn.house.report_words
    if questions.asks_anywhere(turn):
        return False
    if said.anonymous.are_in(turn.text) or (
        said.and_prefix.are_all_of(turn.text[:1]) and said.anonymous.begin(turn.text[1:])
    ):
        return True
    if len(words(turn.text)) > _WORDS_OF_A_WISH or not (
        said.own_name.are_in(turn.text) or said.known_by.are_in(turn.text)
    ):
        return False
    return said.hides.are_in(turn.text) or _denies(turn)


def _denies(turn: Turn) -> bool:
    said, understanding = turn.house.report_words, turn.understanding
    no = understanding is not None and understanding.language is not Language.FRENCH and said.negation.are_in(turn.text)
    return no or said.without.are_in(turn.text) or denies(turn.text)
