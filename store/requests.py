"""Queries on service requests. Every query for a person names the person's conversation, so that nobody sees another's."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from store.tables import ServiceRequestRow


async def own_request(session: AsyncSession, conversation_id: int, number: str) -> ServiceRequestRow | None:
    """The request with this number if this person made it."""
    query = select(ServiceRequestRow).filter_by(number=number, conversation_id=conversation_id)
    return (await session.scalars(query)).one_or_none()


async def own_requests(session: AsyncSession, conversation_id: int, *, limit: int = 10) -> Sequence[ServiceRequestRow]:
    """This person's requests, the newest first."""
    query = select(ServiceRequestRow).filter_by(conversation_id=conversation_id)
    return (
        await session.scalars(
            query.order_by(ServiceRequestRow.created_at.desc(), ServiceRequestRow.id.desc()).limit(limit)
        )
    ).all()


async def number_is_taken(session: AsyncSession, number: str) -> bool:
    return (await session.scalars(select(ServiceRequestRow.id).filter_by(number=number))).first() is not None


def add(session: AsyncSession, request: ServiceRequestRow) -> None:
    session.add(request)
