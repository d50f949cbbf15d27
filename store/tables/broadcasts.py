"""Messages of the city to many: written by one person, approved by another, and who gets each."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from store.tables.base import Base, UtcDateTime


class BroadcastRow(Base):
    """A message to the followers of something. `state`: proposed, sending, done, stopped or dropped."""

    __tablename__ = "broadcasts"
    __table_args__ = (Index("broadcasts_by_state", "state", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    audience: Mapped[str] = mapped_column(String(20))
    """Followers of what kind of thing: a key of `actions.broadcasts.AUDIENCES`."""
    target: Mapped[str] = mapped_column(String(120))
    """Which of them: an arrondissement, a session."""
    texts: Mapped[dict[str, str]] = mapped_column(JSON)
    """One text a language, by its tag; all four."""
    state: Mapped[str] = mapped_column(String(10), default="proposed")
    revision: Mapped[int] = mapped_column(default=1)
    """Grows with each change, so that nobody approves words that they have not read."""
    demo: Mapped[bool] = mapped_column(default=False)
    """Written at the demonstration desk: it reaches nobody on a messaging service."""
    author: Mapped[str] = mapped_column(String(40))
    """Who wrote it, or changed it last."""
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    approver: Mapped[str | None] = mapped_column(String(40), default=None)
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    ended_by: Mapped[str | None] = mapped_column(String(40), default=None)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    counts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """How many were to get it, got it, and were left out and why; written when it ends, for recipients are forgotten in time."""


class BroadcastRecipientRow(Base):
    """Somebody who is to get a message, fixed when it was approved. `state`: waiting, put (in the outbox), or skipped."""

    __tablename__ = "broadcast_recipients"
    __table_args__ = (
        Index("broadcast_recipients_by_state", "broadcast_id", "state", "conversation_id"),
        Index("broadcast_recipients_by_conversation", "conversation_id"),
    )

    broadcast_id: Mapped[int] = mapped_column(ForeignKey("broadcasts.id", ondelete="CASCADE"), primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True)
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    reason: Mapped[str | None] = mapped_column(String(20), default=None)
    """Why nothing was sent: opted_out, blocked, closed or told."""
