"""Queries on what is stored about one person, and its deletion."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, delete, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from store.tables import (
    BroadcastRecipientRow,
    BroadcastRow,
    ConversationRow,
    DeliveryRow,
    FeedbackRow,
    HandoverRow,
    InboxRow,
    OutboxRow,
    RequestEventRow,
    RequestFollowerRow,
    ServiceRequestRow,
    StarRow,
    TurnRow,
)

_AT_ONCE = 500
"""Values in one query; databases have a limit."""


@dataclass(frozen=True, slots=True)
class Held:
    """How much is stored about a person."""

    messages: int
    requests: int
    photos: int
    stars: int
    """Sessions of the expo in the person's agenda."""
    reminders: int
    """How many of them have a reminder."""
    opinions: int
    """Answers to "how was it?"."""


async def held_about(session: AsyncSession, conversation_id: int) -> Held:
    messages = await session.scalar(
        select(func.count()).select_from(InboxRow).filter_by(conversation_id=conversation_id)
    )
    rows = (await session.scalars(select(ServiceRequestRow).filter_by(conversation_id=conversation_id))).all()
    stars = (await session.scalars(select(StarRow).filter_by(conversation_id=conversation_id))).all()
    opinions = await session.scalar(
        select(func.count()).select_from(FeedbackRow).filter_by(conversation_id=conversation_id)
    )
    return Held(
        messages=int(messages or 0),
        requests=len(rows),
        photos=sum(len(row.photos) for row in rows),
        stars=len(stars),
        reminders=sum(star.remind_minutes is not None for star in stars),
        opinions=int(opinions or 0),
    )


async def forget_person(session: AsyncSession, conversation_id: int) -> list[str]:
    """Deletes messages, replies, memory and agenda; requests and feedback lose person and words. Returns the files to delete.

    What the person wrote since and nobody has read yet stays: it gets its reply.
    """
    rows = (await session.scalars(select(ServiceRequestRow).filter_by(conversation_id=conversation_id))).all()
    files = [photo for row in rows for photo in row.photos]
    read = (InboxRow.conversation_id == conversation_id, InboxRow.state != "new")
    payloads = (await session.scalars(select(InboxRow.payload).where(*read))).all()
    files += [str(payload[kind]) for payload in payloads for kind in ("photo", "voice") if payload.get(kind)]
    files += await _files_of_replies(session, select(OutboxRow.id).filter_by(conversation_id=conversation_id))
    await session.execute(
        update(ServiceRequestRow)
        .filter_by(conversation_id=conversation_id)
        .values(conversation_id=None, description="", photos=[], answers={})
    )
    await session.execute(
        update(RequestEventRow).filter_by(conversation_id=conversation_id).values(conversation_id=None, note=None)
    )
    await session.execute(delete(RequestFollowerRow).filter_by(conversation_id=conversation_id))
    await session.execute(delete(BroadcastRecipientRow).filter_by(conversation_id=conversation_id))
    replies = select(OutboxRow.id).filter_by(conversation_id=conversation_id)
    await session.execute(delete(DeliveryRow).where(DeliveryRow.outbox_id.in_(replies)))
    await session.execute(delete(HandoverRow).filter_by(conversation_id=conversation_id))
    await session.execute(delete(StarRow).filter_by(conversation_id=conversation_id))
    opinions = update(FeedbackRow).filter_by(conversation_id=conversation_id)
    await session.execute(opinions.values(conversation_id=None, words=None))
    await session.execute(delete(TurnRow).filter_by(conversation_id=conversation_id))
    await session.execute(delete(OutboxRow).filter_by(conversation_id=conversation_id))
    await session.execute(delete(InboxRow).where(*read))
    await session.execute(update(ConversationRow).filter_by(id=conversation_id).values(state={}))
    return await _unneeded(session, files)


async def forget_words_since(session: AsyncSession, conversation_id: int, since: datetime) -> None:
    """Deletes what was said since a moment; the messages' ids stay, so that none is handled twice."""
    replies = select(OutboxRow.id).where(OutboxRow.conversation_id == conversation_id, OutboxRow.created_at >= since)
    await session.execute(delete(DeliveryRow).where(DeliveryRow.outbox_id.in_(replies)))
    await session.execute(delete(TurnRow).where(TurnRow.conversation_id == conversation_id, TurnRow.at >= since))
    await session.execute(delete(OutboxRow).where(OutboxRow.id.in_(replies)))
    read = (InboxRow.conversation_id == conversation_id, InboxRow.received_at >= since, InboxRow.state != "new")
    await session.execute(update(InboxRow).where(*read).values(payload={}))


@dataclass(frozen=True, slots=True)
class Purged:
    """What a purge deletes, or would delete; `files` are photos and voice notes that nothing needs any more."""

    messages: int
    replies: int
    requests: tuple[str, ...]
    conversations: int
    files: tuple[str, ...]


