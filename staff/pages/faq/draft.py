"""What the pages about answers share: the answer of the path, its live text, and the problems of a draft."""

from datetime import date
from typing import Any

from yaml import YAMLError

from actions.example_check import Neighbour, neighbours
from actions.faq_check import check_text
from actions.faq_text import new_text, read_fields, text_hash
from staff.visit import NotHere, Visit
from store.tables import FaqDraftRow


def intent_of(visit: Visit) -> str:
    return str(visit.request.path_params["intent"])[:60]


def today(visit: Visit) -> date:
    return visit.local(visit.now).date()


def live_text(visit: Visit, intent: str) -> str:
    found = visit.desk.live.texts.get(intent)
    if found is None:
        if intent not in visit.desk.live.house.knowledge.intents:
            raise NotHere
        return new_text(intent)
    return found.text


def _text_or_nothing(visit: Visit, intent: str) -> str:
    found = visit.desk.live.texts.get(intent)
    return found.text if found else ""


def began_with(visit: Visit) -> str | None:
    """The text that the editor's form was made from, which it carries; None from a page of an older version."""
    text = visit.field("base", longest=400_000)
    try:
        read_fields(text)
    except (YAMLError, ValueError, TypeError, AttributeError):
        raise NotHere from None
    return text or None


def not_as_seen(visit: Visit, draft: FaqDraftRow) -> str | None:
    """In words, that a draft is no longer the one on whose page the button stood."""
    seen = visit.field("seen")
    if not seen or seen == text_hash(draft.text):
        return None
    return visit.say("Quelqu’un a changé ce brouillon pendant que vous le lisiez : relisez-le d’abord.")


def problems_of(visit: Visit, draft: FaqDraftRow | None, intent: str) -> list[Any]:
    if draft is None:
        return []
    known = {*visit.desk.live.house.knowledge.intents, *([intent] if draft.entry else [])}
    found = check_text(visit.desk.live.root, draft.text, known, today=today(visit))
    clashes = [
        meeting
        for meeting in meets(intent, draft, _text_or_nothing(visit, intent), visit.desk.live.examples())
        if meeting.clash
    ]
    return [*found, *clashes]


def meets(intent: str, draft: FaqDraftRow, live_text: str, present: list[Any]) -> list[Neighbour]:
    before = {e for examples in read_fields(live_text).examples.values() for e in examples} if live_text else set()
    new = [e for examples in read_fields(draft.text).examples.values() for e in examples if e not in before]
    others = [e for e in present if not (e.intent == intent and e.text in new)]
    return neighbours(intent, new, others) if new else []
