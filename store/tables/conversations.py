"""Conversations, and what comes in and goes out."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.tables.base import Base, UtcDateTime


class ConversationRow(Base):
    """A person on a channel, and what the assistant remembers of the conversation."""

    __tablename__ = "conversations"
    __table_args__ = (UniqueConstraint("channel", "address"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(20))
    address: Mapped[str] = mapped_column(String(128))
    state: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    blocked: Mapped[bool] = mapped_column(default=False)
    """The person cannot be reached (blocked the assistant, left); until they write again nothing is sent."""
    turn_holder: Mapped[str | None] = mapped_column(String(32), default=None)
    """The process that handles a message of this conversation now; only one does."""
    turn_after: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    """When a turn that failed is tried again."""
    send_holder: Mapped[str | None] = mapped_column(String(32), default=None)
    """The process that sends to this conversation now; only one does."""
    send_after: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    """When the next message may be sent: the provider's pace, or the wait after a failure."""
    send_pace: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    """How far ahead of the pace the messages sent so far are (`bot/pacing.py`)."""


class InboxRow(Base):
    """A message as it came in, stored before the channel is told so. `state`: new, done or parked."""

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("channel", "message_id"),
        Index("inbox_by_state", "state", "id"),
        Index("inbox_by_conversation", "conversation_id", "cursor"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(20))
    message_id: Mapped[str] = mapped_column(String(200))
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(10), default="new")
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    cursor: Mapped[int] = mapped_column(BigInteger)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)


class OutboxRow(Base):
    """A reply. `state`: kept (fetched by phone page and terminal), or on its way through a delivering channel.

    new: to be sent; sent: the provider has all of it; uncertain: all of it was tried, and of some message nobody knows
    whether it arrived; failed: a dead letter, see `reason`; blocked: the person could not be reached; dropped: by staff,
    or too old by now; waiting: the provider takes it only after the person wrote again.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index("outbox_by_state", "state", "id"),
        Index("outbox_by_conversation", "conversation_id", "cursor"),
        UniqueConstraint("conversation_id", "push_key", name="outbox_push_once"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"))
    inbox_id: Mapped[int | None] = mapped_column(ForeignKey("inbox.id"))
    push_key: Mapped[str | None] = mapped_column(String(200), default=None)
    """The occasion of a message that nobody asked for; a conversation is told of each once."""
    parts: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(10), default="new")
    outgoing: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON(none_as_null=True), default=None)
    """The provider's messages that `parts` became, fixed before the first is sent."""
    position: Mapped[int] = mapped_column(Integer, default=0)
    """Which of `outgoing` is next."""
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    """How often the message at `position` failed."""
    reason: Mapped[str | None] = mapped_column(String(200), default=None)
    """Why the last attempt failed, without anything of the person."""
    cursor: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
