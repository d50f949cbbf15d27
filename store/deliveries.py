"""What the providers report about messages that were sent: out of order, repeated, sometimes before we know the message."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from store.insert import insert_once
from store.tables import ConversationRow, DeliveryRow, OutboxRow

RANKS = {"uncertain": 0, "accepted": 1, "sent": 2, "failed": 3, "delivered": 4, "read": 5}
"""A report counts when it ranks higher than what is known: late ones change nothing, what arrived has not failed."""


@dataclass(frozen=True, slots=True)
class Reported:
    """A delivery whose state a report has just changed, and the reply it belongs to (if that is known already)."""

    state: str
    outbox_id: int | None
    conversation_id: int | None
    address: str | None
    position: int


async def is_known(session: AsyncSession, channel: str, provider_id: str) -> bool:
    """Whether the provider's answer to the call that sent this message is stored already."""
    query = select(DeliveryRow.id).filter_by(channel=channel, provider_id=provider_id)
    return (await session.scalars(query.where(DeliveryRow.outbox_id.is_not(None)))).first() is not None


async def report(
    session: AsyncSession, channel: str, provider_id: str, state: str, *, now: datetime, reason: str | None = None
) -> Reported | None:
    """Takes a provider's report in; None when it tells nothing new. A reply that failed becomes a dead letter.

    `state` is one of `RANKS`; `reason` holds nothing of the person.
    """
    if state not in RANKS:
        raise ValueError(f"{state!r} is no state of a delivery")
    first = await insert_once(
        session,
        DeliveryRow,
        channel=channel,
        provider_id=provider_id,
        position=0,
        state=state,
        reason=reason,
        updated_at=now,
    )
    query = select(DeliveryRow).filter_by(channel=channel, provider_id=provider_id)
    delivery = (await session.scalars(query.with_for_update())).one()
    if not first:
        if RANKS[state] <= RANKS[delivery.state]:
            return None
        delivery.state, delivery.reason, delivery.updated_at = state, reason, now
    row = await session.get(OutboxRow, delivery.outbox_id) if delivery.outbox_id else None
    if row is None:
        return Reported(state, None, None, None, delivery.position)
    if state == "failed":
        row.state, row.reason = "failed", (reason or "reported by the provider")[:200]
    conversation = await session.get_one(ConversationRow, row.conversation_id)
    return Reported(state, row.id, conversation.id, conversation.address, delivery.position)
