"""Speak as you were spoken to: in which language a message is answered."""

from actions.requests.words import ReportWords
from actions.state import State
from actions.turn import Incoming
from nlu.text import arabic_letters, latin_letters, normalise, words
from nlu.understanding import Language, Understanding
from nlu.whereabouts import is_address

SURE_OF_LANGUAGE = 0.6
WORDS_THAT_TELL_A_LANGUAGE = 2
LETTERS_THAT_TELL_A_LANGUAGE = 4
LETTERS_AT_LEAST = 3
WORDS_OF_AN_ADDRESS, WORDS_OF_A_SHORT_ANSWER = 6, 2


def language_of_reply(
    incoming: Incoming, understanding: Understanding, state: State, said: ReportWords
) -> Language | None:
    """The language in which this message is answered; that of the conversation before where it tells nothing new."""
    if state.fixed_language or _is_address(incoming, state) or _is_everybodys(understanding, state, said):
        return state.language
    return _changed(understanding, state.language)


def _is_address(incoming: Incoming, state: State) -> bool:
    """A few words in Latin letters where a place was asked for, or a word or two in a report: "hay el qods rue 12" and "la la" are
    written so by everybody."""
    if state.form is None or state.language is None:
        return False
    normalised = normalise(incoming.text or "")
    asked = state.form.asking in ("where", "arrondissement") or is_address(normalised)
    short = len(words(normalised)) <= (WORDS_OF_AN_ADDRESS if asked else WORDS_OF_A_SHORT_ANSWER)
    return short and state.language is not Language.DARIJA and not arabic_letters(normalised)


def _is_everybodys(understanding: Understanding, state: State, said: ReportWords) -> bool:
    """A few French words of assent or thanks in somebody's Darija: "ok c bon", "merci beaucoup" are said in both."""
    if state.language not in (Language.DARIJA, Language.DARIJA_LATIN) or understanding.language is not Language.FRENCH:
        return False
    rest = understanding.text
    for phrases in (said.agrees, said.begins_yes, said.confirms, said.thanks, said.neutral):
        rest = phrases.without(rest)
    return not rest


def _changed(understanding: Understanding, before: Language | None) -> Language | None:
    """A word that many languages share ("ok", "la", "merci", "Sbata") changes nothing."""
    if understanding.language_confidence == 0:
        return before
    in_darija = any(stretch.language is Language.DARIJA_LATIN for stretch in understanding.stretches)
    if before is Language.DARIJA_LATIN and understanding.language is Language.FRENCH and in_darija:
        return before  # "bghit certificat de residence": French nouns in somebody's Darija.
    if before is None or understanding.language is before:
        return understanding.language
    several_words = len(words(normalise(understanding.text))) >= WORDS_THAT_TELL_A_LANGUAGE
    in_letters = latin_letters(normalise(understanding.text)) >= LETTERS_AT_LEAST  # "A 1274" is no language.
    long_enough = several_words or len(understanding.text) >= LETTERS_THAT_TELL_A_LANGUAGE
    left_arabic = before is Language.DARIJA and in_letters and long_enough
    if understanding.language is Language.DARIJA or left_arabic:
        return understanding.language  # The letters themselves are the sign.
    sure = understanding.language_confidence >= SURE_OF_LANGUAGE
    return understanding.language if several_words and sure else before
