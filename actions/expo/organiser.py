"""What somebody at the expo has with its organiser: a badge that is not read, a role of their own, the slides of a talk."""

from actions.expo import meant
from actions.programme.edition import Edition
from actions.programme.reading import read
from actions.programme.search import find_rooms, find_services
from actions.reply import Part, Reply, Say, Words
from actions.turn import Outcome, Turn
from nlu.programme_words import parts, says
from nlu.understanding import Decision

_ELSEWHERE = ("report/", "request/", "emergency", "expo/my_agenda", "expo/remind")


def asked(turn: Turn) -> Reply | None:
    """What is known of such a matter, and that the organiser knows more; None for any other message."""
    edition, understood = turn.expo.edition, turn.understanding
    if edition is None or understood is None or not meant.is_topical(turn) or says(turn.text, "transit"):
        return None
    if understood.decision is Decision.ANSWER and understood.intent.startswith(_ELSEWHERE):
        return None
    if _is_not_let_in(edition, turn.text):
        return _told(turn, edition, Say("expo.badge_unread", {"site": edition.site}))
    if says(turn.text, "role") and says(turn.text, "checks_in"):
        return _told(turn, edition, Say("expo.role_unknown", {"site": edition.site}))
    if _only_organiser_knows(edition, turn.text):
        return _told(turn, edition, Say("expo.unanswered", {"site": edition.site}), registers=False)
    return _translation_in_a_room(turn, edition)


def _is_not_let_in(edition: Edition, text: str) -> bool:
    """ "The scanner says invalid", "lbadge makhdamch"; the code of the network is another matter."""
    if not says(text, "admits") or not (says(text, "refused") or (says(text, "works") and says(text, "denies"))):
        return False
    return not find_services(edition, " ".join(word for word in parts(text) if not says(word, "admits")))


def _only_organiser_knows(edition: Edition, text: str) -> bool:
    """What is left of a talk, and the paper that says that one was there; no session or matter of the edition has these words."""
    attests = says(text, "attests") and says(text, "attendance")
    if not attests and not says(text, "recorded"):
        return False
    spoken_of = any(says(word, "recorded") for word in read(edition, text).topic)
    return not spoken_of and not find_services(edition, text)


def _translation_in_a_room(turn: Turn, edition: Edition) -> Reply | None:
    """ "Is there translation in room A?": where the headsets are, not what is on there."""
    text = turn.text
    reading = read(edition, text, turn.understanding.entities if turn.understanding else ())
    if not reading.translated or len(find_rooms(edition, text)) != 1 or reading.when or reading.language:
        return None
    if says(text, "session") or reading.topic or reading.speakers:
        return None
    service = next(
        iter(find_services(edition, " ".join(word for word in parts(text) if says(word, "translation")))), None
    )
    if service is None:
        return _told(turn, edition, Say("expo.unanswered", {"site": edition.site}), registers=False)
    turn.state.service, turn.state.expo_at = service.id, turn.now
    return turn.expo.marked(Reply((Words(service.text.text(turn.language)),)))


def _told(turn: Turn, edition: Edition, unknown: Part, *, registers: bool = True) -> Reply:
    """What is not known and who knows it, behind how one gets in where that is asked."""
    turn.outcome = Outcome.UNANSWERED
    turn.state.expo_at = turn.now
    known = edition.registration if registers else None
    told: tuple[Part, ...] = (Words(known.text(turn.language)),) if known else ()
    return turn.expo.marked(Reply((*told, unknown)))
