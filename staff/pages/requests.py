"""Service requests: list, board, map, one request and all that may happen to it, many at once, exports."""

import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode

from starlette.responses import FileResponse, Response

from actions.places import name_of
from actions.push import Push
from actions.requests import changes
from actions.requests.life import OPEN, Actor, ImpossibleChange, RequestState, Who, next_states
from nlu.understanding import Language
from staff.city_map import CityMap
from staff.visit import NotHere, Visit
from store import requests as requests_store
from store.tables import ServiceRequestRow

LONGEST = 1_000
"""Of a message or note; a longer one is refused and stays in its box, for nobody would see where it was cut."""
_SHOWN = 300
_EXPORTED = (
    "number",
    "category",
    "state",
    "arrondissement",
    "lat",
    "lon",
    "body",
    "created_at",
    "due_at",
    "supporters",
)
_FILTERS = ("arrondissement", "category", "state", "due")
_DUE = {"overdue": timedelta(0), "2": timedelta(days=2), "7": timedelta(days=7)}
TEMPLATES = ("more", "planned", "elsewhere", "thanks")
"""Replies to the citizen that are written already, in `data/texts/<language>/desk.po`."""


@dataclass(frozen=True, slots=True)
class Filter:
    """What the list is narrowed to."""

    arrondissement: str
    category: str
    state: str
    due: str
    view: str

    @property
    def query(self) -> str:
        """The filter as it stands in an address, without the view."""
        return urlencode({name: value for name in _FILTERS if (value := getattr(self, name))})


async def index(visit: Visit) -> Response:
    number = visit.query("number").strip().upper()
    unknown = bool(number) and await requests_store.request_by_number(visit.db, number) is None
    if number and not unknown:
        return visit.go(f"/staff/requests/{number}")
    return await _list(visit, _wanted(visit), visit.say("Aucune demande n’a ce numéro.") if unknown else None)


async def _list(visit: Visit, wanted: Filter, problem: str | None, *, status: int = 200) -> Response:
    fitting = _conditions(visit, wanted)
    rows = await requests_store.all_requests(visit.db, **fitting, limit=_SHOWN)
    counts = await requests_store.count_by_arrondissement(visit.db, **fitting)
    count = sum(counts.values())
    city = visit.desk.live.house.city
    language = visit.reads
    context: dict[str, Any] = {
        "rows": rows,
        "more": max(0, count - _SHOWN),
        "wanted": wanted,
        "number": visit.query("number").strip().upper(),
        "problem": problem,
        "longest": LONGEST,
        "typed": lambda name: visit.field(name, longest=None),
        "ticked": set(visit.fields("number")),
        "states": list(RequestState),
        "open_states": [state.value for state in RequestState if state in OPEN],
        "categories": list(visit.desk.live.house.categories),
        "label": lambda category: visit.desk.live.house.knowledge.label(category, language),
        "arrondissements": [(place.id, name_of(place, language)) for place in city.arrondissements],
        "where": lambda row: _where(visit, row, language),
        "days_left": lambda row: (row.due_at - visit.now).days if row.due_at else None,
        "is_open": lambda row: RequestState(row.status) in OPEN,
    }
    if wanted.view == "map":
        drawing = CityMap(city.outlines)
        points = [
            (row, *drawing.point(row.lat, row.lon)) for row in rows if row.lat is not None and row.lon is not None
        ]
        known = {outline.id: counts.get(outline.id, 0) for outline in drawing.outlines}
        context |= {"drawing": drawing, "points": points, "counts": known, "most": max([1, *known.values()])}
    return visit.page("requests.html", status=status, **context)


async def show(visit: Visit) -> Response:
    return await _page(visit, await _row(visit))


async def change(visit: Visit) -> Response:
    """Another state; the note is what the followers read."""
    target = visit.field("target")
    if target not in set(RequestState):
        raise NotHere
    note = visit.field("note", longest=None)
    if problem := _too_long(visit, note):
        return await _page(visit, await _row(visit), problem=problem, status=400)
    return await _do(
        visit,
        lambda row: changes.change_state(
            visit.db,
            visit.desk.live.house.desk,
            row,
            RequestState(target),
            actor=_actor(visit),
            now=visit.now,
            note=note,
        ),
    )


async def assign(visit: Visit) -> Response:
    body, assignee = visit.field("body", longest=120), visit.field("assignee", longest=80)
    return await _do(
        visit,
        lambda row: changes.assign(
            visit.db,
            visit.desk.live.house.desk,
            row,
            actor=_actor(visit),
            now=visit.now,
            body=body or None,
            assignee=assignee or None,
        ),
    )


