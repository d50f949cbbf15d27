"""One service request, and all that may happen to it."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

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
TEMPLATES = ("more", "planned", "elsewhere", "thanks")
"""Replies to the citizen that are written already, in `data/texts/<language>/desk.po`."""


async def show(visit: Visit) -> Response:
    return await _page(visit, await _row(visit))


async def change(visit: Visit) -> Response:
    """Another state; the note is what the followers read."""
    target = visit.field("target")
    if target not in set(RequestState):
        raise NotHere
    note = visit.field("note", longest=None)
    if problem := visit.too_long(LONGEST, note):
        return await _page(visit, await _row(visit), problem=problem, status=400)
    return await _do(
        visit,
        lambda row: changes.change_state(
            visit.db,
            visit.desk.live.house.desk,
            row,
            RequestState(target),
            actor=actor(visit),
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
            actor=actor(visit),
            now=visit.now,
            body=body or None,
            assignee=assignee or None,
        ),
    )


async def note(visit: Visit) -> Response:
    """A reply to those who follow, or a note that stays at the desk."""
    text, public = visit.field("text", longest=None), bool(visit.field("public"))
    if problem := visit.too_long(LONGEST, text):
        return await _page(visit, await _row(visit), problem=problem, status=400)
    return await _do(
        visit,
        lambda row: changes.add_note(
            visit.db, visit.desk.live.house.desk, row, text, actor=actor(visit), now=visit.now, public=public
        ),
    )


async def merge(visit: Visit) -> Response:
    into = await requests_store.request_by_number(visit.db, visit.field("into").upper())
    row = await _row(visit)
    if into is None:
        return await _page(visit, row, problem=visit.say("Aucune demande n’a ce numéro."), status=400)
    return await _do(
        visit,
        lambda row: changes.merge(visit.db, visit.desk.live.house.desk, row, into, actor=actor(visit), now=visit.now),
    )


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
    await send(visit, pushes)
    return visit.go(
        f"/staff/requests/{row.number}", visit.say("C’est fait. Personnes prévenues : {count}.", count=len(pushes))
    )


async def send(visit: Visit, pushes: Sequence[Push]) -> None:
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
        where=where(visit, row, language),
        events=await requests_store.events_of(visit.db, row.id),
        actor=lambda event: _who(visit, event.actor),
        answers=_answers(visit, row),
        followers=len(await requests_store.followers_of(visit.db, row.id)),
        next=[
            state.value
            for state in next_states(RequestState(row.status), actor(visit))
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


async def _row(visit: Visit) -> ServiceRequestRow:
    row = await requests_store.request_by_number(visit.db, str(visit.request.path_params["number"]))
    if row is None:
        raise NotHere
    return row


def where(visit: Visit, row: ServiceRequestRow, language: Language) -> str:
    place = visit.desk.live.house.city.place(row.arrondissement) if row.arrondissement else None
    return ", ".join(part for part in (row.place_text, name_of(place, language) if place else "") if part)


def _who(visit: Visit, actor: str) -> str:
    """Who did something to a request: a role in words, and the name of a colleague or of a service."""
    who, _, name = actor.partition(":")
    said = visit.say(f"actor.{who}") if who in set(Who) else who
    return f"{said} ({name})" if name else said


def actor(visit: Visit) -> Actor:
    return Actor(Who.STAFF, visit.account.name)
