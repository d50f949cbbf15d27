"""Queries on what is stored about one person, and its deletion."""

from dataclasses import dataclass

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from store.tables import (
    ConversationRow,
    DeliveryRow,
    HandoverRow,
    InboxRow,
    OutboxRow,
    RequestEventRow,
    RequestFollowerRow,
    ServiceRequestRow,
    TurnRow,
)


@dataclass(frozen=True, slots=True)
class Held:
    """How much is stored about a person."""

    messages: int
    requests: int
    photos: int


async def held_about(session: AsyncSession, conversation_id: int) -> Held:
    messages = await session.scalar(
        select(func.count()).select_from(InboxRow).filter_by(conversation_id=conversation_id)
    )
    rows = (await session.scalars(select(ServiceRequestRow).filter_by(conversation_id=conversation_id))).all()
    return Held(int(messages or 0), len(rows), sum(len(row.photos) for row in rows))


async def forget_person(session: AsyncSession, conversation_id: int) -> list[str]:
    """Deletes messages, replies and memory; requests lose person, words and photos. Returns the files to delete.

    What the person wrote since and nobody has read yet stays: it gets its reply.
    """
    rows = (await session.scalars(select(ServiceRequestRow).filter_by(conversation_id=conversation_id))).all()
    files = [photo for row in rows for photo in row.photos]
    read = (InboxRow.conversation_id == conversation_id, InboxRow.state != "new")
    payloads = (await session.scalars(select(InboxRow.payload).where(*read))).all()
    files += [str(payload[kind]) for payload in payloads for kind in ("photo", "voice") if payload.get(kind)]
    await session.execute(
        update(ServiceRequestRow)
        .filter_by(conversation_id=conversation_id)
        .values(conversation_id=None, description="", photos=[], answers={})
    )
    await session.execute(
        update(RequestEventRow).filter_by(conversation_id=conversation_id).values(conversation_id=None, note=None)
    )
    await session.execute(delete(RequestFollowerRow).filter_by(conversation_id=conversation_id))
    replies = select(OutboxRow.id).filter_by(conversation_id=conversation_id)
    await session.execute(delete(DeliveryRow).where(DeliveryRow.outbox_id.in_(replies)))
    await session.execute(delete(HandoverRow).filter_by(conversation_id=conversation_id))
    await session.execute(delete(TurnRow).filter_by(conversation_id=conversation_id))
    await session.execute(delete(OutboxRow).filter_by(conversation_id=conversation_id))
    await session.execute(delete(InboxRow).where(*read))
    await session.execute(update(ConversationRow).filter_by(id=conversation_id).values(state={}))
    return sorted(set(files))
