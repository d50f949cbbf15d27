"""Queries on the applied programmes of the expo."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from store.tables import ExpoVersionRow


async def newest_version_id(session: AsyncSession) -> int:
    """Grows with everything that is applied; 0 before the first."""
    return int(await session.scalar(select(func.max(ExpoVersionRow.id))) or 0)


async def newest_versions(session: AsyncSession) -> Mapping[str, ExpoVersionRow]:
    """The last applied programme of every edition that has one."""
    newest = select(func.max(ExpoVersionRow.id)).group_by(ExpoVersionRow.edition)
    rows = (await session.scalars(select(ExpoVersionRow).where(ExpoVersionRow.id.in_(newest)))).all()
    return {row.edition: row for row in rows}


async def versions_of(session: AsyncSession, edition: str) -> Sequence[ExpoVersionRow]:
    """All applied programmes of an edition, the newest first."""
    query = select(ExpoVersionRow).filter_by(edition=edition).order_by(ExpoVersionRow.id.desc())
    return (await session.scalars(query)).all()


async def version(session: AsyncSession, edition: str, number: int) -> ExpoVersionRow | None:
    found: ExpoVersionRow | None = await session.scalar(
        select(ExpoVersionRow).filter_by(edition=edition, number=number)
    )
    return found


async def add_version(
    session: AsyncSession, edition: str, content: Mapping[str, Any] | None, *, note: str, author: str, now: datetime
) -> ExpoVersionRow:
    last = await session.scalar(select(func.max(ExpoVersionRow.number)).filter_by(edition=edition))
    row = ExpoVersionRow(
        edition=edition,
        number=int(last or 0) + 1,
        content=dict(content) if content is not None else None,
        note=note[:200],
        author=author[:40],
        at=now,
    )
    session.add(row)
    await session.flush()
    return row
