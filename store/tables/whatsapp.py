"""What WhatsApp needs to remember beside the conversations."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from store.tables.base import Base, UtcDateTime


class WhatsAppContactRow(Base):
    """How a person can be reached, and whether WhatsApp's session with them is open."""

    __tablename__ = "whatsapp_contacts"
    __table_args__ = (Index("whatsapp_contacts_by_address", "reply_to"),)

    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True)
    reply_to: Mapped[str] = mapped_column(String(128))
    """The address to send to, as the last message bore it: a phone number or a business-scoped id."""
    last_inbound_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    """When the person wrote last; empty once WhatsApp said that the session is closed."""
    knocked_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    """When the person was told by a template that a message waits; empty again once they write."""


class WhatsAppSeenRow(Base):
    """A message that was accepted before, without whose it was: it outlives what a person asked to be deleted."""

    __tablename__ = "whatsapp_seen"

    sid: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class WhatsAppReconciledRow(Base):
    """What is known of Twilio's list of messages to one number of ours."""

    __tablename__ = "whatsapp_reconciled"

    sender: Mapped[str] = mapped_column(String(64), primary_key=True)
    up_to: Mapped[datetime] = mapped_column(UtcDateTime)
    """Whatever was sent until then is here; only a round that found and stored all of it moves this."""


class WhatsAppMediaRow(Base):
    """A photo or voice note that was copied here and is, or is to be, deleted at Twilio."""

    __tablename__ = "whatsapp_media"

    url: Mapped[str] = mapped_column(Text, primary_key=True)
    reference: Mapped[str | None] = mapped_column(String(64))
    """The attachment; empty where the bytes were nothing we keep."""
    copied_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    """When it was deleted at Twilio."""


class WhatsAppTemplateRow(Base):
    """A Content template at Twilio."""

    __tablename__ = "whatsapp_templates"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    sid: Mapped[str] = mapped_column(String(64))
    status: Mapped[str] = mapped_column(String(20))
    """`ready` for what needs no approval, else WhatsApp's word: unsubmitted, received, pending, approved, rejected, paused."""
    checked_at: Mapped[datetime] = mapped_column(UtcDateTime)
