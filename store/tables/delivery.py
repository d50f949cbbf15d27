"""What becomes of messages that were sent, and who is at work."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.tables.base import Base, UtcDateTime


class DeliveryRow(Base):
    """One message at the provider. `state`: uncertain, accepted, sent, delivered, read or failed."""

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("channel", "provider_id"),
        Index("deliveries_by_outbox", "outbox_id", "position"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(20))
    provider_id: Mapped[str | None] = mapped_column(String(200))
    outbox_id: Mapped[int | None] = mapped_column(ForeignKey("outbox.id", ondelete="CASCADE"))
    """Empty while the provider's report has come before its answer to the call was stored."""
    position: Mapped[int] = mapped_column(Integer, default=0)
    """Which message of the reply it is."""
    state: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str | None] = mapped_column(String(200), default=None)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ProcessRow(Base):
    """A process at work, as long as its pulse is fresh. What a dead one held is free for the others."""

    __tablename__ = "processes"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    machine: Mapped[str] = mapped_column(String(120))
    """Kernel and process namespace: within one, `pid` tells at once whether the process lives."""
    pid: Mapped[int] = mapped_column(Integer)
    pulse_at: Mapped[datetime] = mapped_column(UtcDateTime)


class DutyRow(Base):
    """Something that one process at a time does, polling for instance."""

    __tablename__ = "duties"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    holder: Mapped[str | None] = mapped_column(String(32))
