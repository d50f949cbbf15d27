"""Conversations that a person of staff has taken over, or is asked to."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from store.tables.base import Base, UtcDateTime


class HandoverRow(Base):
    """One time that a person was asked for. `state`: waiting, taken or ended. A conversation has one that is not ended, at most."""

    __tablename__ = "handovers"
    __table_args__ = (
        Index("handovers_by_conversation", "conversation_id", "state"),
        Index("handovers_by_state", "state", "asked_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"))
    state: Mapped[str] = mapped_column(String(8))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    agent: Mapped[str | None] = mapped_column(String(40), default=None)
    """Account name of who took it."""
    taken_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
