"""The emergency numbers before anything else, once a report; and hurry and smoke, which may have to do with danger or not."""

from actions.reply import Reply, say
from actions.state import RequestForm
from actions.turn import Turn


def warn(turn: Turn, form: RequestForm, text: str) -> Reply:
    """What to say first when the words speak of people in danger; empty when they do not, or it was said before."""
    said = turn.house.report_words
    hurt = said.fallen.are_in(text) or said.in_danger.are_in(text)
    if form.warned or not (hurt or turn.house.categories[form.intent].is_dangerous(text)):
        return Reply(())
    form.warned = True
    return say("request.danger")


def is_only_hurry(turn: Turn) -> bool:
    """ "c'est urgent", "مستعجل عافاك": made of hurry alone, which may be about a paper as well as about a life."""
    said = turn.house.report_words
    if not said.hurry.are_in(turn.text) or turn.understanding is None:
        return False
    rest = said.thanks.without(said.neutral.without(said.hurry.without(turn.text)))
    return not rest.strip() and turn.understanding.intent != "thanks"


def is_pressed(turn: Turn) -> bool:
    """ "c'est urgent il y a des enfants": hurry, and why, without a word of somebody hurt or in danger."""
    said, text = turn.house.report_words, turn.text
    dangers = (said.burns, said.in_danger, said.cries, said.danger, said.hurt, said.rescuers, said.smoke, said.fallen)
    return said.hurry.are_in(text) and not any(phrases.are_in(text) for phrases in dangers)


def is_daily_smoke(turn: Turn) -> bool:
    """ "une usine qui fume toute la journée": of a chimney or an oven, without a word of fire or of somebody hurt."""
    said, text = turn.house.report_words, turn.text
    if not (said.chimneys.are_in(text) and said.smoke.are_in(text)):
        return False
    dangers = (said.burns, said.in_danger, said.cries, said.hurry, said.danger, said.hurt)
    return not any(phrases.are_in(text) for phrases in dangers)
