"""Queries on notices."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from store.tables import NoticeRow


async def active(session: AsyncSession, now: datetime) -> Sequence[NoticeRow]:
    """Those that are shown now, the one that ends first at the beginning."""
    query = select(NoticeRow).where(NoticeRow.since <= now, NoticeRow.until > now)
    return (await session.scalars(query.order_by(NoticeRow.until))).all()


async def ended(session: AsyncSession, now: datetime, *, limit: int = 20) -> Sequence[NoticeRow]:
    """The last ones that are over."""
    query = select(NoticeRow).where(NoticeRow.until <= now).order_by(NoticeRow.until.desc()).limit(limit)
    return (await session.scalars(query)).all()
