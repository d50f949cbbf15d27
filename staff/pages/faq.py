"""The answers: list, editor, try it, check, publish, versions, pull."""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from starlette.responses import Response

from actions.example_check import Neighbour, neighbours
from actions.faq_check import MAX_ANSWER, check_text
from actions.faq_text import FaqFields, languages, new_text, read_fields, text_hash, with_fields
from actions.knowledge import ASPECTS
from actions.texts import with_directions
from actions.turn import Incoming
from nlu.examples import MIXED
from nlu.text import normalise
from nlu.understanding import Language
from staff.faq_state import FaqState, label_of, listed, state_of
from staff.faq_words import problem_in_words
from staff.visit import NotHere, Visit
from store import faq as faq_store
from store.tables import FaqCheckRow, FaqDraftRow, FaqVersionRow

NEVER_PULLED = frozenset({"emergency"})
_VALID_FOR = timedelta(days=182)
_NEW_NAME = re.compile(r"[a-z][a-z0-9_]{2,39}")
_EXAMPLE_TAGS = (*languages(), MIXED)


async def index(visit: Visit) -> Response:
    wanted, sought = visit.query("state"), normalise(visit.query("q"))
    lines = listed(
        visit.desk.live, await faq_store.drafts(visit.db), await faq_store.pulled(visit.db), today=_today(visit)
    )
    counts = {state: sum(line.state is state for line in lines) for state in FaqState}
    shown = [
        line
        for line in lines
        if (not wanted or line.state == wanted or (wanted == "draft" and line.draft))
        and (not sought or sought in _searched(line.intent, line.label, line.fields))
    ]
    drafted = sum(line.draft is not None for line in lines)
    return visit.page("faq_list.html", lines=shown, counts=counts, drafted=drafted, wanted=wanted, q=visit.query("q"))


async def ask_new(visit: Visit) -> Response:
    values = {"example": visit.query("example"), "example_language": visit.query("language")}
    return visit.page("faq_new.html", problem=None, values=values, tags=languages())


async def new(visit: Visit) -> Response:
    """Begins the draft of a question that has no name yet in `data/nlu/intents.yml`."""
    name = visit.field("name", longest=40)
    intent = f"faq/{name}"
    values = {key: visit.field(key) for key in visit.form}
    labels = {tag: visit.field(f"label.{tag}", longest=20) for tag in languages()}
    phrases = {tag: visit.field(f"phrase.{tag}", longest=120) for tag in languages()}
    entry = {"covers": visit.field("covers"), "label": labels, "phrase": phrases}
    drafted = await visit.db.get(FaqDraftRow, intent)
    taken = drafted is not None or intent in visit.desk.live.house.knowledge.intents
    problem = None
    if not _NEW_NAME.fullmatch(name) or taken:
        problem = visit.say("Ce nom est pris ou n’est pas possible : choisissez-en un autre.")
    elif not entry["covers"] or not all([*labels.values(), *phrases.values()]):
        problem = visit.say("Remplissez chaque case : les boutons existent dans toutes les langues.")
    if problem:
        return visit.page("faq_new.html", status=400, problem=problem, values=values, tags=languages())
    text, example = new_text(intent), visit.field("example", longest=500)
    if example:
        tag = visit.field("example_language") if visit.field("example_language") in _EXAMPLE_TAGS else MIXED
        text = with_fields(text, replace(read_fields(text), examples={tag: (example,)}))
    visit.db.add(
        FaqDraftRow(
            intent=intent,
            text=text,
            based_on="",
            entry=entry,
            trial={},
            author=visit.account.name,
            updated_at=visit.now,
        )
    )
    return visit.go(f"/staff/faq/edit/{intent}")


async def edit(visit: Visit) -> Response:
    return await _editor(visit, _intent(visit))


async def preview(visit: Visit) -> Response:
    """A text with the marks of direction that the chat gives it, for the bubble under the one being written."""
    text = visit.request.query_params.get("text", "")[:6_000]
    return Response(with_directions(text, Language.DARIJA), media_type="text/plain; charset=utf-8")


