"""People who work at the staff desk: accounts, sessions, one-time links, logins, and the log of what they did."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from store.tables.base import Base, UtcDateTime


class StaffAccountRow(Base):
    """Somebody who may sign in. `demo` marks the account of the demonstration desk."""

    __tablename__ = "staff_accounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40), unique=True)
    full_name: Mapped[str] = mapped_column(String(80))
    role: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(5), default="fr")
    password_hash: Mapped[str] = mapped_column(String(200))
    totp_secret: Mapped[str | None] = mapped_column(String(64), default=None)
    totp_used: Mapped[int | None] = mapped_column(default=None)
    """The last time step whose code was accepted: a code counts once."""
    demo: Mapped[bool] = mapped_column(default=False)
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class StaffSessionRow(Base):
    """A browser that is signed in. Only the hash of its cookie is kept."""

    __tablename__ = "staff_sessions"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("staff_accounts.id"))
    csrf: Mapped[str] = mapped_column(String(64))
    said: Mapped[str | None] = mapped_column(String(400), default=None)
    """What the next page tells once: "Saved"."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)


class StaffLinkRow(Base):
    """A link that signs in once. Only the hash of its token is kept."""

    __tablename__ = "staff_links"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("staff_accounts.id"))
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


class StaffLoginRow(Base):
    """A sign-in that failed; counted to slow down guessing."""

    __tablename__ = "staff_logins"
    __table_args__ = (Index("staff_logins_by_time", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    address: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class StaffAuditRow(Base):
    """One thing that somebody did. A trigger of the database refuses to change or delete a row.

    It names accounts and things by their ids, never a citizen or a citizen's words, so that nothing in it ever has to be deleted.
    """

    __tablename__ = "staff_audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    who: Mapped[str] = mapped_column(String(40))
    action: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(200))
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
