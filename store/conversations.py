"""Queries on conversations."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from store.insert import insert_once
from store.tables import ConversationRow


async def conversation_of(session: AsyncSession, channel: str, address: str, *, now: datetime) -> ConversationRow:
    """The conversation with this person, made when it is the first message."""
    query = select(ConversationRow).filter_by(channel=channel, address=address)
    row = (await session.scalars(query)).one_or_none()
    if row is None:
        values = {"channel": channel, "address": address, "state": {}, "blocked": False}
        await insert_once(session, ConversationRow, **values, created_at=now, updated_at=now)
        row = (await session.scalars(query)).one()
    return row


async def known_conversation(session: AsyncSession, channel: str, address: str) -> ConversationRow | None:
    """The conversation with this person, if there ever was one."""
    return (await session.scalars(select(ConversationRow).filter_by(channel=channel, address=address))).one_or_none()
