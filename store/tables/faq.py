"""Answers of the FAQ as staff change them: drafts, what a check of a draft found, published versions, and what is pulled."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.tables.base import Base, UtcDateTime


class FaqDraftRow(Base):
    """An answer in the making, one for each intent. `text` is the whole file in the format of `data/faq/`."""

    __tablename__ = "faq_drafts"

    intent: Mapped[str] = mapped_column(String(60), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    based_on: Mapped[str] = mapped_column(String(64))
    """Hash of the live text that the draft began from: it says whether somebody else published meanwhile."""
    entry: Mapped[dict[str, Any] | None] = mapped_column(JSON, default=None)
    """Label, phrase and meaning of a question that `data/nlu/intents.yml` does not have yet."""
    trial: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """The conversation in which it is tried out, and the assistant's memory of it."""
    author: Mapped[str] = mapped_column(String(40))
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class FaqCheckRow(Base):
    """What replaying the golden set and real messages through a model of a draft found. `state`: running, done or failed."""

    __tablename__ = "faq_checks"

    intent: Mapped[str] = mapped_column(String(60), primary_key=True)
    text_hash: Mapped[str] = mapped_column(String(64))
    model: Mapped[str] = mapped_column(String(60))
    """File name of the model that was trained."""
    state: Mapped[str] = mapped_column(String(10))
    golden: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    """How many messages of the golden set there are, and how many are right before and after."""
    changed: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    """Real messages whose meaning changes: text, before, after, accepted."""
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)


class FaqVersionRow(Base):
    """An answer as it was published. Never changed afterwards; rolling back publishes an old text anew."""

    __tablename__ = "faq_versions"
    __table_args__ = (UniqueConstraint("intent", "number"), Index("faq_versions_by_intent", "intent", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    intent: Mapped[str] = mapped_column(String(60))
    number: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    file_hash: Mapped[str] = mapped_column(String(64))
    """Hash of the file in `data/faq/` when it was published ("" for none): a file that changed since is a conflict."""
    entry: Mapped[dict[str, Any] | None] = mapped_column(JSON, default=None)
    model: Mapped[str] = mapped_column(String(60))
    note: Mapped[str] = mapped_column(String(200))
    author: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class FaqPullRow(Base):
    """An answer that is not given for the time being."""

    __tablename__ = "faq_pulls"

    intent: Mapped[str] = mapped_column(String(60), primary_key=True)
    author: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
