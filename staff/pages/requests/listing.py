"""Service requests as a list, a board or a map, many changed at once, and exports."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode

from starlette.responses import Response

from actions.places import name_of
from actions.requests import changes
from actions.requests.life import OPEN, ImpossibleChange, RequestState, needs_reason
from staff.city_map import CityMap
from staff.pages.requests.single import LONGEST, actor, send, where
from staff.visit import Visit
from store import requests as requests_store
from store.tables import ServiceRequestRow

_SHOWN = 300
_NAMED = 10
"""Requests that a sentence names; more end in dots."""
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
        "where": lambda row: where(visit, row, language),
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


async def bulk(visit: Visit) -> Response:
    """One change for all that are ticked; what is impossible for one is counted, and the others go on."""
    target, assignee, text = (
        visit.field("target"),
        visit.field("assignee", longest=80),
        visit.field("note", longest=None),
    )
    kept = {name: value for name, value in parse_qsl(visit.field("filter", longest=400)) if name in _FILTERS}
    if problem := visit.too_long(LONGEST, text) or _not_for_many(visit, target, text):
        wanted = Filter(**{name: kept.get(name, "") for name in _FILTERS}, view="")
        return await _list(visit, wanted, problem, status=400)
    desk, done, refused = visit.desk.live.house.desk, 0, list[str]()
    for number in visit.fields("number")[:500]:
        row = await requests_store.request_by_number(visit.db, number)
        if row is None:
            continue
        try:
            if target in set(RequestState):
                pushes = await changes.change_state(
                    visit.db, desk, row, RequestState(target), actor=actor(visit), now=visit.now, note=text
                )
            elif assignee:
                pushes = await changes.assign(visit.db, desk, row, actor=actor(visit), now=visit.now, assignee=assignee)
            else:
                continue
        except ImpossibleChange:
            refused.append(row.number)
            continue
        await send(visit, pushes)
        done += 1
    visit.detail |= {"done": done, "refused": len(refused)}
    said = visit.say("Demandes changées : {done}. Refusées : {refused}.", done=done, refused=len(refused))
    if refused:
        which = ", ".join(refused[:_NAMED]) + (" …" if len(refused) > _NAMED else "")
        said = f"{said} {visit.say('Impossible dans leur état : {which}.', which=which)}"
    # The log tells what was done; where nothing was, nothing is noted.
    visit.refused = not done
    if not done and not refused:
        said = visit.say("Rien n’a changé : cochez des demandes, puis choisissez un état ou une personne.")
    return visit.go("/staff/requests", said, **kept)


def _not_for_many(visit: Visit, target: str, text: str) -> str | None:
    """What would be done to none of them, or lose the words that were typed."""
    if target in set(RequestState) and needs_reason(RequestState(target)) and not text:
        return visit.say("Un refus demande une raison, que les citoyens liront.")
    if text and target not in set(RequestState):
        return visit.say("Ce message part avec un changement d’état : choisissez-en un, ou effacez le message.")
    return None


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
