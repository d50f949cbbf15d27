"""Queries on service requests. Every query for a person names the person's conversation, so that nobody sees another's."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from store.database import may_have_changed
from store.tables import ConversationRow, RequestEventRow, RequestFollowerRow, ServiceRequestRow

_METRES_PER_DEGREE = 111_195
"""Of latitude; a degree of longitude is shorter, in Casablanca by a sixth."""
_MAX_CANDIDATES = 200


async def own_request(session: AsyncSession, conversation_id: int, number: str) -> ServiceRequestRow | None:
    """The request with this number if this person made it or follows it."""
    query = select(ServiceRequestRow).filter_by(number=number).where(_own(conversation_id))
    return (await session.scalars(query)).one_or_none()


async def own_requests(session: AsyncSession, conversation_id: int, *, limit: int = 10) -> Sequence[ServiceRequestRow]:
    """The requests this person made or follows, the newest first."""
    query = select(ServiceRequestRow).where(_own(conversation_id))
    order = (ServiceRequestRow.created_at.desc(), ServiceRequestRow.id.desc())
    return (await session.scalars(query.order_by(*order).limit(limit))).all()


async def filed_by(session: AsyncSession, conversation_id: int) -> Sequence[ServiceRequestRow]:
    """All requests this person made, without those they only follow."""
    return (await session.scalars(select(ServiceRequestRow).filter_by(conversation_id=conversation_id))).all()


async def requests_made_since(session: AsyncSession, conversation_id: int, since: datetime) -> int:
    """How many requests this person filed since a moment."""
    query = select(func.count()).select_from(ServiceRequestRow).filter_by(conversation_id=conversation_id)
    return int(await session.scalar(query.where(ServiceRequestRow.created_at >= since)) or 0)


async def notes_by_citizens(session: AsyncSession, request_id: int) -> int:
    """How many notes the people who follow a request have added to it."""
    query = select(func.count()).select_from(RequestEventRow).filter_by(request_id=request_id, kind="note")
    return int(await session.scalar(query.where(RequestEventRow.conversation_id.is_not(None))) or 0)


async def request_by_number(session: AsyncSession, number: str) -> ServiceRequestRow | None:
    """For staff and the city's systems: any request."""
    return (await session.scalars(select(ServiceRequestRow).filter_by(number=number))).one_or_none()


async def lock(session: AsyncSession, *rows: ServiceRequestRow) -> None:
    """Makes requests nobody else's to change until the transaction ends, and brings the rows up to date.

    SQLite has one writing transaction at a time; whoever asks it here has begun one.
    """
    for row in sorted(rows, key=lambda row: row.id):  # In one order, so that no two wait for each other.
        if may_have_changed(session):
            await session.refresh(row, with_for_update={"key_share": True})


async def request_by_external_id(session: AsyncSession, system: str, external_id: str) -> ServiceRequestRow | None:
    """For the city's systems: the request that a back end knows by this id."""
    query = select(ServiceRequestRow).filter_by(external_system=system, external_id=external_id)
    return (await session.scalars(query.limit(1))).one_or_none()


async def all_requests(
    session: AsyncSession,
    *,
    arrondissement: str | None = None,
    categories: Collection[str] = (),
    states: Collection[str] = (),
    due_before: datetime | None = None,
    limit: int | None = None,
) -> Sequence[ServiceRequestRow]:
    """For staff: all requests that fit every filter given, the most urgent first (nearest deadline, then oldest)."""
    fits = _fits(arrondissement, categories, states, due_before)
    query = select(ServiceRequestRow).where(*fits)
    order = (ServiceRequestRow.due_at.is_(None), ServiceRequestRow.due_at, ServiceRequestRow.id)
    return (await session.scalars(query.order_by(*order).limit(limit))).all()


async def count_by_arrondissement(
    session: AsyncSession,
    *,
    arrondissement: str | None = None,
    categories: Collection[str] = (),
    states: Collection[str] = (),
    due_before: datetime | None = None,
) -> dict[str | None, int]:
    """How many requests fit every filter given, by arrondissement; None where that is not known."""
    fits = _fits(arrondissement, categories, states, due_before)
    where = ServiceRequestRow.arrondissement
    rows = (await session.execute(select(where, func.count()).where(*fits).group_by(where))).all()
    return {row[0]: row[1] for row in rows}


def _fits(
    arrondissement: str | None, categories: Collection[str], states: Collection[str], due_before: datetime | None
) -> list[ColumnElement[bool]]:
    row, conditions = ServiceRequestRow, list[ColumnElement[bool]]()
    if arrondissement:
        conditions.append(row.arrondissement == arrondissement)
    if categories:
        conditions.append(row.category.in_(categories))
    if states:
        conditions.append(row.status.in_(states))
    if due_before:
        conditions.append(row.due_at <= due_before)
    return conditions


async def count_by_category(session: AsyncSession, states: Collection[str]) -> dict[str, int]:
    """How many requests in these states each category has, of those that have any."""
    query = select(ServiceRequestRow.category, func.count()).where(ServiceRequestRow.status.in_(states))
    rows = (await session.execute(query.group_by(ServiceRequestRow.category))).all()
    return {row[0]: row[1] for row in rows}


