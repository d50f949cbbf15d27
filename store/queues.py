"""Queries on the queues as a whole, for those who run the service."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from store.tables import ConversationRow, DeliveryRow, InboxRow, OutboxRow

DEAD_LETTERS = ("failed", "uncertain", "blocked")
"""States of replies that nobody sends any more, though perhaps not all of them arrived."""


@dataclass(frozen=True, slots=True)
class Group:
    """Replies of a channel in one state."""

    channel: str
    state: str
    count: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class Letter:
    """A reply that did not arrive, or perhaps not, without anything of its person."""

    id: int
    channel: str
    state: str
    reason: str | None
    arrived: int
    """How many of its messages the provider has."""
    messages: int
    created_at: datetime


async def waiting_in_inbox(session: AsyncSession) -> tuple[int, datetime | None]:
    """How many messages wait to be handled, and since when the oldest does."""
    query = select(func.count(), func.min(InboxRow.received_at)).where(InboxRow.state == "new")
    count, oldest = (await session.execute(query)).one()
    return int(count), oldest


async def replies_by_state(session: AsyncSession) -> Sequence[Group]:
    """Replies that wait or went wrong, by channel and state."""
    query = (
        select(ConversationRow.channel, OutboxRow.state, func.count(), func.min(OutboxRow.created_at))
        .join(ConversationRow)
        .where(OutboxRow.state.in_(("new", *DEAD_LETTERS)))
        .group_by(ConversationRow.channel, OutboxRow.state)
        .order_by(ConversationRow.channel, OutboxRow.state)
    )
    return [Group(channel, state, int(count), oldest) for channel, state, count, oldest in await session.execute(query)]


async def dead_letters(session: AsyncSession, *, limit: int) -> Sequence[Letter]:
    """The latest replies that did not arrive, or perhaps not, the newest first."""
    query = (
        select(OutboxRow, ConversationRow.channel)
        .join(ConversationRow)
        .where(OutboxRow.state.in_(DEAD_LETTERS))
        .order_by(OutboxRow.id.desc())
        .limit(limit)
    )
    letters = []
    for row, channel in (await session.execute(query)).all():
        arrived = select(func.count()).where(
            DeliveryRow.outbox_id == row.id, DeliveryRow.state.not_in(("uncertain", "failed"))
        )
        letters.append(
            Letter(
                id=row.id,
                channel=channel,
                state=row.state,
                reason=row.reason,
                arrived=int(await session.scalar(arrived) or 0),
                messages=len(row.outgoing or row.parts),
                created_at=row.created_at,
            )
        )
    return letters


async def send_again(session: AsyncSession, outbox_id: int) -> bool:
    """Lets those messages of a dead letter be sent that did not surely arrive; false when there is no such letter."""
    row = await session.get(OutboxRow, outbox_id, with_for_update=True)
    if row is None or row.state not in DEAD_LETTERS:
        return False
    deliveries = select(DeliveryRow).filter_by(outbox_id=row.id).order_by(DeliveryRow.position)
    arrived: list[DeliveryRow] = []
    for delivery in (await session.scalars(deliveries)).all():
        if delivery.state in ("uncertain", "failed"):
            await session.delete(delivery)
        else:
            arrived.append(delivery)
    if row.outgoing is not None:
        _put_first(row, row.outgoing, arrived)
    row.state, row.reason, row.attempts = "new", None, 0
    await session.execute(update(ConversationRow).filter_by(id=row.conversation_id).values(blocked=False))
    return True


def _put_first(row: OutboxRow, outgoing: list[dict[str, Any]], arrived: list[DeliveryRow]) -> None:
    """Counts what arrived as the beginning of the reply, so that only the rest is sent."""
    there = [delivery.position for delivery in arrived]
    rest = [position for position in range(len(outgoing)) if position not in there]
    row.outgoing = [outgoing[position] for position in (*there, *rest)]
    row.position = len(there)
    for position, delivery in enumerate(arrived):
        delivery.position = position


async def drop(session: AsyncSession, outbox_id: int) -> bool:
    """Takes a dead letter off the list for good; false when there is no such letter."""
    row = await session.get(OutboxRow, outbox_id, with_for_update=True)
    if row is None or row.state not in DEAD_LETTERS:
        return False
    row.state = "dropped"
    return True