async def note(visit: Visit) -> Response:
    """A reply to those who follow, or a note that stays at the desk."""
    text, public = visit.field("text", longest=None), bool(visit.field("public"))
    if problem := _too_long(visit, text):
        return await _page(visit, await _row(visit), problem=problem, status=400)
    return await _do(
        visit,
        lambda row: changes.add_note(
            visit.db, visit.desk.live.house.desk, row, text, actor=_actor(visit), now=visit.now, public=public
        ),
    )


async def merge(visit: Visit) -> Response:
    into = await requests_store.request_by_number(visit.db, visit.field("into").upper())
    row = await _row(visit)
    if into is None:
        return await _page(visit, row, problem=visit.say("Aucune demande n’a ce numéro."), status=400)
    return await _do(
        visit,
        lambda row: changes.merge(visit.db, visit.desk.live.house.desk, row, into, actor=_actor(visit), now=visit.now),
    )


async def bulk(visit: Visit) -> Response:
    """One change for all that are ticked; what is impossible for one is counted, and the others go on."""
    target, assignee, text = (
        visit.field("target"),
        visit.field("assignee", longest=80),
        visit.field("note", longest=None),
    )
    kept = {name: value for name, value in parse_qsl(visit.field("filter", longest=400)) if name in _FILTERS}
    if problem := _too_long(visit, text):
        wanted = Filter(**{name: kept.get(name, "") for name in _FILTERS}, view="")
        return await _list(visit, wanted, problem, status=400)
    desk, done, refused = visit.desk.live.house.desk, 0, 0
    for number in visit.fields("number")[:500]:
        row = await requests_store.request_by_number(visit.db, number)
        if row is None:
            continue
        try:
            if target in set(RequestState):
                pushes = await changes.change_state(
                    visit.db, desk, row, RequestState(target), actor=_actor(visit), now=visit.now, note=text
                )
            elif assignee:
                pushes = await changes.assign(
                    visit.db, desk, row, actor=_actor(visit), now=visit.now, assignee=assignee
                )
            else:
                continue
        except ImpossibleChange:
            refused += 1
            continue
        await _send(visit, pushes)
        done += 1
    visit.detail |= {"done": done, "refused": refused}
    said = visit.say("Demandes changées : {done}. Refusées : {refused}.", done=done, refused=refused)
    # The log tells what was done; where nothing was, nothing is noted.
    visit.refused = not done
    if not done and not refused:
        said = visit.say("Rien n’a changé : cochez des demandes, puis choisissez un état ou une personne.")
    return visit.go("/staff/requests", said, **kept)


async def export_csv(visit: Visit) -> Response:
    """The filtered requests; the words of citizens are not in it."""
    rows = await _filtered(visit)
    lines = [
        (
            row.number,
            row.category,
            row.status,
            row.arrondissement,
            row.lat,
            row.lon,
            row.body,
            row.created_at.isoformat(),
            row.due_at.isoformat() if row.due_at else None,
            row.supporters,
        )
        for row in rows
    ]
    return visit.table("requests.csv", _EXPORTED, lines)


async def export_geojson(visit: Visit) -> Response:
    rows = await _filtered(visit)
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [row.lon, row.lat]},
            "properties": {
                "number": row.number,
                "category": row.category,
                "state": row.status,
                "arrondissement": row.arrondissement,
                "body": row.body,
                "created_at": row.created_at.isoformat(),
            },
        }
        for row in rows
        if row.lat is not None
    ]
    headers = {"Content-Disposition": 'attachment; filename="requests.geojson"'}
    content = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
    return Response(content, media_type="application/geo+json", headers=headers)


async def photo(visit: Visit) -> Response:
    path = visit.desk.photo(str(visit.request.path_params["reference"]))
    if path is None or path.suffix != ".jpg":
        raise NotHere
    return FileResponse(path, media_type="image/jpeg")


async def _do(visit: Visit, step: Callable[[ServiceRequestRow], Awaitable[Sequence[Push]]]) -> Response:
    """One change of the request of the path; followers are told in the same transaction."""
    row = await _row(visit)
    try:
        pushes = await step(row)
    except ImpossibleChange:
        problem = visit.say("Ce changement n’est pas possible ici. Un refus demande une raison, que le citoyen lira.")
        return await _page(visit, row, problem=problem, status=400)
    await _send(visit, pushes)
    return visit.go(
        f"/staff/requests/{row.number}", visit.say("C’est fait. Personnes prévenues : {count}.", count=len(pushes))
    )


async def _send(visit: Visit, pushes: Sequence[Push]) -> None:
    for push in pushes:
        await visit.desk.put(visit.db, visit.desk.texts, push, now=visit.now)


