"""Queries on answers as staff change them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from store.tables import FaqCheckRow, FaqDraftRow, FaqPullRow, FaqVersionRow


async def newest_version_id(session: AsyncSession) -> int:
    """Grows with every publication; 0 before the first."""
    return int(await session.scalar(select(func.max(FaqVersionRow.id))) or 0)


async def newest_versions(session: AsyncSession) -> Mapping[str, FaqVersionRow]:
    """The last published version of every intent that has one."""
    newest = select(func.max(FaqVersionRow.id)).group_by(FaqVersionRow.intent)
    rows = (await session.scalars(select(FaqVersionRow).where(FaqVersionRow.id.in_(newest)))).all()
    return {row.intent: row for row in rows}


async def versions_of(session: AsyncSession, intent: str) -> Sequence[FaqVersionRow]:
    """All published versions of an answer, the newest first."""
    return (
        await session.scalars(select(FaqVersionRow).filter_by(intent=intent).order_by(FaqVersionRow.id.desc()))
    ).all()


async def add_version(
    session: AsyncSession,
    intent: str,
    text: str,
    *,
    file_hash: str,
    entry: dict[str, Any] | None,
    model: str,
    note: str,
    author: str,
    now: datetime,
) -> FaqVersionRow:
    last = await session.scalar(select(func.max(FaqVersionRow.number)).filter_by(intent=intent))
    row = FaqVersionRow(
        intent=intent,
        number=int(last or 0) + 1,
        text=text,
        file_hash=file_hash,
        entry=entry,
        model=model,
        note=note[:200],
        author=author,
        at=now,
    )
    session.add(row)
    await session.flush()
    return row


async def pulled(session: AsyncSession) -> Mapping[str, FaqPullRow]:
    """The answers that are not given for the time being, by intent."""
    return {row.intent: row for row in (await session.scalars(select(FaqPullRow))).all()}


async def pull(session: AsyncSession, intent: str, *, author: str, now: datetime) -> None:
    if await session.get(FaqPullRow, intent) is None:
        session.add(FaqPullRow(intent=intent, author=author, at=now))


async def give_again(session: AsyncSession, intent: str) -> None:
    await session.execute(delete(FaqPullRow).filter_by(intent=intent))


async def drafts(session: AsyncSession) -> Mapping[str, FaqDraftRow]:
    return {row.intent: row for row in (await session.scalars(select(FaqDraftRow))).all()}


async def drop_draft(session: AsyncSession, intent: str) -> None:
    """A draft goes, and what a check found of it."""
    for table in (FaqDraftRow, FaqCheckRow):
        await session.execute(delete(table).filter_by(intent=intent))
