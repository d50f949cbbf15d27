"""What was not understood: grouped by likeness, and in one step an example, a new question, or nothing for us."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

from starlette.responses import Response

from actions.faq_text import read_fields, text_hash, with_fields
from actions.likeness import grouped
from staff.visit import NotHere, Visit, whole_number
from store import review
from store.tables import FaqDraftRow, TurnRow

SINCE = timedelta(days=60)
ABANDONED = timedelta(hours=1)
_SHOWN = 40


async def index(visit: Visit) -> Response:
    turns = await review.not_understood(visit.db, since=visit.now - SINCE, abandoned_before=visit.now - ABANDONED)
    seen = [turn for turn in turns if not visit.account.demo or turn.channel in ("phone", "demo")]
    groups = grouped([(turn.text, turn) for turn in seen])
    house = visit.desk.live.house
    return visit.page(
        "queue.html",
        groups=groups[:_SHOWN],
        count=len(seen),
        more=max(0, len(groups) - _SHOWN),
        why=lambda group: Counter(_why(turn) for turn in group.members).most_common(),
        guesses=lambda group: [intent for intent, _ in group.members[0].ranking if intent in house.knowledge.answers],
        intents=sorted(house.knowledge.answers, key=lambda intent: house.knowledge.label(intent, visit.reads)),
        label=lambda intent: house.knowledge.label(intent, visit.reads),
    )


async def handle(visit: Visit) -> Response:
    """A group is settled, whatever becomes of it; its messages never come back."""
    ids = [number for value in visit.fields("id")[:500] if (number := whole_number(value)) is not None]
    first = await visit.db.get(TurnRow, ids[0]) if ids else None
    if first is None:
        raise NotHere
    how, intent = visit.field("how"), visit.field("intent")
    visit.detail |= {"how": how, "turns": len(ids)}
    if how == "example":
        if not intent:
            return visit.refuse("/staff/queue", visit.say("Choisissez d’abord la question que les gens posaient."))
        if not await _add_example(visit, intent, first):
            raise NotHere
        await review.mark_handled(visit.db, ids, "example")
        return visit.go(
            "/staff/queue",
            visit.say(
                "Ajouté au brouillon « {name} » : vérifiez puis publiez-le.",
                name=visit.desk.live.house.knowledge.label(intent, visit.reads),
            ),
        )
    if how == "draft":
        # Settled when the draft begins: whoever turns back on the way there has settled nothing.
        turns = ",".join(map(str, ids))
        return visit.refuse("/staff/faq/new", example=first.text, language=first.language, turns=turns)
    await review.mark_handled(visit.db, ids, "scope" if how == "scope" else "fine")
    return visit.go("/staff/queue", visit.say("Classé."))


async def _add_example(visit: Visit, intent: str, turn: TurnRow) -> bool:
    """Adds a message to the draft of an answer, which begins from the live text; false for an unknown intent."""
    found = visit.desk.live.texts.get(intent)
    draft = await visit.db.get(FaqDraftRow, intent)
    if draft is None:
        if found is None:
            return False
        draft = FaqDraftRow(
            intent=intent, text=found.text, based_on=text_hash(found.text), trial={}, author="", updated_at=visit.now
        )
        visit.db.add(draft)
    fields = read_fields(draft.text)
    examples = {**fields.examples, turn.language: (*fields.examples.get(turn.language, ()), turn.text)}
    if turn.text not in fields.examples.get(turn.language, ()):
        draft.text = with_fields(draft.text, replace(fields, examples=examples))
    draft.author, draft.updated_at = visit.account.name, visit.now
    return True


def _why(turn: TurnRow) -> str:
    if turn.complained:
        return "wrong"
    return turn.outcome if turn.outcome in ("lost", "unanswered") else "abandoned"
