"""Queries on agendas of the expo, their reminders and feedback. Those for a person name the person's conversation."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from store.insert import insert_once
from store.tables import ConversationRow, FeedbackRow, SnapshotRow, StarRow


async def starred(session: AsyncSession, conversation_id: int, edition: str) -> Sequence[StarRow]:
    """The agenda of a person, in the order in which it was made."""
    query = select(StarRow).filter_by(conversation_id=conversation_id, edition=edition)
    return (await session.scalars(query.order_by(StarRow.id))).all()


async def star(
    session: AsyncSession,
    conversation_id: int,
    edition: str,
    session_id: str,
    *,
    ends_at: datetime,
    remind_minutes: int | None,
    now: datetime,
) -> bool:
    """Puts a session into a person's agenda; false when it was there."""
    key = {"conversation_id": conversation_id, "edition": edition, "session_id": session_id}
    return await insert_once(session, StarRow, **key, ends_at=ends_at, remind_minutes=remind_minutes, starred_at=now)


async def own_star(session: AsyncSession, conversation_id: int, star_id: int) -> StarRow | None:
    """A star of this person by its number."""
    return (await session.scalars(select(StarRow).filter_by(id=star_id, conversation_id=conversation_id))).one_or_none()


async def unstar(
    session: AsyncSession, conversation_id: int, edition: str, session_ids: Collection[str] | None = None
) -> int:
    """Takes sessions out of a person's agenda, all of them without `session_ids`; how many went."""
    going = select(StarRow.id).filter_by(conversation_id=conversation_id, edition=edition)
    if session_ids is not None:
        going = going.where(StarRow.session_id.in_(session_ids))
    ids = (await session.scalars(going)).all()
    await session.execute(delete(StarRow).where(StarRow.id.in_(ids)))
    return len(ids)


async def set_reminders(session: AsyncSession, conversation_id: int, edition: str, minutes: int | None) -> None:
    """Gives all sessions of a person's agenda the same reminder, or none."""
    own = update(StarRow).filter_by(conversation_id=conversation_id, edition=edition)
    await session.execute(own.values(remind_minutes=minutes))


async def stop_reminders(session: AsyncSession, conversation_id: int) -> None:
    """Whatever the edition."""
    await session.execute(update(StarRow).filter_by(conversation_id=conversation_id).values(remind_minutes=None))


async def stars_of_sessions(
    session: AsyncSession, edition: str, session_ids: Collection[str], *, conversation_id: int | None = None
) -> Sequence[tuple[StarRow, ConversationRow]]:
    """Who starred any of these sessions; with a conversation only that person."""
    query = (
        select(StarRow, ConversationRow)
        .join(ConversationRow, ConversationRow.id == StarRow.conversation_id)
        .where(StarRow.edition == edition, StarRow.session_id.in_(session_ids))
        .order_by(StarRow.id)
    )
    if conversation_id is not None:
        query = query.where(StarRow.conversation_id == conversation_id)
    return [(row[0], row[1]) for row in (await session.execute(query)).all()]


async def unasked(
    session: AsyncSession, edition: str, session_ids: Collection[str], conversation_id: int | None = None
) -> Sequence[tuple[StarRow, ConversationRow]]:
    """Who starred any of these sessions and was not asked yet how it was; with a conversation only that person."""
    pairs = await stars_of_sessions(session, edition, session_ids, conversation_id=conversation_id)
    return [(star, conversation) for star, conversation in pairs if star.asked_at is None]


async def last_asked(session: AsyncSession, conversation_id: int) -> datetime | None:
    """When this person was asked last how a session was."""
    found: datetime | None = await session.scalar(
        select(StarRow.asked_at)
        .where(StarRow.conversation_id == conversation_id, StarRow.asked_at.is_not(None))
        .order_by(StarRow.asked_at.desc())
        .limit(1)
    )
    return found


async def give_feedback(
    session: AsyncSession, conversation_id: int, edition: str, session_id: str, *, rating: int, now: datetime
) -> None:
    """Stores what a person thinks of a session; a second answer takes the place of the first."""
    key = {"conversation_id": conversation_id, "edition": edition, "session_id": session_id}
    if not await insert_once(session, FeedbackRow, **key, rating=rating, given_at=now):
        await session.execute(update(FeedbackRow).filter_by(**key).values(rating=rating, given_at=now))


async def add_words(session: AsyncSession, conversation_id: int, edition: str, session_id: str, words: str) -> bool:
    """Puts a sentence to a person's feedback on a session; false when there is none."""
    key = {"conversation_id": conversation_id, "edition": edition, "session_id": session_id}
    row = (await session.scalars(select(FeedbackRow).filter_by(**key))).one_or_none()
    if row is None:
        return False
    row.words = words[:1_000]
    return True


async def feedback(session: AsyncSession, edition: str) -> Sequence[FeedbackRow]:
    """For the organisers: all feedback on an edition, the oldest first."""
    query = select(FeedbackRow).filter_by(edition=edition).order_by(FeedbackRow.given_at, FeedbackRow.id)
    return (await session.scalars(query)).all()


async def snapshot(session: AsyncSession, edition: str) -> SnapshotRow | None:
    return await session.get(SnapshotRow, edition)


async def keep_snapshot(session: AsyncSession, edition: str, sessions: dict[str, Any], *, now: datetime) -> None:
    """Remembers the programme as people know it from now on."""
    row = await session.get(SnapshotRow, edition)
    if row is None:
        session.add(SnapshotRow(edition=edition, sessions=sessions, taken_at=now))
    else:
        row.sessions, row.taken_at = sessions, now