async def requests_like(
    session: AsyncSession,
    *,
    categories: Collection[str],
    states: Collection[str],
    since: datetime,
    position: tuple[float, float] | None,
    radius_m: float,
    arrondissement: str | None,
) -> Sequence[ServiceRequestRow]:
    """Requests that may be about the same thing: of these categories, and in a square around a position or in the same
    arrondissement. A coarse net; `actions.requests.duplicates` decides."""
    near: list[ColumnElement[bool]] = []
    if position:
        north, east = radius_m / _METRES_PER_DEGREE, radius_m / _METRES_PER_DEGREE * 1.25
        lat, lon = position
        near.append(
            and_(
                ServiceRequestRow.lat.between(lat - north, lat + north),
                ServiceRequestRow.lon.between(lon - east, lon + east),
            )
        )
    if arrondissement:
        near.append(ServiceRequestRow.arrondissement == arrondissement)
    if not near:
        near.append(ServiceRequestRow.arrondissement.is_(None))
    query = select(ServiceRequestRow).where(
        ServiceRequestRow.category.in_(categories),
        ServiceRequestRow.status.in_(states),
        ServiceRequestRow.created_at >= since,
        or_(*near),
    )
    return (await session.scalars(query.order_by(ServiceRequestRow.id.desc()).limit(_MAX_CANDIDATES))).all()


async def requests_in_state_since(
    session: AsyncSession, states: Collection[str], before: datetime
) -> Sequence[ServiceRequestRow]:
    """Requests that came into one of these states before a moment and are still there."""
    query = select(ServiceRequestRow).where(
        ServiceRequestRow.status.in_(states), ServiceRequestRow.status_since <= before
    )
    return (await session.scalars(query.order_by(ServiceRequestRow.id))).all()


async def requests_with_deadline(
    session: AsyncSession, states: Collection[str], *, reminded_below: int
) -> Sequence[ServiceRequestRow]:
    """Requests in these states that have a deadline and for which not every reminder was given."""
    query = select(ServiceRequestRow).where(
        ServiceRequestRow.status.in_(states),
        ServiceRequestRow.due_at.is_not(None),
        ServiceRequestRow.reminded_percent < reminded_below,
    )
    return (await session.scalars(query.order_by(ServiceRequestRow.id))).all()


async def fixed_and_not_asked(session: AsyncSession, state: str, *, before: datetime) -> Sequence[ServiceRequestRow]:
    """Requests that came into this state before a moment and whose followers were not asked since."""
    asked = select(RequestEventRow.id).where(
        RequestEventRow.request_id == ServiceRequestRow.id,
        RequestEventRow.kind == "survey",
        RequestEventRow.at >= ServiceRequestRow.status_since,
    )
    query = (
        select(ServiceRequestRow)
        .filter_by(status=state)
        .where(ServiceRequestRow.status_since <= before, ~asked.exists())
    )
    return (await session.scalars(query.order_by(ServiceRequestRow.id))).all()


async def number_is_taken(session: AsyncSession, number: str) -> bool:
    return (await session.scalars(select(ServiceRequestRow.id).filter_by(number=number))).first() is not None


def add(session: AsyncSession, request: ServiceRequestRow) -> None:
    session.add(request)


async def add_event(session: AsyncSession, event: RequestEventRow) -> int:
    """Writes a line of the audit trail; its id."""
    session.add(event)
    await session.flush()
    return event.id


async def events_of(session: AsyncSession, request_id: int, *, public_only: bool = False) -> Sequence[RequestEventRow]:
    """The audit trail of a request, the oldest line first; `public_only` leaves out what only staff may read."""
    query = select(RequestEventRow).filter_by(request_id=request_id)
    if public_only:
        query = query.where(or_(RequestEventRow.public, RequestEventRow.kind.in_(("filed", "state", "merged"))))
    return (await session.scalars(query.order_by(RequestEventRow.id))).all()


async def followers_of(session: AsyncSession, request_id: int) -> Sequence[ConversationRow]:
    """The conversations that are told of every change of a request."""
    query = select(ConversationRow).join(RequestFollowerRow, RequestFollowerRow.conversation_id == ConversationRow.id)
    query = query.filter(RequestFollowerRow.request_id == request_id).order_by(ConversationRow.id)
    return (await session.scalars(query)).all()


async def is_followed_by(session: AsyncSession, request_id: int, conversation_id: int) -> bool:
    return await session.get(RequestFollowerRow, (request_id, conversation_id)) is not None


async def add_follower(session: AsyncSession, request_id: int, conversation_id: int, *, since: datetime) -> bool:
    """Lets a conversation follow a request; false where it did already."""
    if await is_followed_by(session, request_id, conversation_id):
        return False
    session.add(RequestFollowerRow(request_id=request_id, conversation_id=conversation_id, since=since))
    await session.flush()
    return True


async def remove_follower(session: AsyncSession, request_id: int, conversation_id: int) -> None:
    await session.execute(delete(RequestFollowerRow).filter_by(request_id=request_id, conversation_id=conversation_id))


def _own(conversation_id: int) -> ColumnElement[bool]:
    followed = select(RequestFollowerRow.request_id).filter_by(conversation_id=conversation_id)
    return or_(ServiceRequestRow.conversation_id == conversation_id, ServiceRequestRow.id.in_(followed))
