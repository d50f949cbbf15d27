"""Queries on the outbox: replies are stored in the transaction of the turn that made them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from store.inbox import next_cursor
from store.tables import OutboxRow


def put(
    session: AsyncSession, conversation_id: int, inbox_id: int | None, parts: list[dict[str, Any]], *, now: datetime
) -> None:
    """Adds a reply to be delivered."""
    session.add(
        OutboxRow(
            conversation_id=conversation_id,
            inbox_id=inbox_id,
            parts=parts,
            state="new",
            cursor=next_cursor(),
            created_at=now,
        )
    )


async def replies_since(session: AsyncSession, conversation_id: int, cursor: int) -> Sequence[OutboxRow]:
    query = select(OutboxRow).where(OutboxRow.conversation_id == conversation_id, OutboxRow.cursor > cursor)
    return (await session.scalars(query.order_by(OutboxRow.cursor).limit(500))).all()
