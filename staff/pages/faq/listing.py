"""The list of answers with their state, and the beginning of a new question."""

import re
from dataclasses import replace

from starlette.responses import Response

from actions.faq_text import FaqFields, languages, new_text, read_fields, with_fields
from nlu.examples import MIXED
from nlu.text import normalise
from staff.faq_state import FaqState, listed
from staff.pages.faq.draft import today
from staff.visit import Visit, whole_number
from store import faq as faq_store
from store import review
from store.tables import FaqDraftRow

_MOST_TURNS = 4_000
"""Characters of the numbers of the messages that a new question settles."""
_NEW_NAME = re.compile(r"[a-z][a-z0-9_]{2,39}")


async def index(visit: Visit) -> Response:
    wanted, sought = visit.query("state"), normalise(visit.query("q"))
    lines = listed(
        visit.desk.live,
        await faq_store.drafts(visit.db),
        await faq_store.pulled(visit.db),
        today=today(visit),
        language=visit.reads,
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
    values = {
        "example": visit.query("example"),
        "example_language": visit.query("language"),
        "turns": visit.request.query_params.get("turns", "")[:_MOST_TURNS],
    }
    return visit.page("faq_new.html", problem=None, values=values, tags=languages())


async def new(visit: Visit) -> Response:
    """Begins the draft of a question that has no name yet in `data/nlu/intents.yml`."""
    name = visit.field("name", longest=40) or _name_from(visit.field("label.en", longest=20))
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
        tag = visit.field("example_language") if visit.field("example_language") in (*languages(), MIXED) else MIXED
        text = with_fields(text, replace(read_fields(text), examples={tag: (example,)}))
    turns = map(whole_number, visit.field("turns", longest=_MOST_TURNS).split(","))
    settled = [turn for turn in turns if turn is not None]
    await review.mark_handled(visit.db, settled, "draft")
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


def _name_from(english: str) -> str:
    """A name from the words of the English button: nobody should have to think of one."""
    return re.sub(r"[^a-z0-9]+", "_", normalise(english)).strip("_")


def _searched(intent: str, label: str, fields: FaqFields) -> str:
    texts = [intent, label, fields.owner, *fields.answer.values()]
    texts += [text for follow in fields.follow_ups.values() for text in follow.values()]
    return normalise(" ".join(texts))
