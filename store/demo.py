"""What the demonstration desk made: it all hangs on accounts that are marked so, and on the channel "demo"."""

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from store.tables import (
    BroadcastRow,
    ConversationRow,
    ForwardRow,
    HandoverRow,
    InboxRow,
    OutboxRow,
    RequestEventRow,
    RequestFollowerRow,
    ServiceRequestRow,
    StaffAccountRow,
    StaffLinkRow,
    StaffSessionRow,
    TurnRow,
)

CHANNEL = "demo"
"""The channel of invented conversations; nothing is ever sent there."""
TRIED_BY_ANYBODY = ("phone", CHANNEL)
"""Channels whose conversations the demonstration's account may see and answer: no messaging service is among them."""


async def citizens_wrote(session: AsyncSession) -> bool:
    """Whether there is a conversation of a messaging service."""
    query = select(ConversationRow.id).where(ConversationRow.channel.not_in((*TRIED_BY_ANYBODY, "terminal")))
    return (await session.scalars(query.limit(1))).first() is not None


async def mark_read(session: AsyncSession) -> None:
    """No worker answers invented messages."""
    await session.flush()
    await session.execute(update(InboxRow).filter_by(channel=CHANNEL).values(state="done"))


async def remove(session: AsyncSession) -> None:
    """Deletes the account and every invented case."""
    invented = select(ConversationRow.id).filter_by(channel=CHANNEL).scalar_subquery()
    requests = select(ServiceRequestRow.id).where(ServiceRequestRow.conversation_id.in_(invented)).scalar_subquery()
    for table in (RequestEventRow, RequestFollowerRow, ForwardRow):
        await session.execute(delete(table).where(table.request_id.in_(requests)))
    await session.execute(delete(ServiceRequestRow).where(ServiceRequestRow.conversation_id.in_(invented)))
    for owned in (TurnRow, HandoverRow, OutboxRow, InboxRow):
        await session.execute(delete(owned).where(owned.conversation_id.in_(invented)))
    await session.execute(delete(ConversationRow).filter_by(channel=CHANNEL))
    await session.execute(delete(BroadcastRow).filter_by(demo=True))
    demo_accounts = select(StaffAccountRow.id).filter_by(demo=True).scalar_subquery()
    for signed in (StaffSessionRow, StaffLinkRow):
        await session.execute(delete(signed).where(signed.account_id.in_(demo_accounts)))
    await session.execute(delete(StaffAccountRow).filter_by(demo=True))
