"""Queries on the inbox: every message is accepted once and handled once."""

import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from store.conversations import conversation_of
from store.tables import InboxRow

MAX_ATTEMPTS = 3


def next_cursor() -> int:
    """A number that grows with time: messages and replies of a conversation are read in its order."""
    return time.time_ns() // 1_000


async def accept(
    session: AsyncSession, channel: str, address: str, message_id: str, payload: dict[str, Any], *, now: datetime
) -> bool:
    """Stores a message; false when this message of the channel was stored before."""
    query = select(InboxRow.id).filter_by(channel=channel, message_id=message_id)
    if (await session.scalars(query)).one_or_none() is not None:
        return False
    conversation = await conversation_of(session, channel, address, now=now)
    session.add(
        InboxRow(
            channel=channel,
            message_id=message_id,
            conversation_id=conversation.id,
            payload=payload,
            state="new",
            attempts=0,
            cursor=next_cursor(),
            received_at=now,
        )
    )
    return True


async def next_unhandled(session: AsyncSession) -> InboxRow | None:
    """The oldest message that waits. One worker handles them one after another, so every chat stays in order."""
    query = select(InboxRow).filter_by(state="new").order_by(InboxRow.id).limit(1)
    return (await session.scalars(query)).one_or_none()


async def received_since(session: AsyncSession, conversation_id: int, cursor: int) -> Sequence[InboxRow]:
    query = select(InboxRow).where(InboxRow.conversation_id == conversation_id, InboxRow.cursor > cursor)
    return (await session.scalars(query.order_by(InboxRow.cursor).limit(500))).all()


async def is_waiting(session: AsyncSession, conversation_id: int) -> bool:
    """Whether a message of this conversation has not been handled yet."""
    query = select(InboxRow.id).filter_by(conversation_id=conversation_id, state="new").limit(1)
    return (await session.scalars(query)).first() is not None
