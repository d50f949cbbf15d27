"""Notices that are shown with answers for a while."""

from datetime import datetime

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from store.tables.base import Base, UtcDateTime


class NoticeRow(Base):
    """A notice such as a water cut; it ends by itself. No topic or arrondissement means all of them."""

    __tablename__ = "notices"
    __table_args__ = (Index("notices_by_end", "until"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    texts: Mapped[dict[str, str]] = mapped_column(JSON)
    """One text a language, by its tag."""
    intents: Mapped[list[str]] = mapped_column(JSON, default=list)
    arrondissements: Mapped[list[str]] = mapped_column(JSON, default=list)
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    author: Mapped[str] = mapped_column(String(40))
