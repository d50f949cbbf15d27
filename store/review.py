"""Queries on the log of turns for those who look after it: what was not understood, and figures."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from store.tables import HandoverRow, ServiceRequestRow, TurnRow

_MAX_TURNS = 3_000


async def not_understood(session: AsyncSession, *, since: datetime, abandoned_before: datetime) -> Sequence[TurnRow]:
    """Turns that failed and that nobody has handled: lost, without an answer, asked without an end, called wrong, or left without a word.

    An `asked` turn counts when it was the last of its conversation and is older than `abandoned_before`.
    """
    later = aliased(TurnRow)
    followed = select(later.id).where(later.conversation_id == TurnRow.conversation_id, later.id > TurnRow.id).exists()
    failed = or_(
        TurnRow.outcome.in_(("lost", "unanswered")),
        TurnRow.complained,
        and_(TurnRow.outcome == "asked", TurnRow.at < abandoned_before, ~followed),
    )
    query = select(TurnRow).where(TurnRow.text != "", TurnRow.handled.is_(None), TurnRow.at >= since, failed)
    return (await session.scalars(query.order_by(TurnRow.id.desc()).limit(_MAX_TURNS))).all()


async def mark_handled(session: AsyncSession, ids: Collection[int], how: str) -> None:
    await session.execute(update(TurnRow).where(TurnRow.id.in_(ids)).values(handled=how))


async def mark_like_handled(session: AsyncSession, text: str) -> str | None:
    """How this very wording was handled before; a message that comes again need not be looked at again."""
    query = select(TurnRow.handled).where(TurnRow.text == text, TurnRow.handled.is_not(None)).limit(1)
    return (await session.scalars(query)).first()


async def turns_since(session: AsyncSession, since: datetime) -> Sequence[TurnRow]:
    return (await session.scalars(select(TurnRow).where(TurnRow.at >= since).order_by(TurnRow.id))).all()


async def to_judge(session: AsyncSession, *, since: datetime, limit: int) -> Sequence[TurnRow]:
    """Answered turns since a moment that nobody has judged, in an order that is random and the same for everybody."""
    query = select(TurnRow).where(
        TurnRow.at >= since, TurnRow.outcome == "answered", TurnRow.text != "", TurnRow.judged.is_(None)
    )
    return (await session.scalars(query.order_by((TurnRow.id * 7_919) % 1_009, TurnRow.id).limit(limit))).all()


async def judged_since(session: AsyncSession, since: datetime) -> dict[str, int]:
    query = select(TurnRow.judged, func.count()).where(TurnRow.at >= since, TurnRow.judged.is_not(None))
    return {str(kind): int(count) for kind, count in (await session.execute(query.group_by(TurnRow.judged))).all()}


async def conversations_since(session: AsyncSession, since: datetime) -> int:
    query = select(func.count(func.distinct(TurnRow.conversation_id))).where(TurnRow.at >= since)
    return int(await session.scalar(query) or 0)


async def handovers_since(session: AsyncSession, since: datetime) -> int:
    query = select(func.count()).select_from(HandoverRow).where(HandoverRow.asked_at >= since)
    return int(await session.scalar(query) or 0)


async def requests_since(session: AsyncSession, since: datetime) -> Sequence[ServiceRequestRow]:
    return (await session.scalars(select(ServiceRequestRow).where(ServiceRequestRow.created_at >= since))).all()
