"""Everything that may happen to a service request, for the chat, staff commands, the console and the city's systems alike.

Each function locks the row, changes it, writes the audit trail, and returns what followers are to be told, once each. Times have
a zone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from actions.desk import Desk
from actions.push import Push
from actions.requests import news
from actions.requests.deadlines import due_date
from actions.requests.life import (
    CITIZEN,
    OPEN,
    Actor,
    ImpossibleChange,
    RequestState,
    check_change,
    next_states,
)
from actions.requests.numbers import new_number
from nlu.understanding import Language
from store import requests as requests_store
from store.tables import RequestEventRow, ServiceRequestRow

MAX_PHOTOS = 3


@dataclass(frozen=True, slots=True)
class Draft:
    """A request that is about to be filed. Without a `conversation_id` it is anonymous: nobody is told of its fate."""

    category: str
    description: str
    language: Language
    conversation_id: int | None = None
    place_text: str = ""
    place_id: str | None = None
    arrondissement: str | None = None
    lat: float | None = None
    lon: float | None = None
    photos: tuple[str, ...] = ()
    answers: dict[str, str] = field(default_factory=dict)


async def file_request(
    session: AsyncSession, desk: Desk, draft: Draft, *, now: datetime, actor: Actor = CITIZEN
) -> ServiceRequestRow:
    """Stores a new request with its number, office and deadline; who made it follows it."""
    number = new_number()
    while await requests_store.number_is_taken(session, number):
        number = new_number()
    category = desk.categories[draft.category]
    row = ServiceRequestRow(
        number=number,
        conversation_id=draft.conversation_id,
        category=draft.category,
        description=draft.description,
        place_text=draft.place_text,
        place_id=draft.place_id,
        arrondissement=draft.arrondissement,
        lat=draft.lat,
        lon=draft.lon,
        photos=list(draft.photos),
        answers=dict(draft.answers),
        status=RequestState.RECEIVED.value,
        status_since=now,
        language=draft.language.value,
        body=category.body_in(draft.arrondissement),
        due_at=due_date(category, now),
        reminded_percent=0,
        supporters=1,
        created_at=now,
        updated_at=now,
    )
    requests_store.add(session, row)
    await session.flush()
    await record(session, row, "filed", actor, now=now, target=RequestState.RECEIVED)
    if draft.conversation_id is not None:
        await requests_store.add_follower(session, row.id, draft.conversation_id, since=now)
    return row


async def change_state(
    session: AsyncSession,
    desk: Desk,
    row: ServiceRequestRow,
    target: RequestState,
    *,
    actor: Actor,
    now: datetime,
    note: str | None = None,
    by_conversation: int | None = None,
) -> list[Push]:
    """Leads a request to another state; `note` is the reason, which followers read. Raises `ImpossibleChange`.

    `by_conversation`: the citizen who did it, who reads of it in the reply and needs no push.
    """
    note = (note or "").strip() or None
    await requests_store.lock(session, row)
    source = RequestState(row.status)
    check_change(source, target, actor, reason=note)
    row.status, row.status_since, row.updated_at = target.value, now, now
    if target is RequestState.REOPENED:
        # The office gets its time again, and its reminders.
        row.due_at, row.reminded_percent = due_date(desk.category(row), now), 0
        row.merged_into_id = None
    event = await record(
        session,
        row,
        "state",
        actor,
        now=now,
        source=source,
        target=target,
        note=note,
        public=True,
        conversation_id=by_conversation,
    )
    return await _tell(session, desk, row, event, besides=by_conversation)


async def assign(
    session: AsyncSession,
    desk: Desk,
    row: ServiceRequestRow,
    *,
    actor: Actor,
    now: datetime,
    body: str | None = None,
    assignee: str | None = None,
) -> list[Push]:
    """Hands a request to an office or a person. Followers are told when it becomes assigned or goes to another office,
    not who works on it. Raises `ImpossibleChange` for a request that nobody works on any more."""
    await requests_store.lock(session, row)
    state = RequestState(row.status)
    if state not in OPEN:
        raise ImpossibleChange(f"{row.number} is {state}; reopen it before assigning it")
    detail = {"body": body or row.body, "assignee": assignee or row.assignee}
    moved = bool(body) and body != row.body
    row.body, row.assignee, row.updated_at = detail["body"] or "", detail["assignee"], now
    becomes = RequestState.ASSIGNED if RequestState.ASSIGNED in next_states(state, actor) else None
    if becomes:
        row.status, row.status_since = becomes.value, now
    event = await record(session, row, "assigned", actor, now=now, source=state, target=becomes, detail=detail)
    return await _tell(session, desk, row, event) if becomes or moved else []


async def add_note(
    session: AsyncSession,
    desk: Desk,
    row: ServiceRequestRow,
    text: str,
    *,
    actor: Actor,
    now: datetime,
    public: bool,
    by_conversation: int | None = None,
) -> list[Push]:
    """Writes a note: followers read a public one, an internal one stays with staff."""
    text = text.strip()
    if not text:
        raise ImpossibleChange("an empty note says nothing")
    row.updated_at = now
    event = await record(
        session, row, "note", actor, now=now, note=text, public=public, conversation_id=by_conversation
    )
    return await _tell(session, desk, row, event, besides=by_conversation) if public else []


async def merge(
    session: AsyncSession,
    desk: Desk,
    duplicate: ServiceRequestRow,
    into: ServiceRequestRow,
    *,
    actor: Actor,
    now: datetime,
) -> list[Push]:
    """Makes one request of two that are about the same thing: followers of the duplicate follow the other and are told."""
    await requests_store.lock(session, duplicate, into)
    if duplicate.id == into.id:
        raise ImpossibleChange(f"{into.number} cannot be merged into itself")
    if RequestState(into.status) not in OPEN:
        raise ImpossibleChange(f"{into.number} is {into.status}; only an open request takes another one in")
    source = RequestState(duplicate.status)
    check_change(source, RequestState.MERGED, actor, reason=None)
    followers = await requests_store.followers_of(session, duplicate.id)
    for follower in followers:
        await requests_store.add_follower(session, into.id, follower.id, since=now)
    into.supporters += duplicate.supporters
    into.updated_at = duplicate.updated_at = duplicate.status_since = now
    duplicate.status, duplicate.merged_into_id = RequestState.MERGED.value, into.id
    event = await record(
        session,
        duplicate,
        "merged",
        actor,
        now=now,
        source=source,
        target=RequestState.MERGED,
        detail={"into": into.number},
    )
    await record(session, into, "merged", actor, now=now, detail={"from": duplicate.number})
    return await _tell(session, desk, duplicate, event)


async def support(session: AsyncSession, row: ServiceRequestRow, conversation_id: int, *, now: datetime) -> bool:
    """ "Me too": counts once a person and lets them follow; false where they did already."""
    await requests_store.lock(session, row)
    if not await requests_store.add_follower(session, row.id, conversation_id, since=now):
        return False
    row.supporters += 1
    row.updated_at = now
    await record(session, row, "support", CITIZEN, now=now, detail={"supporters": row.supporters})
    return True


async def support_unknown(session: AsyncSession, row: ServiceRequestRow, *, now: datetime) -> None:
    """ "Me too" of somebody who reports without a name: counts, and nobody knows who it was."""
    await requests_store.lock(session, row)
    row.supporters += 1
    row.updated_at = now
    await record(session, row, "support", CITIZEN, now=now, detail={"supporters": row.supporters})


async def withdraw(
    session: AsyncSession, desk: Desk, row: ServiceRequestRow, conversation_id: int, *, now: datetime
) -> bool:
    """The person no longer wants it. A request that others follow goes on without them: then false."""
    await requests_store.lock(session, row)
    others = [f for f in await requests_store.followers_of(session, row.id) if f.id != conversation_id]
    if not others and row.supporters <= 1:
        await change_state(
            session, desk, row, RequestState.WITHDRAWN, actor=CITIZEN, now=now, by_conversation=conversation_id
        )
        return True
    await requests_store.remove_follower(session, row.id, conversation_id)
    if row.conversation_id == conversation_id:
        row.conversation_id = None
    row.supporters -= 1
    await record(session, row, "support", CITIZEN, now=now, detail={"supporters": row.supporters})
    return False


async def add_photo(session: AsyncSession, row: ServiceRequestRow, photo: str, *, now: datetime) -> bool:
    """A photo that comes after filing; false where the request has it already."""
    await requests_store.lock(session, row)
    if photo in row.photos or len(row.photos) >= MAX_PHOTOS:
        return False
    row.photos, row.updated_at = [*row.photos, photo], now
    await record(session, row, "photo", CITIZEN, now=now, detail={"photos": len(row.photos)})
    return True


async def remove_photo(session: AsyncSession, row: ServiceRequestRow, photo: str, *, now: datetime) -> None:
    """A photo that was meant for something else."""
    await requests_store.lock(session, row)
    row.photos, row.updated_at = [kept for kept in row.photos if kept != photo], now
    await record(session, row, "photo", CITIZEN, now=now, detail={"photos": len(row.photos)})


async def answer_question(
    session: AsyncSession, row: ServiceRequestRow, question: str, answer: str, *, now: datetime
) -> None:
    """What was answered to an extra question of the category."""
    await requests_store.lock(session, row)
    row.answers, row.updated_at = {**row.answers, question: answer}, now
    await record(session, row, "edited", CITIZEN, now=now, detail={"question": question})


async def record(
    session: AsyncSession,
    row: ServiceRequestRow,
    kind: str,
    actor: Actor,
    *,
    now: datetime,
    source: RequestState | None = None,
    target: RequestState | None = None,
    note: str | None = None,
    public: bool = False,
    conversation_id: int | None = None,
    detail: Mapping[str, str | int | None] | None = None,
) -> RequestEventRow:
    """Writes a line of the audit trail."""
    event = RequestEventRow(
        request_id=row.id,
        at=now,
        kind=kind,
        actor=str(actor),
        conversation_id=conversation_id,
        from_status=source.value if source else None,
        to_status=target.value if target else None,
        note=note,
        public=public,
        detail=dict(detail or {}),
    )
    await requests_store.add_event(session, event)
    return event


async def _tell(
    session: AsyncSession, desk: Desk, row: ServiceRequestRow, event: RequestEventRow, *, besides: int | None = None
) -> list[Push]:
    """One push to each follower, in the language their conversation speaks."""
    followers = await requests_store.followers_of(session, row.id)
    return [
        Push(
            conversation_id=follower.id,
            key=f"request:{row.number}:{event.kind}:{event.id}",
            reply=news.of_event(desk, row, event, news.language_of(follower)),
            awaiting=f"fixed:{row.number}" if event.to_status == RequestState.FIXED else None,
        )
        for follower in followers
        if follower.id != besides
    ]