async def _page(visit: Visit, row: ServiceRequestRow, *, problem: str | None = None, status: int = 200) -> Response:
    house = visit.desk.live.house
    language = visit.reads
    spoken = Language(row.language)
    near = await _near(visit, row)
    drawing = CityMap(house.city.outlines)
    return visit.page(
        "request.html",
        status=status,
        row=row,
        problem=problem,
        longest=LONGEST,
        typed=lambda name: visit.field(name, longest=None),
        label=lambda category: house.knowledge.label(category, language),
        where=_where(visit, row, language),
        events=await requests_store.events_of(visit.db, row.id),
        actor=lambda event: _who(visit, event.actor),
        answers=_answers(visit, row),
        followers=len(await requests_store.followers_of(visit.db, row.id)),
        next=[
            state.value
            for state in next_states(RequestState(row.status), _actor(visit))
            if state is not RequestState.MERGED
        ],
        near=near,
        open=RequestState(row.status) in OPEN,
        bodies=sorted({category.body for category in house.categories.values()}),
        templates=[(name, visit.desk.texts.text(f"desk.template.{name}", spoken)) for name in TEMPLATES],
        use=visit.desk.texts.text(f"desk.template.{visit.query('use')}", spoken)
        if visit.query("use") in TEMPLATES
        else "",
        drawing=drawing,
        point=drawing.point(row.lat, row.lon) if row.lat is not None and row.lon is not None else None,
    )


def _too_long(visit: Visit, text: str) -> str | None:
    if len(text) <= LONGEST:
        return None
    return visit.say(
        "Ce texte est trop long : {count} caractères, {longest} au plus. Rien n’a été envoyé ; raccourcissez-le.",
        count=len(text),
        longest=LONGEST,
    )


def _answers(visit: Visit, row: ServiceRequestRow) -> list[tuple[str, str]]:
    """What the citizen said to the extra questions of the category: its name and the answer, a button's in the reader's words.
    Also where the question has left the data since: what somebody answered is not hidden."""
    questions = {question.id: question for question in visit.desk.live.house.desk.category(row).questions}
    shown = []
    for code, answer in row.answers.items():
        question = questions.get(code)
        choice = question.choices.get(answer) if question else None
        shown.append((question.name[visit.reads] if question else code, choice[visit.reads] if choice else answer))
    return shown


async def _near(visit: Visit, row: ServiceRequestRow) -> list[ServiceRequestRow]:
    """Open requests that may be about the same thing."""
    category = visit.desk.live.house.desk.category(row)
    found = await requests_store.requests_like(
        visit.db,
        categories=[row.category, *category.neighbours],
        states=[state.value for state in OPEN],
        since=visit.now - timedelta(days=category.near_days),
        position=(row.lat, row.lon) if row.lat is not None and row.lon is not None else None,
        radius_m=category.radius_m,
        arrondissement=None if row.lat is not None else row.arrondissement,
    )
    return [other for other in found if other.id != row.id][:10]


def _wanted(visit: Visit) -> Filter:
    return Filter(*(visit.query(name) for name in ("arrondissement", "category", "state", "due", "view")))


async def _filtered(visit: Visit) -> Sequence[ServiceRequestRow]:
    return await requests_store.all_requests(visit.db, **_conditions(visit, _wanted(visit)))


def _conditions(visit: Visit, wanted: Filter) -> dict[str, Any]:
    """The filter as the store takes it."""
    states = (
        [wanted.state]
        if wanted.state in set(RequestState)
        else [state.value for state in OPEN]
        if wanted.state in ("", "open")
        else []
    )
    due = _DUE.get(wanted.due)
    return {
        "arrondissement": wanted.arrondissement or None,
        "categories": [wanted.category] if wanted.category else [],
        "states": states,
        "due_before": visit.now + due if due is not None else None,
    }


async def _row(visit: Visit) -> ServiceRequestRow:
    row = await requests_store.request_by_number(visit.db, str(visit.request.path_params["number"]))
    if row is None:
        raise NotHere
    return row


def _where(visit: Visit, row: ServiceRequestRow, language: Language) -> str:
    place = visit.desk.live.house.city.place(row.arrondissement) if row.arrondissement else None
    return ", ".join(part for part in (row.place_text, name_of(place, language) if place else "") if part)


def _who(visit: Visit, actor: str) -> str:
    """Who did something to a request: a role in words, and the name of a colleague or of a service."""
    who, _, name = actor.partition(":")
    said = visit.say(f"actor.{who}") if who in set(Who) else who
    return f"{said} ({name})" if name else said


def _actor(visit: Visit) -> Actor:
    return Actor(Who.STAFF, visit.account.name)
