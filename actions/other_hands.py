"""What is in other hands than the city's, or known to nobody here: a bag left in the tram, drugs sold at the corner, marriage papers."""

from actions import faq
from actions.expo import meant as expo_meant
from actions.reply import Reply, say
from actions.turn import Turn, with_choices
from nlu.programme_words import says

_SURE = 0.9


def asked(turn: Turn) -> Reply | None:
    """Who can help with it, or that nobody told us; None for any other message, and while a report is open."""
    said, text = turn.house.plain_words, turn.text
    if turn.state.form is not None or turn.understanding is None or says(text, "expo") or expo_meant.is_topical(turn):
        return None
    if is_rude_police(turn):
        return _told(turn, "faq.police_conduct")
    if is_lost_pet(turn):
        return with_choices(_told(turn, "faq.lost_pet"), turn.intent_choice("faq/pest_control"))
    if said.drugs.are_in(text):
        return _told(turn, "faq.police_matter")
    if said.other_papers.are_in(text) and turn.understanding.confidence < _SURE:
        return _told(turn, "faq.paper_unknown")
    lost = said.loses.are_in(text) and said.belongings.are_in(text) and said.rides.are_in(text)
    return _told(turn, "faq.lost_in_transport") if lost else None


def is_rude_police(turn: Turn) -> bool:
    """ "l'agent de police m'a insulté": which is no call for the police, unless somebody is hurt or threatened."""
    said = turn.house.plain_words
    return said.police.are_in(turn.text) and said.mistreats.are_in(turn.text) and not _in_danger(turn)


def is_lost_pet(turn: Turn) -> bool:
    """ "j'ai perdu mon chien", "lkelb dyali tlef": somebody's own animal that is looked for, no stray one and no child."""
    said = turn.house.plain_words
    own, gone = said.own_animals.are_in(turn.text), said.gets_lost.are_in(turn.text)
    return own and gone and not said.other_people.are_in(turn.text) and not _in_danger(turn)


def _in_danger(turn: Turn) -> bool:
    said = turn.house.report_words
    dangers = (said.hurt, said.in_danger, said.burns, said.cries, said.danger)
    return any(phrases.are_in(turn.text) for phrases in dangers)


def _told(turn: Turn, key: str) -> Reply:
    faq.talk_about(turn, faq.OUT_OF_SCOPE)
    return say(key)