async def save(visit: Visit) -> Response:
    """Keeps the form as a draft, whatever its problems are: they are shown, and keep it from being published."""
    intent = _intent(visit)
    draft = await visit.db.get(FaqDraftRow, intent)
    base = draft.text if draft else _live_text(visit, intent)
    try:
        text = with_fields(base, _fields_of_form(visit, read_fields(base)))
    except ValueError:
        raise NotHere from None
    if draft is None and text == base:
        return visit.go(f"/staff/faq/edit/{intent}", visit.say("Rien n’a changé."))
    if draft is None:
        draft = FaqDraftRow(
            intent=intent, text=text, based_on=text_hash(base), trial={}, author="", updated_at=visit.now
        )
        visit.db.add(draft)
    draft.text, draft.author, draft.updated_at = text, visit.account.name, visit.now
    return visit.go(f"/staff/faq/edit/{intent}", visit.say("Brouillon enregistré : rien n’est encore publié."))


async def drop(visit: Visit) -> Response:
    intent = _intent(visit)
    await faq_store.drop_draft(visit.db, intent)
    target = f"/staff/faq/edit/{intent}" if intent in visit.desk.live.texts else "/staff/faq"
    return visit.go(target, visit.say("Brouillon jeté."))


async def try_out(visit: Visit) -> Response:
    """One message of the conversation with the draft; an empty one begins anew."""
    intent = _intent(visit)
    draft = await visit.db.get(FaqDraftRow, intent)
    if draft is None:
        raise NotHere
    message, choice = visit.field("message", longest=1_000), visit.field("choice", longest=64)
    if not message and not choice:
        draft.trial = {}
        return visit.go(f"/staff/faq/edit/{intent}#trial")
    if _problems(visit, draft, intent):
        return visit.go(f"/staff/faq/edit/{intent}", visit.say("Corrigez d’abord ce qui est signalé."))
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


async def check(visit: Visit) -> Response:
    """Begins to train the draft's model and to replay messages through it."""
    intent = _intent(visit)
    draft = await visit.db.get(FaqDraftRow, intent)
    if draft is None:
        raise NotHere
    if _problems(visit, draft, intent):
        return visit.go(f"/staff/faq/edit/{intent}", visit.say("Corrigez d’abord ce qui est signalé."))
    live = visit.desk.live
    model = await asyncio.to_thread(live.wanted_model, {intent: draft.text})
    examples = live.examples({intent: draft.text})
    await visit.db.merge(visit.desk.checks.start(intent, draft.text, model, now=visit.now))
    visit.afterwards.append(lambda: visit.desk.checks.run(intent, examples, model))
    return visit.go(f"/staff/faq/edit/{intent}#check")


async def accept(visit: Visit) -> Response:
    """One changed message is as it should be."""
    intent = _intent(visit)
    found = await visit.db.get(FaqCheckRow, intent)
    number = visit.field("number")
    if found is None or not number.isdigit() or int(number) >= len(found.changed):
        raise NotHere
    changed = [dict(change) for change in found.changed]
    changed[int(number)]["accepted"] = True
    found.changed = changed
    return visit.go(f"/staff/faq/edit/{intent}#check")


async def publish(visit: Visit) -> Response:
    intent = _intent(visit)
    draft = await visit.db.get(FaqDraftRow, intent)
    if draft is None:
        raise NotHere
    reason = await _why_not_yet(visit, draft, intent)
    if reason:
        return await _editor(visit, intent, reason=reason, status=409)
    version = await _store_version(visit, intent, draft.text, draft.entry, note=visit.field("note"))
    await faq_store.drop_draft(visit.db, intent)
    await faq_store.give_again(visit.db, intent)
    return _live_now(visit, intent, visit.say("Version {number} publiée.", number=version.number))