async def requests_to_purge(
    session: AsyncSession, states: Collection[str], before: datetime
) -> Sequence[ServiceRequestRow]:
    """Requests that came to their end before a moment and still hold something of a person."""
    query = select(ServiceRequestRow).where(
        ServiceRequestRow.status.in_(states),
        ServiceRequestRow.status_since < before,
        or_(ServiceRequestRow.conversation_id.is_not(None), ServiceRequestRow.description != ""),
    )
    return (await session.scalars(query.order_by(ServiceRequestRow.id))).all()


async def purge(
    session: AsyncSession,
    requests: Sequence[ServiceRequestRow],
    *,
    messages_before: datetime,
    forgotten_before: datetime,
) -> Purged:
    """Deletes old messages and replies, makes these requests anonymous, and drops conversations that nothing needs.

    A person who was forgotten before `forgotten_before` loses the address too.
    """
    files = [photo for row in requests for photo in row.photos]
    for row in requests:
        row.conversation_id, row.description, row.photos, row.answers = None, "", [], {}
        await session.execute(delete(RequestFollowerRow).filter_by(request_id=row.id))
        written = update(RequestEventRow).filter_by(request_id=row.id, actor="citizen")
        await session.execute(written.values(note=None, conversation_id=None))
    await session.flush()
    old = (InboxRow.received_at < messages_before, InboxRow.state != "new")
    payloads = (await session.scalars(select(InboxRow.payload).where(*old))).all()
    files += [str(payload[kind]) for payload in payloads for kind in ("photo", "voice") if payload.get(kind)]
    replies = select(OutboxRow.id).where(
        or_(OutboxRow.created_at < messages_before, OutboxRow.inbox_id.in_(select(InboxRow.id).where(*old)))
    )
    count = int(await session.scalar(select(func.count()).select_from(replies.subquery())) or 0)
    files += await _files_of_replies(session, replies)
    await session.execute(delete(DeliveryRow).where(DeliveryRow.outbox_id.in_(replies)))
    await session.execute(delete(OutboxRow).where(OutboxRow.id.in_(replies)))
    await session.execute(delete(InboxRow).where(*old))
    await session.execute(delete(TurnRow).where(TurnRow.at < messages_before))
    await session.execute(delete(HandoverRow).where(HandoverRow.ended_at < messages_before))
    told = select(BroadcastRow.id).where(BroadcastRow.ended_at < messages_before)
    await session.execute(delete(BroadcastRecipientRow).where(BroadcastRecipientRow.broadcast_id.in_(told)))
    await session.execute(delete(StarRow).where(StarRow.ends_at < messages_before))
    opinions = update(FeedbackRow).where(FeedbackRow.given_at < messages_before)
    await session.execute(opinions.values(conversation_id=None, words=None))
    dropped = await _drop_conversations(session, idle_before=messages_before, forgotten_before=forgotten_before)
    unneeded = await _unneeded(session, files)
    return Purged(len(payloads), count, tuple(row.number for row in requests), dropped, tuple(unneeded))


async def _files_of_replies(session: AsyncSession, replies: Select[int]) -> list[str]:
    """Files made for one person, such as an agenda. A picture is a map that others may have been sent as well."""
    told = await session.scalars(select(OutboxRow.parts).where(OutboxRow.id.in_(replies)))
    return [str(part["reference"]) for parts in told.all() for part in parts if part["type"] == "file"]


async def _unneeded(session: AsyncSession, files: Collection[str]) -> list[str]:
    """Those of these files that no request and no message holds any more; two people may have sent the same photo."""
    await session.flush()
    unneeded = set(files)
    for photos in (await session.scalars(select(ServiceRequestRow.photos))).all():
        unneeded.difference_update(photos)
    for kind in ("photo", "voice"):
        held = InboxRow.payload[kind].as_string()
        asked = sorted(unneeded)
        for first in range(0, len(asked), _AT_ONCE):
            query = select(held).where(held.in_(asked[first : first + _AT_ONCE]))
            unneeded.difference_update((await session.scalars(query)).all())
    return sorted(unneeded)


async def _drop_conversations(session: AsyncSession, *, idle_before: datetime, forgotten_before: datetime) -> int:
    """Deletes conversations, addresses included, that were idle or forgotten so long and that nothing refers to."""
    idle = select(ConversationRow).where(ConversationRow.updated_at < max(idle_before, forgotten_before))
    dropped = 0
    for row in (await session.scalars(idle)).all():
        forgotten = bool((row.state or {}).get("forgotten"))
        if row.updated_at >= (forgotten_before if forgotten else idle_before):
            continue
        if forgotten:
            replies = select(OutboxRow.id).filter_by(conversation_id=row.id)
            await session.execute(delete(DeliveryRow).where(DeliveryRow.outbox_id.in_(replies)))
            await session.execute(delete(OutboxRow).filter_by(conversation_id=row.id))
            await session.execute(delete(InboxRow).where(InboxRow.conversation_id == row.id, InboxRow.state != "new"))
        try:
            async with session.begin_nested():
                await session.execute(delete(ConversationRow).filter_by(id=row.id))
        except IntegrityError:
            continue  # A request that goes on, its audit trail or a talk with staff still refers to it.
        dropped += 1
    return dropped
