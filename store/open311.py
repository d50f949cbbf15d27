"""Queries of the Open311 interface. What the public may see is decided here, so that no page can forget it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from store.tables import ApiKeyRow, ForwardRow, RequestEventRow, RequestTokenRow, ServiceRequestRow


@dataclass(frozen=True, slots=True)
class Window:
    """A part of the requests, the newest first. `categories` is what the asker may see at all."""

    categories: Collection[str]
    states: Collection[str]
    start: datetime
    end: datetime
    first: int
    count: int


async def listed_requests(session: AsyncSession, window: Window) -> Sequence[ServiceRequestRow]:
    """The requests of a window."""
    query = select(ServiceRequestRow).where(
        ServiceRequestRow.category.in_(window.categories),
        ServiceRequestRow.status.in_(window.states),
        ServiceRequestRow.created_at >= window.start,
        ServiceRequestRow.created_at <= window.end,
    )
    order = (ServiceRequestRow.created_at.desc(), ServiceRequestRow.id.desc())
    return (await session.scalars(query.order_by(*order).offset(window.first).limit(window.count))).all()


async def requests_by_numbers(
    session: AsyncSession, numbers: Collection[str], categories: Collection[str]
) -> Sequence[ServiceRequestRow]:
    """The requests with these numbers, of the categories that the asker may see."""
    query = select(ServiceRequestRow).where(
        ServiceRequestRow.number.in_(numbers), ServiceRequestRow.category.in_(categories)
    )
    return (await session.scalars(query.order_by(ServiceRequestRow.id))).all()


async def latest_public_notes(session: AsyncSession, request_ids: Collection[int]) -> dict[int, str]:
    """What the office last said of each request, where it said anything."""
    query = (
        select(RequestEventRow.request_id, RequestEventRow.note)
        .where(RequestEventRow.request_id.in_(request_ids), RequestEventRow.public, RequestEventRow.note.is_not(None))
        .where(RequestEventRow.actor != "citizen")
        .order_by(RequestEventRow.id)
    )
    return {request_id: note for request_id, note in (await session.execute(query)).all() if note}


async def listed_events(
    session: AsyncSession,
    *,
    categories: Collection[str],
    number: str | None,
    start: datetime,
    end: datetime,
    first: int,
    count: int,
) -> Sequence[tuple[RequestEventRow, ServiceRequestRow]]:
    """The steps of requests between two moments, the oldest first, each with its request."""
    query = (
        select(RequestEventRow, ServiceRequestRow)
        .join(ServiceRequestRow, ServiceRequestRow.id == RequestEventRow.request_id)
        .where(RequestEventRow.at >= start, RequestEventRow.at <= end)
        .where(ServiceRequestRow.category.in_(categories))
        .where(RequestEventRow.to_status.is_not(None) | RequestEventRow.public)
    )
    if number:
        query = query.where(ServiceRequestRow.number == number)
    rows = (await session.execute(query.order_by(RequestEventRow.id).offset(first).limit(count))).all()
    return [(event, request) for event, request in rows]


async def api_key(session: AsyncSession, key_hash: str) -> ApiKeyRow | None:
    """The application with this key, unless it was disabled."""
    query = select(ApiKeyRow).filter_by(key_hash=key_hash).where(ApiKeyRow.disabled_at.is_(None))
    return (await session.scalars(query)).one_or_none()


async def api_keys(session: AsyncSession) -> Sequence[ApiKeyRow]:
    return (await session.scalars(select(ApiKeyRow).order_by(ApiKeyRow.name))).all()


async def api_key_named(session: AsyncSession, name: str) -> ApiKeyRow | None:
    return (await session.scalars(select(ApiKeyRow).filter_by(name=name))).one_or_none()


async def request_of_token(session: AsyncSession, token: str, categories: Collection[str]) -> ServiceRequestRow | None:
    """The request behind a token."""
    query = (
        select(ServiceRequestRow)
        .join(RequestTokenRow, RequestTokenRow.request_id == ServiceRequestRow.id)
        .where(RequestTokenRow.token == token, ServiceRequestRow.category.in_(categories))
    )
    return (await session.scalars(query)).one_or_none()


async def not_forwarded_yet(
    session: AsyncSession, *, since: datetime, states: Collection[str], limit: int
) -> Sequence[ServiceRequestRow]:
    """Requests that no back end was told of, the oldest first."""
    query = (
        select(ServiceRequestRow)
        .outerjoin(ForwardRow, ForwardRow.request_id == ServiceRequestRow.id)
        .where(ForwardRow.request_id.is_(None), ServiceRequestRow.external_id.is_(None))
        .where(ServiceRequestRow.created_at >= since, ServiceRequestRow.status.in_(states))
    )
    return (await session.scalars(query.order_by(ServiceRequestRow.id).limit(limit))).all()


async def due_forwards(
    session: AsyncSession, now: datetime, *, limit: int
) -> Sequence[tuple[ForwardRow, ServiceRequestRow]]:
    """What is to be sent, looked up or asked for again now."""
    query = (
        select(ForwardRow, ServiceRequestRow)
        .join(ServiceRequestRow, ServiceRequestRow.id == ForwardRow.request_id)
        .where(ForwardRow.state.in_(("waiting", "uncertain")), ForwardRow.next_try_at <= now)
    )
    rows = (await session.execute(query.order_by(ForwardRow.next_try_at).limit(limit))).all()
    return [(forward, request) for forward, request in rows]


async def forward_of(session: AsyncSession, request_id: int) -> ForwardRow | None:
    return await session.get(ForwardRow, request_id)


async def failed_forwards(session: AsyncSession) -> Sequence[tuple[ForwardRow, ServiceRequestRow]]:
    """What did not get to a back end, for good ("refused") or so far; staff look at it."""
    query = (
        select(ForwardRow, ServiceRequestRow)
        .join(ServiceRequestRow, ServiceRequestRow.id == ForwardRow.request_id)
        .where(ForwardRow.state != "sent", ForwardRow.reason.is_not(None))
        .order_by(ForwardRow.state, ForwardRow.request_id)
    )
    return [(forward, request) for forward, request in (await session.execute(query)).all()]


async def retry_forward(session: AsyncSession, number: str, *, now: datetime) -> bool:
    """Lets a request that has not arrived at the back end be tried at once; false where none with this number is to go there.

    What perhaps arrived is still looked for first.
    """
    forward = await session.scalar(
        select(ForwardRow)
        .join(ServiceRequestRow, ServiceRequestRow.id == ForwardRow.request_id)
        .where(ServiceRequestRow.number == number, ForwardRow.state != "sent")
    )
    if forward is None:
        return False
    forward.state = "waiting" if forward.state == "refused" else forward.state
    forward.attempts, forward.next_try_at = 0, now
    return True


async def watched_upstream(
    session: AsyncSession, system: str, *, changed_since: datetime, ended: Collection[str]
) -> Sequence[ServiceRequestRow]:
    """Requests that a back end works on: open ones, and ended ones for a while, in case it opens them again."""
    query = select(ServiceRequestRow).where(
        ServiceRequestRow.external_system == system,
        ServiceRequestRow.external_id.is_not(None),
        ServiceRequestRow.status.not_in(ended) | (ServiceRequestRow.status_since >= changed_since),
    )
    return (await session.scalars(query.order_by(ServiceRequestRow.id))).all()


def add_token(session: AsyncSession, token: str, request_id: int) -> None:
    session.add(RequestTokenRow(token=token, request_id=request_id))


def add_key(session: AsyncSession, row: ApiKeyRow) -> None:
    session.add(row)


def add_forward(session: AsyncSession, row: ForwardRow) -> None:
    session.add(row)
