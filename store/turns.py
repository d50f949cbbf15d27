"""Queries on the log of turns."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from store.tables import TurnRow


def add(session: AsyncSession, turn: TurnRow) -> None:
    session.add(turn)


async def last_of(session: AsyncSession, conversation_id: int) -> TurnRow | None:
    """The turn before the present one."""
    query = select(TurnRow).filter_by(conversation_id=conversation_id).order_by(TurnRow.id.desc()).limit(1)
    return (await session.scalars(query)).one_or_none()


async def last_texts(session: AsyncSession, limit: int) -> Sequence[str]:
    """The masked words of the newest messages, for replays; each wording once."""
    query = select(TurnRow.text).where(TurnRow.text != "").order_by(TurnRow.id.desc()).limit(limit)
    return list(dict.fromkeys((await session.scalars(query)).all()))
