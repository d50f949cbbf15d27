"""Queries on notices."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from store.tables import NoticeRow, UtcDateTime

_NOW = bindparam("now", type_=UtcDateTime)
_ACTIVE = select(NoticeRow).where(NoticeRow.since <= _NOW, NoticeRow.until > _NOW).order_by(NoticeRow.until)


async def active(session: AsyncSession, now: datetime) -> Sequence[NoticeRow]:
    """Those that are shown now, the one that ends first at the beginning."""
    return (await session.scalars(_ACTIVE, {"now": now})).all()


async def ended(session: AsyncSession, now: datetime, *, limit: int = 20) -> Sequence[NoticeRow]:
    """The last ones that are over."""
    query = select(NoticeRow).where(NoticeRow.until <= now).order_by(NoticeRow.until.desc()).limit(limit)
    return (await session.scalars(query)).all()
