"""Queries on the outbox: replies are stored in the transaction of the turn that made them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from store.inbox import next_cursor
from store.tables import OutboxRow


def put(
    session: AsyncSession,
    conversation_id: int,
    inbox_id: int | None,
    parts: list[dict[str, Any]],
    *,
    now: datetime,
    push_key: str | None = None,
) -> None:
    """Adds a reply to be delivered; `push_key` for one that nobody has just asked for."""
    session.add(
        OutboxRow(
            conversation_id=conversation_id,
            inbox_id=inbox_id,
            push_key=push_key,
            parts=parts,
            state="new",
            cursor=next_cursor(),
            created_at=now,
        )
    )


async def replies_since(session: AsyncSession, conversation_id: int, cursor: int) -> Sequence[OutboxRow]:
    query = select(OutboxRow).where(OutboxRow.conversation_id == conversation_id, OutboxRow.cursor > cursor)
    return (await session.scalars(query.order_by(OutboxRow.cursor).limit(500))).all()


async def was_pushed(session: AsyncSession, conversation_id: int, push_key: str) -> bool:
    """Whether this conversation was told of this occasion before."""
    query = select(OutboxRow.id).filter_by(conversation_id=conversation_id, push_key=push_key)
    return (await session.scalars(query)).first() is not None
