"""Queries on conversations that go to a person of staff. Who takes one does it in one statement, so nobody else gets it too."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from store.tables import ConversationRow, HandoverRow, InboxRow

OPEN = ("waiting", "taken")
_OPEN_OF = (
    select(HandoverRow)
    .where(HandoverRow.conversation_id == bindparam("conversation"), HandoverRow.state.in_(OPEN))
    .order_by(HandoverRow.id.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A line of the list: the handover, its conversation, and when the person wrote last."""

    handover: HandoverRow
    conversation: ConversationRow
    last_wrote: datetime | None


async def open_of(session: AsyncSession, conversation_id: int) -> HandoverRow | None:
    """The handover of this conversation that is waiting or taken."""
    return (await session.scalars(_OPEN_OF, {"conversation": conversation_id})).one_or_none()


def ask(session: AsyncSession, conversation_id: int, *, now: datetime) -> HandoverRow:
    row = HandoverRow(conversation_id=conversation_id, state="waiting", asked_at=now)
    session.add(row)
    return row


async def place_in_queue(session: AsyncSession, *, before: datetime | None = None) -> int:
    """How many wait, or waited before a moment."""
    query = select(func.count()).select_from(HandoverRow).filter_by(state="waiting")
    return int(await session.scalar(query.where(HandoverRow.asked_at < before) if before else query) or 0)


async def take(session: AsyncSession, handover_id: int, agent: str, *, now: datetime) -> bool:
    """Gives a waiting conversation to one agent; false where somebody else was faster."""
    query = (
        update(HandoverRow)
        .where(HandoverRow.id == handover_id, HandoverRow.state == "waiting")
        .values(state="taken", agent=agent, taken_at=now)
        .returning(HandoverRow.id)
    )
    return (await session.scalars(query)).one_or_none() is not None


async def all_open(session: AsyncSession) -> Sequence[Waiting]:
    """All conversations that wait or are taken, who waits longest first."""
    last = select(func.max(InboxRow.received_at)).filter_by(conversation_id=ConversationRow.id).scalar_subquery()
    query = (
        select(HandoverRow, ConversationRow, last)
        .join(ConversationRow, ConversationRow.id == HandoverRow.conversation_id)
        .where(HandoverRow.state.in_(OPEN))
        .order_by(HandoverRow.state.desc(), HandoverRow.asked_at)
    )
    return [Waiting(*row) for row in (await session.execute(query)).all()]


async def latest(session: AsyncSession, *, limit: int = 20) -> Sequence[ConversationRow]:
    """The conversations in which something happened last, for supervisors."""
    return (
        await session.scalars(select(ConversationRow).order_by(ConversationRow.updated_at.desc()).limit(limit))
    ).all()


async def waits_since(session: AsyncSession, moment: datetime) -> Sequence[tuple[datetime, datetime]]:
    """When people asked and when they were answered, of those who asked since a moment and were."""
    query = select(HandoverRow.asked_at, HandoverRow.taken_at).where(
        HandoverRow.taken_at.is_not(None), HandoverRow.asked_at >= moment
    )
    return [(asked, taken) for asked, taken in (await session.execute(query)).all() if taken]
