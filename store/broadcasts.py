"""Queries on messages to many: whom they concern, who still waits for one, and what became of it."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from store.tables import (
    BroadcastRecipientRow,
    BroadcastRow,
    ConversationRow,
    DeliveryRow,
    OutboxRow,
    RequestFollowerRow,
    ServiceRequestRow,
    StarRow,
    WhatsAppContactRow,
)


@dataclass(frozen=True, slots=True)
class Recipient:
    """A conversation that a message is meant for, and what decides whether it can be reached."""

    conversation_id: int
    channel: str
    memory: Mapping[str, Any]
    """The stored state of the conversation."""
    blocked: bool
    last_inbound_at: datetime | None
    """When the person wrote last, where the channel has a session that depends on it."""


def key_of(broadcast_id: int) -> str:
    """The key under which a conversation gets this message once."""
    return f"broadcast:{broadcast_id}"


async def followers_of_arrondissement(
    session: AsyncSession, arrondissement: str, *, channels: Collection[str] | None = None
) -> Sequence[Recipient]:
    """Everyone who reported something there or follows it; `channels` leaves out all others."""
    followed = (
        select(RequestFollowerRow.conversation_id)
        .join(ServiceRequestRow, ServiceRequestRow.id == RequestFollowerRow.request_id)
        .where(ServiceRequestRow.arrondissement == arrondissement)
    )
    return await recipients_among(session, followed, channels=channels)


async def people_with_a_star(
    session: AsyncSession, edition: str, session_id: str, *, channels: Collection[str] | None = None
) -> Sequence[Recipient]:
    """Everyone who has a session of the expo in their agenda; `channels` leaves out all others."""
    starred = select(StarRow.conversation_id).filter_by(edition=edition, session_id=session_id)
    return await recipients_among(session, starred, channels=channels)


async def recipients_among(
    session: AsyncSession, conversations: Select[Any], *, channels: Collection[str] | None = None
) -> Sequence[Recipient]:
    """The conversations with these ids, each once, the oldest first."""
    query = (
        select(
            ConversationRow.id,
            ConversationRow.channel,
            ConversationRow.state,
            ConversationRow.blocked,
            WhatsAppContactRow.last_inbound_at,
        )
        .outerjoin(WhatsAppContactRow, WhatsAppContactRow.conversation_id == ConversationRow.id)
        .where(ConversationRow.id.in_(conversations))
        .order_by(ConversationRow.id)
    )
    if channels is not None:
        query = query.where(ConversationRow.channel.in_(channels))
    rows = (await session.execute(query)).all()
    return [Recipient(id_, channel, state or {}, blocked, last) for id_, channel, state, blocked, last in rows]


async def all_newest_first(session: AsyncSession, *, demo: bool, limit: int = 50) -> Sequence[BroadcastRow]:
    """`demo` chooses those of the demonstration desk, or all others."""
    query = select(BroadcastRow).filter_by(demo=demo).order_by(BroadcastRow.id.desc()).limit(limit)
    return (await session.scalars(query)).all()


async def approve(
    session: AsyncSession, broadcast_id: int, *, revision: int, approver: str, recipients: Sequence[int], now: datetime
) -> bool:
    """Lets it begin with these recipients; false where it was changed, begun or dropped meanwhile, or is the approver's own."""
    begun = await session.scalars(
        update(BroadcastRow)
        .where(
            BroadcastRow.id == broadcast_id,
            BroadcastRow.state == "proposed",
            BroadcastRow.revision == revision,
            BroadcastRow.author != approver,
        )
        .values(state="sending", approver=approver, approved_at=now)
        .returning(BroadcastRow.id)
    )
    if begun.one_or_none() is None:
        return False
    if recipients:
        rows = [{"broadcast_id": broadcast_id, "conversation_id": id_, "state": "waiting"} for id_ in recipients]
        await session.execute(insert(BroadcastRecipientRow), rows)
    return True


async def end(session: AsyncSession, broadcast_id: int, state: str, *, by: str, now: datetime) -> bool:
    """Ends it (`dropped` before approval, `stopped` while it is sent); false where it is not in that position."""
    before = {"dropped": "proposed", "stopped": "sending"}[state]
    ended = await session.scalars(
        update(BroadcastRow)
        .where(BroadcastRow.id == broadcast_id, BroadcastRow.state == before)
        .values(state=state, ended_by=by, ended_at=now)
        .returning(BroadcastRow.id)
    )
    return ended.one_or_none() is not None


