""" "You are the 8th": open requests like the one in hand are shown before it is filed; "+1" follows and counts."""

from datetime import timedelta

from actions.places import name_of
from actions.reply import Choice, Lines, Reply, Say, Words, say
from actions.requests import changes
from actions.requests.changes import MAX_PHOTOS
from actions.requests.duplicates import Duplicate, Spot, nearby_duplicates, position_of, same_things
from actions.requests.life import OPEN
from actions.state import RequestForm
from actions.turn import Turn, button, with_choices
from store import requests as requests_store
from store.tables import ServiceRequestRow


async def ask_whether_same(turn: Turn, form: RequestForm) -> Reply | None:
    """Shows the open requests that may be the same thing, by age and distance; None when there is none."""
    found = await _similar(turn, form)
    if not found:
        return None
    form.asking = "same"
    heading = Say("request.similar", count=len(found))
    lines = Lines((heading, *(_line(turn, duplicate) for duplicate in found)))
    if len(found) == 1:
        join = [button("request.button.join", f"r:join:{found[0].row.number}")]
    else:
        join = [Choice(Words(duplicate.row.number), f"r:join:{duplicate.row.number}") for duplicate in found]
    return with_choices(
        Reply((lines,)),
        *join,
        button("request.button.not_same", "r:join:none"),
        button("request.button.cancel", "r:cancel"),
    )


async def only_similar(turn: Turn, form: RequestForm) -> str | None:
    """The number of the request that a bare yes means; None when several were shown."""
    found = await _similar(turn, form)
    return found[0].row.number if len(found) == 1 else None


async def join(turn: Turn, form: RequestForm, number: str) -> Reply | None:
    """Counts this person among those who reported it, instead of filing a duplicate; None for a number not shown."""
    row = next((found.row for found in await _similar(turn, form) if found.row.number == number), None)
    if row is None:
        return None
    if form.anonymous:
        await changes.support_unknown(turn.session, row, now=turn.now)
        counted = True
    else:
        counted = await changes.support(turn.session, row, turn.conversation_id, now=turn.now)
    for photo in form.photos[: max(0, MAX_PHOTOS - len(row.photos))]:
        await changes.add_photo(turn.session, row, photo, now=turn.now)
    if not counted:
        return _followed_already(row)
    told = say(
        "request.joined_anonymously" if form.anonymous else "request.joined", count=row.supporters, number=number
    )
    return told if form.anonymous else _with_status(told, number, turn)


def _followed_already(row: ServiceRequestRow) -> Reply:
    return with_choices(
        say("request.joined_already", number=row.number), button("request.button.status", f"s:{row.number}")
    )


def _with_status(reply: Reply, number: str, turn: Turn) -> Reply:
    return with_choices(reply, button("request.button.status", f"s:{number}"), turn.intent_choice("request/list"))


async def _similar(turn: Turn, form: RequestForm) -> list[Duplicate]:
    category = turn.house.categories[form.intent]
    arrondissement = None if form.arrondissement == "unknown" else form.arrondissement
    position = position_of(turn.house.city, form.place_id, form.lat, form.lon)
    candidates = await requests_store.requests_like(
        turn.session,
        categories=same_things(turn.house.categories, category),
        states=OPEN,
        since=turn.now - timedelta(days=category.near_days),
        position=position,
        radius_m=category.radius_m,
        arrondissement=arrondissement,
    )
    return nearby_duplicates(
        Spot(position, form.place_id, form.place_text, arrondissement),
        category,
        candidates,
        city=turn.house.city,
        fillers=turn.house.report_words.place_fillers,
        now=turn.now,
    )


def _line(turn: Turn, duplicate: Duplicate) -> Say:
    """What anybody may know of a request: its kind, distance, age and how many reported it; not the other's words."""
    row = duplicate.row
    return Say(
        "request.similar_line",
        {
            "number": row.number,
            "what": Words(turn.house.knowledge.label(row.category, turn.language)),
            "where": _where(turn, duplicate),
            "age": age_in_words(turn, row),
            "people": Say("request.people", count=row.supporters),
        },
    )


def _where(turn: Turn, duplicate: Duplicate) -> Say:
    if duplicate.metres is not None:
        return Say("request.distance", {"metres": max(10, round(duplicate.metres, -1))})
    arrondissement = duplicate.row.arrondissement
    if arrondissement is None:
        return Say("request.same_spot")
    name = name_of(turn.house.city.place(arrondissement), turn.language)
    return Say("request.same_spot_in", {"arrondissement": Words(name)})


def age_in_words(turn: Turn, row: ServiceRequestRow) -> Say:
    days = (turn.now.date() - row.created_at.astimezone(turn.now.tzinfo).date()).days
    return Say("request.age.today") if days <= 0 else Say("request.age.days", count=days)
