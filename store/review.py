"""Queries on the log of turns for those who look after it: what was not understood, and figures."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from store.tables import HandoverRow, ServiceRequestRow, TurnRow

_MAX_TURNS = 3_000


async def not_understood(session: AsyncSession, *, since: datetime, abandoned_before: datetime) -> Sequence[TurnRow]:
    """Turns that failed and that nobody has handled: lost, without an answer, asked without an end, called wrong, or left without a word.

    An `asked` turn counts when it was the last of its conversation and is older than `abandoned_before`.
    """
    query = select(TurnRow).where(*_failed(since, abandoned_before))
    return (await session.scalars(query.order_by(TurnRow.id.desc()).limit(_MAX_TURNS))).all()


async def count_not_understood(session: AsyncSession, *, since: datetime, abandoned_before: datetime) -> int:
    """How many turns `not_understood` has, or would have without its limit."""
    query = select(func.count()).select_from(TurnRow).where(*_failed(since, abandoned_before))
    return int(await session.scalar(query) or 0)


def _failed(since: datetime, abandoned_before: datetime) -> tuple[ColumnElement[bool], ...]:
    later = aliased(TurnRow)
    followed = select(later.id).where(later.conversation_id == TurnRow.conversation_id, later.id > TurnRow.id).exists()
    failed = or_(
        TurnRow.outcome.in_(("lost", "unanswered")),
        TurnRow.complained,
        and_(TurnRow.outcome == "asked", TurnRow.at < abandoned_before, ~followed),
    )
    return (TurnRow.text != "", TurnRow.handled.is_(None), TurnRow.at >= since, failed)


async def mark_handled(session: AsyncSession, ids: Collection[int], how: str) -> None:
    await session.execute(update(TurnRow).where(TurnRow.id.in_(ids)).values(handled=how))


@dataclass(frozen=True, slots=True)
class Alike:
    """So many turns that do not differ in what the figures are about."""

    intent: str | None
    language: str
    outcome: str
    complained: bool
    count: int


async def turns_alike(session: AsyncSession, since: datetime) -> Sequence[Alike]:
    """The turns since a moment, counted where they lie: a month of a city is too much to be fetched for a page."""
    kind = (TurnRow.intent, TurnRow.language, TurnRow.outcome, TurnRow.complained)
    query = select(*kind, func.count()).where(TurnRow.at >= since).group_by(*kind)
    return [Alike(*row) for row in (await session.execute(query)).all()]


async def turns_by_day(
    session: AsyncSession, days: Sequence[tuple[datetime, datetime]]
) -> dict[tuple[str, str], Sequence[int]]:
    """Turns of each day (its beginning and its end, days in their order), by language and outcome."""
    if not days:
        return {}
    kind = (TurnRow.language, TurnRow.outcome)
    of_days = [func.sum(case((and_(TurnRow.at >= start, TurnRow.at < end), 1), else_=0)) for start, end in days]
    query = select(*kind, *of_days).where(TurnRow.at >= days[0][0], TurnRow.at < days[-1][1]).group_by(*kind)
    return {(row[0], row[1]): [int(count) for count in row[2:]] for row in (await session.execute(query)).all()}


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
