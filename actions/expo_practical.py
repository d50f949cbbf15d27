"""Practical questions about the edition under way to which its file has no answer: said as such, and kept for staff."""

from actions.expo_around import Around
from actions.expo_pages import Pages, Question
from actions.expo_wording import room_name
from actions.programme import Edition
from actions.programme_search import find_room, find_services
from actions.reply import Choice, Reply, say
from actions.turn import Outcome, Turn, with_choices
from nlu.programme_words import practical_words, says
from nlu.times import CASABLANCA
from nlu.understanding import Decision

_PRACTICAL = "expo/practical"


def unanswered(turn: Turn, intent: str) -> Reply | None:
    """What is not known, who knows, and what is known besides; None where the edition has the answer or nothing special
    was asked."""
    edition = turn.expo.edition
    if edition and intent == "expo/venue" and says(turn.text, "inside"):
        known = find_room(edition, turn.text) or find_services(edition, turn.text)
        return None if known else _where_inside(turn, edition)
    nothing_known = intent == "expo/registration" and edition is not None and edition.registration is None
    if edition is None or not (nothing_known or (intent == _PRACTICAL and practical_words(turn.text))):
        return None
    if find_services(edition, turn.text):
        return None
    turn.outcome = Outcome.UNANSWERED
    asked = Question("", {}, turn.language, turn.expo_time.astimezone(CASABLANCA))
    told = say("expo.unanswered", site=edition.site)
    return turn.expo.marked(told.then(Around(Pages(edition, asked)).practical(0)) if edition.services else told)


def _where_inside(turn: Turn, edition: Edition) -> Reply:
    """A place of the venue that the edition's file does not tell: the way to the venue would be no answer."""
    turn.outcome = Outcome.UNANSWERED
    rooms = [Choice(room_name(key), f"expo:room:{key}") for key in edition.rooms]
    return turn.expo.marked(with_choices(say("expo.unanswered", site=edition.site), *rooms))


def is_meant(turn: Turn) -> bool:
    """Whether an unsure message names the expo, or a practical matter of it, which decides what it is about."""
    understanding, edition = turn.understanding, turn.expo.edition
    if understanding is None or edition is None or understanding.decision is not Decision.ASK:
        return False
    likely = [ranked.intent for ranked in understanding.ranking[:2]]
    return _PRACTICAL in likely and (says(turn.text, "expo") or bool(find_services(edition, turn.text)))
