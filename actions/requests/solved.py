"""Whether a message says that a problem has gone: "راه صلحوها", "c'est réparé, merci"."""

from actions.phrases import Phrases
from actions.turn import Turn
from nlu.negation import denies

_WORDS_BESIDE = 4


def tells_it_is_fixed(turn: Turn) -> bool:
    """Whether it says so of whatever it names. "صلحوها" alone may be a wish as well: as an answer in a report, or with praise, it is none."""
    said = turn.house.report_words
    if says_only(turn, said.solved):
        return True
    if turn.state.form is not None and (
        said.fixed_or_wished.are_all_of(turn.text) or said.mended.are_all_of(turn.text)
    ):
        return True
    praised, thanked = said.grateful.are_in(turn.text), said.thanks.are_in(turn.text) and said.mended.begin(turn.text)
    return (praised and says_only(turn, said.fixed_or_wished)) or (
        (praised or thanked) and says_only(turn, said.mended)
    )


def says_only(turn: Turn, phrases: Phrases) -> bool:
    """Whether a message is one of the phrases with hardly a word beside it, none of which takes it back ("مازال", "sans …") or
    speaks of a photo."""
    said = turn.house.report_words
    if not phrases.are_in(turn.text) or turn.entities_of("photo"):
        return False
    rest = said.thanks.without(phrases.without(turn.text))
    taken_back = denies(rest) or said.not_yet.are_in(rest) or said.holds_back.are_in(rest)
    return not taken_back and len(rest.split()) <= _WORDS_BESIDE
