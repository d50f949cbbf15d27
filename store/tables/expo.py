"""Programmes of the expo as organisers apply them."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.tables.base import Base, UtcDateTime


class ExpoVersionRow(Base):
    """The programme of an edition as it was applied. Never changed afterwards; rolling back applies an old one anew."""

    __tablename__ = "expo_versions"
    __table_args__ = (UniqueConstraint("edition", "number"), Index("expo_versions_by_edition", "edition", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    edition: Mapped[str] = mapped_column(String(40))
    number: Mapped[int]
    """From 1; 0 stands for the edition's own file, which has no row."""
    content: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True), default=None)
    """`sessions`, `speakers` and `tracks` as rows of the edition's file; None: back to what the file says."""
    note: Mapped[str] = mapped_column(String(200))
    author: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