async def roll_back(visit: Visit) -> Response:
    """Publishes an older version anew; its model is there already, or is made while the old one serves."""
    intent = _intent(visit)
    number = visit.field("number")
    version = next((v for v in await faq_store.versions_of(visit.db, intent) if str(v.number) == number), None)
    file = visit.desk.live.files.get(intent)
    if version is None and not (number == "0" and file):
        raise NotHere
    text, entry = (version.text, version.entry) if version else (file.text if file else "", None)
    note = visit.say("Retour à la version {number}", number=number)
    await _store_version(visit, intent, text, entry, note=note)
    return _live_now(visit, intent, visit.say("Version {number} de nouveau en ligne.", number=number))


async def pull(visit: Visit) -> Response:
    """Takes an answer back at once; one tap, because it can be given again with another."""
    intent = _intent(visit)
    if intent in NEVER_PULLED:
        return visit.go(
            "/staff/faq", visit.say("Cette réponse-là ne se retire pas : elle donne les numéros d’urgence.")
        )
    await faq_store.pull(visit.db, intent, author=visit.account.name, now=visit.now)
    return _live_now(visit, intent, visit.say("Réponse retirée."), back=visit.field("back"))


async def give_again(visit: Visit) -> Response:
    intent = _intent(visit)
    await faq_store.give_again(visit.db, intent)
    return _live_now(visit, intent, visit.say("Réponse remise."), back=visit.field("back"))


async def export(visit: Visit) -> Response:
    """The live text as its file, to be put into `data/faq/`."""
    text = _live_text(visit, _intent(visit))
    name = _intent(visit).rpartition("/")[2]
    return Response(
        text, media_type="application/yaml", headers={"Content-Disposition": f'attachment; filename="{name}.yml"'}
    )


async def take_file(visit: Visit) -> Response:
    """Ends a conflict: the file that changed becomes the newest version, and the desk's text stays among the versions."""
    intent = _intent(visit)
    file = visit.desk.live.files.get(intent)
    if file is None:
        raise NotHere
    await _store_version(visit, intent, file.text, None, note=visit.say("Fichier repris"))
    return _live_now(visit, intent, visit.say("Le fichier fait foi."))


async def _editor(visit: Visit, intent: str, *, reason: str | None = None, status: int = 200) -> Response:
    live = visit.desk.live
    draft = await visit.db.get(FaqDraftRow, intent)
    text = draft.text if draft else _live_text(visit, intent)
    fields = read_fields(text)
    versions = await faq_store.versions_of(visit.db, intent)
    pulled = await faq_store.pulled(visit.db)
    found = live.texts.get(intent)
    present = await asyncio.to_thread(live.examples)
    checked = await visit.db.get(FaqCheckRow, intent) if draft else None
    return visit.page(
        "faq_edit.html",
        status=status,
        intent=intent,
        label=label_of(live, intent, draft),
        fields=fields,
        draft=draft,
        state=state_of(fields, today=_today(visit), pulled=intent in pulled) if found else FaqState.NEW,
        conflict=found.conflict if found else False,
        problems=[problem_in_words(visit.say, problem) for problem in _problems(visit, draft, intent)] if draft else [],
        meets=await asyncio.to_thread(_meets, intent, draft, found.text if found else "", present) if draft else [],
        teaches=bool(draft) and live.teaches_otherwise(intent, text),
        checked=checked if checked and checked.text_hash == text_hash(text) else None,
        reason=reason,
        versions=versions,
        file=live.files.get(intent),
        tags=languages(),
        example_tags=_EXAMPLE_TAGS,
        aspects=ASPECTS,
        longest=MAX_ANSWER,
        intents=sorted(live.house.knowledge.intents),
        sources="\n".join(_source_line(source) for source in fields.source),
        trial=(draft.trial or {}).get("said") or [] if draft else [],
        as_shown={tag: with_directions(text, Language(tag)) for tag, text in fields.answer.items()},
        related_labels=_related_labels(visit, fields),
    )


async def _why_not_yet(visit: Visit, draft: FaqDraftRow, intent: str) -> str | None:
    """What keeps a draft from being published, in words; None when nothing does."""
    if _problems(visit, draft, intent):
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


