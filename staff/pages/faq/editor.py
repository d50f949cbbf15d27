"""The editor of an answer: all languages side by side, kept as a draft whatever its problems are."""

import asyncio
from collections.abc import Sequence

from starlette.responses import Response

from actions.faq_check import MAX_ANSWER
from actions.faq_text import FaqFields, languages, read_fields, text_hash, with_fields
from actions.knowledge import ASPECTS
from actions.reply import Choice, Reply, Words
from nlu.understanding import Decision, Language
from staff.faq_state import FaqState, label_of, state_of
from staff.faq_words import problem_in_words
from staff.pages.faq.draft import began_with, intent_of, live_text, meets, not_as_seen, problems_of, today
from staff.pages.faq.form import EXAMPLE_TAGS, fields_of_form, source_line
from staff.pages.faq.meanwhile import Clash, clash_name, clash_text, put_together
from staff.previews import Preview
from staff.visit import NotHere, Visit
from store import faq as faq_store
from store.tables import FaqCheckRow, FaqDraftRow

MAX_RELATED = 3


async def edit(visit: Visit) -> Response:
    return await editor(visit, intent_of(visit))


async def preview(visit: Visit) -> Response:
    """The text being written as each service shows it, with its buttons: the part of the page under the box."""
    query = visit.request.query_params
    tag = query.get("language", "")
    if tag not in languages():
        raise NotHere
    previews = await _previews(visit, query.get("text", "")[:6_000], query.getlist("related"), Language(tag))
    return visit.page("faq_preview.html", previews=previews, tag=tag)


async def save(visit: Visit) -> Response:
    """Keeps the form as a draft, whatever its problems are: they are shown, and keep it from being published."""
    intent = intent_of(visit)
    # Two saves at once come one after the other, so that the second one sees the first.
    draft = await visit.db.get(FaqDraftRow, intent, with_for_update=True)
    base = draft.text if draft else live_text(visit, intent)
    try:
        typed = fields_of_form(visit, read_fields(base))
    except ValueError:
        raise NotHere from None
    began = began_with(visit)
    if began is not None and began != base.strip():
        typed, clashes = put_together(read_fields(began), typed, read_fields(base))
        if clashes:
            return await editor(visit, intent, typed=typed, clashes=clashes, status=409)
    text = with_fields(base, typed)
    if draft is None and text == base:
        return visit.refuse(f"/staff/faq/edit/{intent}", visit.say("Rien n’a changé."))
    if draft is None:
        draft = FaqDraftRow(
            intent=intent, text=text, based_on=text_hash(base), trial={}, author="", updated_at=visit.now
        )
        visit.db.add(draft)
    draft.text, draft.author, draft.updated_at = text, visit.account.name, visit.now
    said = visit.say("Brouillon enregistré : rien n’est encore publié.")
    if began is not None and began != base.strip():
        said += " " + visit.say("Quelqu’un d’autre l’avait changé entre-temps : ses changements et les vôtres y sont.")
    return visit.go(f"/staff/faq/edit/{intent}", said)


async def drop(visit: Visit) -> Response:
    intent = intent_of(visit)
    draft = await visit.db.get(FaqDraftRow, intent)
    if draft and (reason := not_as_seen(visit, draft)):
        return await editor(visit, intent, reason=reason, status=409)
    await faq_store.drop_draft(visit.db, intent)
    target = f"/staff/faq/edit/{intent}" if intent in visit.desk.live.texts else "/staff/faq"
    return visit.go(target, visit.say("Brouillon jeté."))


async def editor(
    visit: Visit,
    intent: str,
    *,
    reason: str | None = None,
    typed: FaqFields | None = None,
    clashes: Sequence[Clash] = (),
    status: int = 200,
) -> Response:
    """The page; `typed` is what a form had that could not be stored, and stays in the boxes."""
    live = visit.desk.live
    draft = await visit.db.get(FaqDraftRow, intent)
    text = draft.text if draft else live_text(visit, intent)
    fields = typed or read_fields(text)
    versions = await faq_store.versions_of(visit.db, intent)
    pulled = await faq_store.pulled(visit.db)
    found = live.texts.get(intent)
    present = await asyncio.to_thread(live.examples)
    checked = await visit.db.get(FaqCheckRow, intent) if draft else None
    return visit.page(
        "faq_edit.html",
        status=status,
        intent=intent,
        label=label_of(live, intent, draft, visit.reads),
        fields=fields,
        draft=draft,
        state=state_of(fields, today=today(visit), pulled=intent in pulled) if found else FaqState.NEW,
        conflict=found.conflict if found else False,
        problems=[problem_in_words(visit.say, problem) for problem in problems_of(visit, draft, intent)]
        if draft
        else [],
        meets=await asyncio.to_thread(meets, intent, draft, found.text if found else "", present) if draft else [],
        teaches=bool(draft) and live.teaches_otherwise(intent, text),
        checked=checked if checked and checked.text_hash == text_hash(text) else None,
        reason=reason,
        base=text,
        seen=text_hash(text),
        clashes=[(clash_name(visit, clash), clash_text(visit, clash.theirs)) for clash in clashes],
        meaning=lambda code: _meaning(visit, code),
        versions=versions,
        file=live.files.get(intent),
        tags=languages(),
        example_tags=EXAMPLE_TAGS,
        aspects=ASPECTS,
        longest=MAX_ANSWER,
        intents=sorted(live.house.knowledge.intents, key=lambda name: live.house.knowledge.label(name, visit.reads)),
        name_of=lambda name: live.house.knowledge.label(name, visit.reads),
        sources="\n".join(source_line(source) for source in fields.source),
        trial=(draft.trial or {}).get("said") or [] if draft else [],
        shown={tag: await _previews(visit, text, fields.related, Language(tag)) for tag, text in fields.answer.items()},
    )


def _meaning(visit: Visit, code: str) -> str:
    """What a replayed message was taken for, in words: the name of its question, or that it was asked back, or lost."""
    knowledge = visit.desk.live.house.knowledge
    if code in knowledge.intents:
        return knowledge.label(code, visit.reads)
    return visit.say(f"meaning.{code}") if code in set(Decision) else code


async def _previews(visit: Visit, text: str, related: Sequence[str], language: Language) -> Sequence[Preview]:
    """An answer with its neighbours as buttons, on every service; nothing for an empty one."""
    text = text.strip()
    if not text:
        return []
    intents = visit.desk.live.house.knowledge.intents
    known = [name for name in dict.fromkeys(related) if name in intents][:MAX_RELATED]
    choices = tuple(Choice(Words(intents[name].label[language]), f"i:{name}") for name in known)
    return await visit.desk.previewing(visit.db, Reply((Words(text),), choices), language)
