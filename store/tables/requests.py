"""Service requests, what happened to each, and who is told of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Float, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from store.tables.base import Base, UtcDateTime


class ServiceRequestRow(Base):
    """A problem that a citizen reported.

    `conversation_id` is empty for an anonymous report and once the person asked to be forgotten. `status` is one of
    `actions.requests.life.RequestState`, changed only by `actions.requests.changes`.
    """

    __tablename__ = "service_requests"
    __table_args__ = (
        Index("requests_by_conversation", "conversation_id", "created_at"),
        Index("requests_by_state", "status", "due_at"),
        Index("requests_by_place", "category", "lat", "lon"),
        Index("requests_by_external_id", "external_system", "external_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(7), unique=True)
    conversation_id: Mapped[int | None] = mapped_column(ForeignKey("conversations.id"))
    category: Mapped[str] = mapped_column(String(60))
    description: Mapped[str] = mapped_column(Text)
    place_text: Mapped[str] = mapped_column(Text)
    place_id: Mapped[str | None] = mapped_column(String(60), default=None)
    """A place of the gazetteer (`data/city/places.yml`) that the words name."""
    arrondissement: Mapped[str | None] = mapped_column(String(40))
    lat: Mapped[float | None] = mapped_column(Float)
    lon: Mapped[float | None] = mapped_column(Float)
    answers: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    """What was answered to the category's extra questions, by the question's id (`data/city/questions.yml`)."""
    photos: Mapped[list[str]] = mapped_column(JSON, default=list)
    status: Mapped[str] = mapped_column(String(20), default="received")
    status_since: Mapped[datetime] = mapped_column(UtcDateTime)
    language: Mapped[str] = mapped_column(String(10))
    body: Mapped[str] = mapped_column(String(120), default="")
    """The office that answers for it."""
    assignee: Mapped[str | None] = mapped_column(String(80), default=None)
    """The member of staff who works on it; never shown to citizens."""
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    reminded_percent: Mapped[int] = mapped_column(Integer, default=0)
    """The highest share of the deadline (50, 75, 100) that staff were reminded of."""
    supporters: Mapped[int] = mapped_column(Integer, default=1)
    """How many people reported it: the first one and every "+1"; stays when one of them is forgotten."""
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("service_requests.id"), default=None)
    external_system: Mapped[str | None] = mapped_column(String(120), default=None)
    external_id: Mapped[str | None] = mapped_column(String(120), default=None)
    """Its number in a city's own back end."""
    moderated_at: Mapped[datetime | None] = mapped_column(UtcDateTime, default=None)
    """When staff read words and photos and let the public see them; empty: not public."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class RequestEventRow(Base):
    """One line of the audit trail: who did what, when and why. Nothing here is ever changed, only a person's words go
    when the person asks to be forgotten."""

    __tablename__ = "request_events"
    __table_args__ = (Index("request_events_by_request", "request_id", "id"), Index("request_events_by_time", "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("service_requests.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    kind: Mapped[str] = mapped_column(String(20))
    """filed, state, assigned, note, photo, support, merged, reminder, survey or edited."""
    actor: Mapped[str] = mapped_column(String(120))
    """"citizen", "system", "staff:<name>" or "partner:<name>"."""
    conversation_id: Mapped[int | None] = mapped_column(ForeignKey("conversations.id"), default=None)
    """Whose words the note is, where the actor is a citizen."""
    from_status: Mapped[str | None] = mapped_column(String(20), default=None)
    to_status: Mapped[str | None] = mapped_column(String(20), default=None)
    note: Mapped[str | None] = mapped_column(Text, default=None)
    public: Mapped[bool] = mapped_column(Boolean, default=False)
    """Whether the note may be read by followers and in the public feed."""
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class RequestFollowerRow(Base):
    """A conversation that is told of every change: who reported the problem, and everyone who said "me too"."""

    __tablename__ = "request_followers"
    __table_args__ = (Index("request_followers_by_conversation", "conversation_id"),)

    request_id: Mapped[int] = mapped_column(ForeignKey("service_requests.id"), primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"), primary_key=True)
    since: Mapped[datetime] = mapped_column(UtcDateTime)
