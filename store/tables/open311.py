"""The Open311 interface: keys of applications, tokens, and what was forwarded to a city's own back end."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from store.tables.base import Base, UtcDateTime


class ApiKeyRow(Base):
    """An application that may file requests. Only the hash of its key is kept."""

    __tablename__ = "api_keys"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    answers_with_token: Mapped[bool] = mapped_column(default=False)
    """Whether it gets a token first and asks for the number later."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)


class RequestTokenRow(Base):
    """A token handed out in place of a request's number."""

    __tablename__ = "request_tokens"

    token: Mapped[str] = mapped_column(String(32), primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("service_requests.id"))


class ForwardRow(Base):
    """A request on its way to a city's own back end. `state`: waiting, sent, uncertain (perhaps it arrived) or refused."""

    __tablename__ = "open311_forwards"
    __table_args__ = (Index("open311_forwards_by_state", "state", "next_try_at"),)

    request_id: Mapped[int] = mapped_column(ForeignKey("service_requests.id"), primary_key=True)
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    token: Mapped[str | None] = mapped_column(String(120), default=None)
    """What the back end gave instead of a number."""
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    next_try_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str | None] = mapped_column(String(300), default=None)
    """Why the last try failed, in the back end's words."""
