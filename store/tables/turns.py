"""What was understood of each message, with personal data masked: for the queue of what was not understood, and for figures."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Float, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from store.tables.base import Base, UtcDateTime


class TurnRow(Base):
    """One turn. Goes with the person who asks to be forgotten, and with age."""

    __tablename__ = "turns"
    __table_args__ = (
        Index("turns_by_time", "at"),
        Index("turns_by_conversation", "conversation_id", "id"),
        Index("turns_by_outcome", "outcome", "handled", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"))
    channel: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(Text)
    """The masked words; empty for taps, photos, locations, voice notes."""
    intent: Mapped[str] = mapped_column(String(60))
    confidence: Mapped[float] = mapped_column(Float)
    ranking: Mapped[list[list[Any]]] = mapped_column(JSON, default=list)
    outcome: Mapped[str] = mapped_column(String(12))
    """answered, asked, lost, form (an answer to an open request form), human (with a person of staff) or other (a tap, a photo)."""
    complained: Mapped[bool] = mapped_column(Boolean, default=False)
    """The next thing the person said was that this answer was wrong."""
    handled: Mapped[str | None] = mapped_column(String(12), default=None)
    """What staff made of it: example, draft, scope, fine. Never comes back to the queue."""
    judged: Mapped[str | None] = mapped_column(String(8), default=None)
    """What the sampled review says of it: right, wrong or unclear."""