def _meets(intent: str, draft: FaqDraftRow, live_text: str, present: list[Any]) -> list[Neighbour]:
    before = {e for examples in read_fields(live_text).examples.values() for e in examples} if live_text else set()
    new = [e for examples in read_fields(draft.text).examples.values() for e in examples if e not in before]
    others = [e for e in present if not (e.intent == intent and e.text in new)]
    return neighbours(intent, new, others) if new else []


def _problems(visit: Visit, draft: FaqDraftRow | None, intent: str) -> list[Any]:
    if draft is None:
        return []
    known = {*visit.desk.live.house.knowledge.intents, *([intent] if draft.entry else [])}
    found = check_text(visit.desk.live.root, draft.text, known, today=_today(visit))
    clashes = [
        meeting
        for meeting in _meets(intent, draft, _text_or_nothing(visit, intent), visit.desk.live.examples())
        if meeting.clash
    ]
    return [*found, *clashes]


def _text_or_nothing(visit: Visit, intent: str) -> str:
    found = visit.desk.live.texts.get(intent)
    return found.text if found else ""


def _live_text(visit: Visit, intent: str) -> str:
    found = visit.desk.live.texts.get(intent)
    if found is None:
        if intent not in visit.desk.live.house.knowledge.intents:
            raise NotHere
        return new_text(intent)
    return found.text


def _intent(visit: Visit) -> str:
    return str(visit.request.path_params["intent"])[:60]


def _today(visit: Visit) -> date:
    return visit.local(visit.now).date()


def _searched(intent: str, label: str, fields: FaqFields) -> str:
    texts = [intent, label, fields.owner, *fields.answer.values()]
    texts += [text for follow in fields.follow_ups.values() for text in follow.values()]
    return normalise(" ".join(texts))


def _related_labels(visit: Visit, fields: FaqFields) -> dict[str, list[str]]:
    intents = visit.desk.live.house.knowledge.intents
    known = [intents[name] for name in fields.related if name in intents]
    return {language.value: [info.label[language] for info in known] for language in Language}


def _fields_of_form(visit: Visit, before: FaqFields) -> FaqFields:
    """The fields as the form has them; raises `ValueError` for a form that is none of ours."""
    if "owner" not in visit.form:
        raise ValueError("not the editor's form")
    checked, until = visit.field("checked_on"), visit.field("valid_until")
    if visit.field("checked_today"):
        checked, until = _today(visit).isoformat(), (_today(visit) + _VALID_FOR).isoformat()
    return FaqFields(
        owner=visit.field("owner"),
        checked_on=_date(checked),
        valid_until=_date(until),
        status=visit.field("status"),
        source=_sources(visit.field("source", longest=20_000), before),
        related=tuple(dict.fromkeys(name for name in visit.fields("related") if name))[:3],
        answer={tag: text for tag in languages() if (text := visit.field(f"answer.{tag}", longest=6_000))},
        follow_ups={
            aspect: texts
            for aspect in ASPECTS
            if (
                texts := {
                    tag: text for tag in languages() if (text := visit.field(f"follow.{aspect}.{tag}", longest=6_000))
                }
            )
        },
        examples={
            tag: tuple(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))
            for tag in _EXAMPLE_TAGS
            if (text := visit.field(f"examples.{tag}", longest=60_000))
        },
    )


def _date(text: str) -> date | str:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text


def _source_line(source: Mapping[str, Any]) -> str:
    return " | ".join(str(source.get(key) or "") for key in ("url", "date", "confidence")).rstrip(" |")


def _sources(text: str, before: FaqFields) -> tuple[Mapping[str, Any], ...]:
    """A line each: address | date | confidence. Lines that did not change keep everything else that the file says of them."""
    known = {_source_line(source): source for source in before.source}
    found: list[Mapping[str, Any]] = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        url, day, confidence = [*(part.strip() for part in line.split("|")), "", ""][:3]
        fresh = {key: value for key, value in (("url", url), ("date", day), ("confidence", confidence)) if value}
        found.append(known.get(line, fresh))
    return tuple(found)
