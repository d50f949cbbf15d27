"""From a draft to the chat and back: the check, publishing, older versions, pulling, a file that changed meanwhile."""

import asyncio
from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from actions.faq_text import text_hash
from staff.pages.faq.draft import intent_of, live_text, not_as_seen, problems_of
from staff.pages.faq.editor import editor
from staff.visit import NotHere, Visit, whole_number
from store import faq as faq_store
from store.tables import FaqCheckRow, FaqDraftRow, FaqVersionRow

NEVER_PULLED = frozenset({"emergency"})


async def check(visit: Visit) -> Response:
    """Begins to train the draft's model and to replay messages through it."""
    intent = intent_of(visit)
    draft = await visit.db.get(FaqDraftRow, intent)
    if draft is None:
        raise NotHere
    if problems_of(visit, draft, intent):
        return visit.refuse(f"/staff/faq/edit/{intent}", visit.say("Corrigez d’abord ce qui est signalé."))
    live = visit.desk.live
    model = await asyncio.to_thread(live.wanted_model, {intent: draft.text})
    examples = live.examples({intent: draft.text})
    await visit.db.merge(visit.desk.checks.start(intent, draft.text, model, now=visit.now))
    visit.afterwards.append(lambda: visit.desk.checks.run(intent, examples, model))
    return visit.go(f"/staff/faq/edit/{intent}#check")


async def accept(visit: Visit) -> Response:
    """One changed message is as it should be."""
    intent = intent_of(visit)
    found = await visit.db.get(FaqCheckRow, intent)
    number = whole_number(visit.field("number"))
    if found is None or number is None or number >= len(found.changed):
        raise NotHere
    changed = [dict(change) for change in found.changed]
    changed[number]["accepted"] = True
    found.changed = changed
    return visit.go(f"/staff/faq/edit/{intent}#check")


async def publish(visit: Visit) -> Response:
    intent = intent_of(visit)
    draft = await visit.db.get(FaqDraftRow, intent)
    if draft is None:
        raise NotHere
    reason = not_as_seen(visit, draft) or await _why_not_yet(visit, draft, intent)
    if reason:
        return await editor(visit, intent, reason=reason, status=409)
    version = await _store_version(visit, intent, draft.text, draft.entry, note=visit.field("note"))
    await faq_store.drop_draft(visit.db, intent)
    await faq_store.give_again(visit.db, intent)
    return _live_now(visit, intent, visit.say("Version {number} publiée.", number=version.number))


async def roll_back(visit: Visit) -> Response:
    """Publishes an older version anew; its model is there already, or is made while the old one serves."""
    intent = intent_of(visit)
    number = visit.field("number")
    version = next((v for v in await faq_store.versions_of(visit.db, intent) if str(v.number) == number), None)
    file = visit.desk.live.files.get(intent)
    if version is None and not (number == "0" and file):
        raise NotHere
    text, entry = (version.text, version.entry) if version else (file.text if file else "", None)
    if version:
        note = visit.say("Retour à la version {number}", number=number)
        said = visit.say("Version {number} de nouveau en ligne.", number=number)
    else:
        note, said = (
            visit.say("Retour au fichier d’origine"),
            visit.say("Le fichier d’origine est de nouveau en ligne."),
        )
    await _store_version(visit, intent, text, entry, note=note)
    return _live_now(visit, intent, said)


async def pull(visit: Visit) -> Response:
    """Takes an answer back at once; one tap, because it can be given again with another."""
    intent = intent_of(visit)
    if intent in NEVER_PULLED:
        return visit.refuse(
            "/staff/faq", visit.say("Cette réponse-là ne se retire pas : elle donne les numéros d’urgence.")
        )
    await faq_store.pull(visit.db, intent, author=visit.account.name, now=visit.now)
    return _live_now(visit, intent, visit.say("Réponse retirée."), back=visit.field("back"))


async def give_again(visit: Visit) -> Response:
    intent = intent_of(visit)
    await faq_store.give_again(visit.db, intent)
    return _live_now(visit, intent, visit.say("Réponse remise."), back=visit.field("back"))


async def export(visit: Visit) -> Response:
    """The live text as its file, to be put into `data/faq/`."""
    text = live_text(visit, intent_of(visit))
    name = intent_of(visit).rpartition("/")[2]
    return Response(
        text, media_type="application/yaml", headers={"Content-Disposition": f'attachment; filename="{name}.yml"'}
    )


async def take_file(visit: Visit) -> Response:
    """Ends a conflict: the file that changed becomes the newest version, and the desk's text stays among the versions."""
    intent = intent_of(visit)
    file = visit.desk.live.files.get(intent)
    if file is None:
        raise NotHere
    await _store_version(visit, intent, file.text, None, note=visit.say("Fichier repris"))
    return _live_now(visit, intent, visit.say("Le fichier fait foi."))


async def _why_not_yet(visit: Visit, draft: FaqDraftRow, intent: str) -> str | None:
    """What keeps a draft from being published, in words; None when nothing does."""
    if problems_of(visit, draft, intent):
        return visit.say("Corrigez d’abord ce qui est signalé.")
    live = visit.desk.live
    found = live.texts.get(intent)
    if found and text_hash(found.text) != draft.based_on:
        return visit.say("Cette réponse a été publiée ou changée par quelqu’un d’autre depuis ce brouillon.")
    if not live.teaches_otherwise(intent, draft.text):
        return None
    checked = await visit.db.get(FaqCheckRow, intent)
    if checked is None or checked.text_hash != text_hash(draft.text) or checked.state != "done":
        return visit.say("Les exemples ont changé : lancez d’abord la vérification.")
    if checked.model != (await asyncio.to_thread(live.wanted_model, {intent: draft.text})).name:
        return visit.say("D’autres exemples ont été publiés depuis : relancez la vérification.")
    if checked.golden["after"] < checked.golden["before"]:
        return visit.say("Des messages de référence ne sont plus compris : revoyez les exemples.")
    if not all(change["accepted"] or change["golden"] for change in checked.changed):
        return visit.say("Acceptez d’abord chaque message dont le sens change.")
    return None


async def _store_version(
    visit: Visit, intent: str, text: str, entry: Mapping[str, Any] | None, *, note: str
) -> FaqVersionRow:
    live = visit.desk.live
    file = live.files.get(intent)
    model = await asyncio.to_thread(live.wanted_model, {intent: text})
    version = await faq_store.add_version(
        visit.db,
        intent,
        text,
        file_hash=file.hash if file else "",
        entry=dict(entry) if entry else None,
        model=model.name,
        note=note,
        author=visit.account.name,
        now=visit.now,
    )
    visit.detail["version"] = version.number
    return version


def _live_now(visit: Visit, intent: str, said: str, *, back: str = "") -> Response:
    """This process says it from the next message on; others find it within a second."""
    visit.afterwards.append(lambda: visit.desk.live.catch_up(visit.desk.database))
    return visit.go(back if back.startswith("/staff/faq") else f"/staff/faq/edit/{intent}", said)
