"""What people keep of the expo: starred sessions with their reminders, feedback; and the programme as they were told it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.tables.base import Base, UtcDateTime


class StarRow(Base):
    """A session in somebody's agenda."""

    __tablename__ = "expo_stars"
    __table_args__ = (
        UniqueConstraint("conversation_id", "edition", "session_id", name="expo_star_once"),
        Index("expo_stars_by_session", "edition", "session_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"))
    edition: Mapped[str] = mapped_column(String(60))
    session_id: Mapped[str] = mapped_column(String(60))
    starred_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When the session ends as far as was known last: from then on the row is as old as a message of that time."""
    remind_minutes: Mapped[int | None] = mapped_column(Integer, default=None)
    """How long before its start the person is reminded; None: not at all."""
    reminded_for: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    """The start of which the person was reminded; a session that moved has another one."""
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    """When the person was asked how the session was."""


class FeedbackRow(Base):
    """What somebody thought of a session; without a conversation when the person was forgotten."""

    __tablename__ = "expo_feedback"
    __table_args__ = (UniqueConstraint("conversation_id", "edition", "session_id", name="expo_feedback_once"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[int | None] = mapped_column(ForeignKey("conversations.id"))
    edition: Mapped[str] = mapped_column(String(60))
    session_id: Mapped[str] = mapped_column(String(60))
    rating: Mapped[int] = mapped_column(Integer)
    """1 (poor) to 4 (excellent)."""
    words: Mapped[str | None] = mapped_column(String(1_000), default=None)
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SnapshotRow(Base):
    """Where and when the sessions of an edition were, as the people who starred them were told last."""

    __tablename__ = "expo_snapshots"

    edition: Mapped[str] = mapped_column(String(60), primary_key=True)
    sessions: Mapped[dict[str, Any]] = mapped_column(JSON)
    taken_at: Mapped[datetime] = mapped_column(UtcDateTime)