async def under_way(session: AsyncSession) -> Sequence[BroadcastRow]:
    """Those that are being sent, the oldest first, held by this transaction so that none is stopped half-way through."""
    query = select(BroadcastRow).filter_by(state="sending").order_by(BroadcastRow.id)
    return (await session.scalars(query.with_for_update().execution_options(populate_existing=True))).all()


async def ended_since(session: AsyncSession, moment: datetime) -> Sequence[int]:
    """The ids of those that were stopped since a moment."""
    query = select(BroadcastRow.id).where(BroadcastRow.state == "stopped", BroadcastRow.ended_at >= moment)
    return (await session.scalars(query)).all()


async def waiting(session: AsyncSession, broadcast_id: int, *, limit: int) -> Sequence[Recipient]:
    """The next recipients who have not got it."""
    query = (
        select(BroadcastRecipientRow.conversation_id)
        .filter_by(broadcast_id=broadcast_id, state="waiting")
        .order_by(BroadcastRecipientRow.conversation_id)
        .limit(limit)
    )
    ids = (await session.scalars(query)).all()
    return await recipients_among(session, select(ConversationRow.id).where(ConversationRow.id.in_(ids)))


async def settle(session: AsyncSession, broadcast_id: int, conversation_id: int, reason: str | None) -> None:
    """A recipient got it, or is left out for a reason."""
    await session.execute(
        update(BroadcastRecipientRow)
        .filter_by(broadcast_id=broadcast_id, conversation_id=conversation_id)
        .values(state="skipped" if reason else "put", reason=reason)
    )


async def unsent(session: AsyncSession, broadcast_id: int) -> int:
    """How many lie in the outbox and were not sent yet."""
    query = select(func.count()).select_from(OutboxRow).filter_by(state="new", push_key=key_of(broadcast_id))
    return int(await session.scalar(query) or 0)


async def take_back(session: AsyncSession, broadcast_id: int) -> None:
    """What lies in the outbox and was not sent is not sent any more; whoever it was for has not got it."""
    await session.execute(
        update(OutboxRow)
        .where(OutboxRow.push_key == key_of(broadcast_id), OutboxRow.state.in_(("new", "waiting")))
        .values(state="dropped", reason="the message to many was stopped")
        .execution_options(synchronize_session=False)
    )
    untold = select(OutboxRow.conversation_id).filter_by(push_key=key_of(broadcast_id), state="dropped")
    await session.execute(
        update(BroadcastRecipientRow)
        .where(BroadcastRecipientRow.broadcast_id == broadcast_id, BroadcastRecipientRow.conversation_id.in_(untold))
        .values(state="waiting")
        .execution_options(synchronize_session=False)
    )


async def recipients_by_state(session: AsyncSession, broadcast_id: int) -> dict[tuple[str, str | None], int]:
    """How many recipients are in which state, and for what reason."""
    query = select(BroadcastRecipientRow.state, BroadcastRecipientRow.reason, func.count())
    grouped = query.filter_by(broadcast_id=broadcast_id).group_by(
        BroadcastRecipientRow.state, BroadcastRecipientRow.reason
    )
    return {(state, reason): count for state, reason, count in (await session.execute(grouped)).all()}


async def deliveries_by_state(session: AsyncSession, broadcast_id: int) -> dict[str, int]:
    """What became of the messages that were put: the provider's word where it gave one, else the outbox's."""
    state = func.coalesce(DeliveryRow.state, OutboxRow.state)
    query = (
        select(state, func.count())
        .select_from(BroadcastRecipientRow)
        .join(OutboxRow, OutboxRow.conversation_id == BroadcastRecipientRow.conversation_id)
        .outerjoin(DeliveryRow, (DeliveryRow.outbox_id == OutboxRow.id) & (DeliveryRow.position == 0))
        .where(BroadcastRecipientRow.broadcast_id == broadcast_id, OutboxRow.push_key == key_of(broadcast_id))
        .group_by(state)
    )
    return {row[0]: row[1] for row in await session.execute(query)}


async def counts(session: AsyncSession, broadcast_id: int) -> dict[str, int]:
    """How many recipients wait (`waiting`), were told (`put`) or left out (by the reason)."""
    found: Counter[str] = Counter()
    for (state, reason), count in (await recipients_by_state(session, broadcast_id)).items():
        found[reason or state] += count
    return dict(found)
