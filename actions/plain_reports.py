"""Reports that their words name for sure: a rude clerk, a wreck in the street, a chimney that smokes, a public toilet that is dirty."""

import re

from actions.expo import meant as expo_meant
from actions.places import behind_the_home
from actions.requests import questions
from actions.requests.danger import is_daily_smoke
from actions.requests.photos import said_without
from actions.turn import Turn
from nlu.whereabouts import without_names

_SURE, _LIKELY = 0.9, 0.6
_SMALL = 5
"""Letters of a word that tells nothing of a matter: "bghit", "wahed"."""
_WHO = 3
"""Words beside "m'a insulté" that may still say no more than "he", "she", "somebody"."""


def intent(turn: Turn) -> str | None:
    """The report that the words name, or how to complain where that is asked; None for any other message, and while a report is open."""
    if turn.state.form is not None or turn.understanding is None or expo_meant.is_topical(turn):
        return None
    return named(turn) or _before_the_photo(turn) or _away_from_home(turn)


def named(turn: Turn) -> str | None:
    """The same where a report waits for the word that says what is wrong."""
    said = turn.house.plain_words
    if is_about_an_agent(turn):
        return "faq/complaints" if questions.is_asked(turn) else "report/public_service"
    if is_daily_smoke(turn) and not _is_sure_report(turn):
        return "report/other"
    if said.litter.are_in(turn.text) and not questions.is_asked(turn) and not _is_sure_report(turn):
        return "report/waste"
    if said.toilets.are_in(turn.text) and turn.house.report_words.wrong.are_in(turn.text) and not _is_sure_report(turn):
        return "report/waste"
    left = said.vehicles.are_in(turn.text) and said.abandoned.are_in(turn.text)
    # "Envoyez la fourrière": the pound is to come, not looked for.
    towed = said.pounds.are_in(turn.text) and said.is_to_come.are_in(turn.text) and not said.animals.are_in(turn.text)
    wants_it_away = (left or towed) and not said.own_vehicles.are_in(turn.text)
    return "report/parking" if wants_it_away and not questions.is_asked(turn) and not _is_sure_report(turn) else None


def either(turn: Turn) -> tuple[str, ...]:
    """What "il m'a insulté" may be about when nobody was named: a clerk, or who drives; empty for any other message."""
    said = turn.house.plain_words
    if turn.state.form is not None or turn.understanding is None or questions.is_asked(turn):
        return ()
    rest = said.mistreats.without(turn.text).split()
    others = said.other_people.are_in(turn.text) or said.police.are_in(turn.text)
    told = said.mistreats.are_in(turn.text) and not others and len(rest) < _WHO
    return ("report/public_service", "report/transport") if told else ()


def _before_the_photo(turn: Turn) -> str | None:
    """ "un trou rue 14, j'ai pas de photo": the problem before the photo that there is none of, which sounds like a mere no."""
    if not said_without(turn) or _is_sure_report(turn):
        return None
    before = next((part for part in re.split(r"[,،.;:!\n]", turn.text) if part.strip()), "")
    meant = turn.house.parser.parse(before)
    told = before != turn.text and meant.intent.startswith("report/") and meant.confidence >= _SURE
    return meant.intent if told else None


def _away_from_home(turn: Turn) -> str | None:
    """ "j'habite Sbata mais le trou est à Anfa": the problem behind where somebody lives, which sounds like a question for a district."""
    away = behind_the_home(turn, turn.understanding) if turn.understanding else None
    meant = turn.house.parser.parse(away) if away else None
    told = meant is not None and meant.intent.startswith("report/") and meant.confidence >= _LIKELY
    return meant.intent if told and meant and not _is_sure_report(turn) and not questions.is_asked(turn) else None


def is_about_an_agent(turn: Turn) -> bool:
    """ "un agent de la commune m'a insulté", "bghit nchki b lmowaddaf"; who drives, guards or polices is somebody else's."""
    said, text = turn.house.plain_words, turn.text
    if said.other_people.are_in(text) or said.police.are_in(text) or turn.house.report_words.hurt.are_in(text):
        return False
    rude = said.mistreats.are_in(text)
    return (said.agents.are_in(text) and (rude or said.complains.are_in(text))) or (
        rude and said.public_offices.are_in(text)
    )


def only_complains(turn: Turn) -> bool:
    """ "je veux me plaindre d'un agent": of whom, and nothing of what happened."""
    said = turn.house.plain_words
    if turn.incoming.text is None or not is_about_an_agent(turn) or said.mistreats.are_in(turn.text):
        return False
    rest = said.public_offices.without(without_names(turn.text, turn.entities_of("place")))
    return not any(len(word) > _SMALL for word in said.agents.without(said.complains.without(rest)).split())


def _is_sure_report(turn: Turn) -> bool:
    understanding = turn.understanding
    if understanding is None or understanding.confidence < _SURE:
        return False
    return understanding.intent.startswith("report/") and understanding.intent != "report/other"
