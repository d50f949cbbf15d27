"""Practical questions about the edition under way to which its file has no answer: said as such, and kept for staff."""

from collections.abc import Container

from actions.expo import meant
from actions.expo.around import Around
from actions.expo.asked import pages_for
from actions.expo.screen import is_spoken_of
from actions.expo.wording import room_name
from actions.faq import aspect_of
from actions.programme.edition import Edition
from actions.programme.search import find_room, find_services
from actions.reply import Choice, Reply, Words, say
from actions.turn import Outcome, Turn, with_choices
from nlu.programme_words import (
    asks_where,
    content_words,
    exhibits,
    is_until,
    parts,
    practical_words,
    says,
    tells_nothing,
)
from nlu.shown_words import asked as asked_of_it
from nlu.understanding import Decision

_PRACTICAL = "expo/practical"
REGISTRATION = "registration"
"""Where a practical matter is remembered, how to get in: of no edition's own services."""
_ELSEWHERE_UNKNOWN = frozenset({"out_of_scope", "help", "greet"})
"""What the words for food sound like where no buffet is known."""
_SHORT_TALK = frozenset({"affirm", "deny", "cancel", "goodbye", "thanks"})
"""What a single short word sounds like that is a matter of the house: "loo"."""


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
    told = say("expo.unanswered", site=edition.site)
    return turn.expo.marked(told.then(Around(pages_for(turn, edition)).practical(0)) if edition.services else told)


def _where_inside(turn: Turn, edition: Edition) -> Reply:
    """A place of the venue that the edition's file does not tell: the way to the venue would be no answer."""
    turn.outcome = Outcome.UNANSWERED
    rooms = [Choice(room_name(key), f"expo:room:{key}") for key in edition.rooms]
    return turn.expo.marked(with_choices(say("expo.unanswered", site=edition.site), *rooms))


def unknown_of_the_house(turn: Turn) -> Reply | None:
    """What only the organiser knows: a place inside that is no room of the programme, the matters of exhibitors; None for any other."""
    edition, understood = turn.expo.edition, turn.understanding
    if edition is None or understood is None or not meant.is_topical(turn) or says(turn.text, "parking"):
        return None
    if understood.decision is Decision.ANSWER and understood.intent.startswith(("report/", "request/", "emergency")):
        return None
    if find_room(edition, turn.text) or find_services(edition, turn.text):
        return None
    inside = says(turn.text, "inside") and (asks_where(turn.text) or says(turn.text, "room"))
    return _where_inside(turn, edition) if inside or exhibits(turn.text) else None


def service_named(turn: Turn) -> str | None:
    """The practical matter of the edition that a message names, if any."""
    edition = turn.expo.edition
    return next((service.id for service in find_services(edition, turn.text)), None) if edition else None


def spoken_of(turn: Turn) -> Reply | None:
    """The practical matter that was told last, once more; None where something else was."""
    edition = turn.expo.edition
    service = edition.services.get(turn.state.service or "") if edition and is_spoken_of(turn) else None
    return turn.expo.marked(Reply((Words(service.text.text(turn.language)),))) if service else None


def follow_up(turn: Turn) -> Reply | None:
    """What a practical matter costs, where it is and when, asked of the one that is named or was spoken of last; None for any other message."""
    edition, understanding = turn.expo.edition, turn.understanding
    if edition is None or understanding is None:
        return None
    sure = understanding.intent if understanding.decision is Decision.ANSWER else "expo/"
    recent = is_spoken_of(turn)
    if not (recent or says(turn.text, "expo") or (understanding.intent == sure and sure.startswith("expo/"))):
        return None
    named, spoken_of = service_named(turn), turn.state.service if recent else None
    asked = {entity.value["aspect"]: entity.value["bare"] for entity in turn.entities_of("aspect")}
    bare = any(asked.get(aspect) for aspect in ("cost", "where", "hours")) or is_until(turn.text)
    of_a_way = says(turn.text, "transit") or says(turn.text, "ticket")
    if spoken_of == REGISTRATION and understanding.intent == "transport/fares" and not of_a_way:
        bare = True  # "Can I pay by card?" is about what was spoken of.
    if (
        asked.get("cost")
        and not (named or spoken_of or asked_of_it(turn.text))
        and recent
        and edition.registration is not None
    ):
        spoken_of = REGISTRATION  # "Combien ?" amid talk of the expo, and of nothing else that costs.
    if not (named and "cost" in asked) and not (spoken_of and not named and bare):
        return None
    if not named and spoken_of == REGISTRATION and edition.registration is not None:
        turn.state.expo_at = turn.now
        return turn.expo.marked(Reply((Words(edition.registration.text(turn.language)),)))
    service = edition.services.get(named or str(spoken_of))
    if service is None:
        return None
    turn.state.service, turn.state.expo_at = service.id, turn.now
    told = Reply((Words(service.text.text(turn.language)),))
    if "cost" in asked and not any(says(text, "price") for text in service.text.texts.values()):
        turn.outcome = Outcome.UNANSWERED
        told = told.then(say("expo.service.price_unknown", site=edition.site))
    return turn.expo.marked(told)


def contact(turn: Turn) -> Reply | None:
    """How to reach the organisers; None for any message that does not ask for it."""
    text, understanding = turn.text, turn.understanding
    if understanding is None:
        return None
    if understanding.intent.startswith("report/") and understanding.decision is Decision.ANSWER:
        return None
    reach = says(text, "reach") or (says(text, "ask") and says(text, "person"))
    theirs = says(text, "their_matter") and meant.is_topical(turn)
    asked = (says(text, "organiser") and (reach or says(text, "number"))) or (reach and (says(text, "expo") or theirs))
    bare = any(e.value["aspect"] == "contact" and e.value["bare"] for e in turn.entities_of("aspect"))
    if not asked and not (bare and turn.expo.edition and is_spoken_of(turn)):
        return None
    return aspect_of(turn, "expo/overview", "contact")


def of_service(turn: Turn) -> str | None:
    """The intent of a message that, at the expo, names a practical matter and hardly a word beside, which elsewhere the city cannot answer."""
    understanding, edition = turn.understanding, turn.expo.edition
    if understanding is None or edition is None or not meant.is_topical(turn):
        return None
    named = find_services(edition, turn.text)
    of_it = {part for service in named for keyword in service.keywords for part in parts(keyword)}
    telling = [
        word
        for word in content_words(turn.text)
        if not (tells_nothing(word) or word in of_it or find_services(edition, word))
    ]
    likely = understanding.intent.startswith("expo/") or not telling
    unsure = understanding.decision is not Decision.ANSWER and likely
    sounds = _ELSEWHERE_UNKNOWN if telling or not _is_keyword(turn.text, of_it) else _ELSEWHERE_UNKNOWN | _SHORT_TALK
    if not unsure and understanding.intent not in sounds:
        return None
    return _PRACTICAL if named and len(telling) <= 1 else None


def _is_keyword(text: str, keywords: Container[str]) -> bool:
    """Whether the words that tell something are keywords as they are written: "lla" only sounds like "loo"."""
    telling = [part for part in parts(text) if not tells_nothing(part)]
    return bool(telling) and all(part in keywords for part in telling)


def is_meant(turn: Turn) -> bool:
    """Whether an unsure message names the expo, or a practical matter of it, which decides what it is about."""
    understanding, edition = turn.understanding, turn.expo.edition
    if understanding is None or edition is None or understanding.decision is not Decision.ASK:
        return False
    likely = [ranked.intent for ranked in understanding.ranking[:2]]
    return _PRACTICAL in likely and (says(turn.text, "expo") or bool(find_services(edition, turn.text)))
