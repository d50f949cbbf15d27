"""Talking with a draft before it is published."""

from dataclasses import replace

from starlette.responses import Response

from actions.faq_text import text_hash
from actions.turn import Incoming
from staff.pages.faq.draft import intent_of, problems_of
from staff.visit import NotHere, Visit
from store.tables import FaqCheckRow, FaqDraftRow


async def try_out(visit: Visit) -> Response:
    """One message of the conversation with the draft; an empty one begins anew."""
    intent = intent_of(visit)
    draft = await visit.db.get(FaqDraftRow, intent)
    if draft is None:
        raise NotHere
    message, choice = visit.field("message", longest=1_000), visit.field("choice", longest=64)
    if not message and not choice:
        draft.trial = {}
        return visit.go(f"/staff/faq/edit/{intent}#trial")
    if problems_of(visit, draft, intent):
        return visit.refuse(f"/staff/faq/edit/{intent}", visit.say("Corrigez d’abord ce qui est signalé."))
    house = visit.desk.live.with_text(intent, draft.text, draft.entry)
    checked = await visit.db.get(FaqCheckRow, intent)
    if checked and checked.state == "done" and checked.text_hash == text_hash(draft.text):
        parser = await visit.desk.checks.parser(checked.model)
        house = replace(house, parser=parser) if parser else house
    state, said = draft.trial.get("state") or {}, list(draft.trial.get("said") or [])
    incoming = Incoming(choice=choice) if choice else Incoming(text=message)
    parts, state = await visit.desk.try_out(visit.db, house, state, incoming)
    said += [
        {"own": True, "parts": [{"type": "text", "text": message or visit.field("label")}]},
        {"own": False, "parts": parts},
    ]
    draft.trial = {"state": state, "said": said[-20:]}
    return visit.go(f"/staff/faq/edit/{intent}#trial")
