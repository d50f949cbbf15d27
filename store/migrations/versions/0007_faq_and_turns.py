"""Answers as staff change them, and what was understood of each message."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "faq_drafts",
        sa.Column("intent", sa.String(60), primary_key=True),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("based_on", sa.String(64), nullable=False),
        sa.Column("entry", sa.JSON, nullable=True),
        sa.Column("trial", sa.JSON, nullable=False),
        sa.Column("author", sa.String(40), nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
    )
    op.create_table(
        "faq_checks",
        sa.Column("intent", sa.String(60), primary_key=True),
        sa.Column("text_hash", sa.String(64), nullable=False),
        sa.Column("model", sa.String(60), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("golden", sa.JSON, nullable=False),
        sa.Column("changed", sa.JSON, nullable=False),
        sa.Column("started_at", TIME, nullable=False),
    )
    op.create_table(
        "faq_versions",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("intent", sa.String(60), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("file_hash", sa.String(64), nullable=False),
        sa.Column("entry", sa.JSON, nullable=True),
        sa.Column("model", sa.String(60), nullable=False),
        sa.Column("note", sa.String(200), nullable=False),
        sa.Column("author", sa.String(40), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.UniqueConstraint("intent", "number"),
    )
    op.create_index("faq_versions_by_intent", "faq_versions", ["intent", "id"])
    op.create_table(
        "faq_pulls",
        sa.Column("intent", sa.String(60), primary_key=True),
        sa.Column("author", sa.String(40), nullable=False),
        sa.Column("at", TIME, nullable=False),
    )
    op.create_table(
        "turns",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", TIME, nullable=False),
        sa.Column("conversation_id", sa.Integer, sa.ForeignKey("conversations.id"), nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("language", sa.String(10), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("intent", sa.String(60), nullable=False),
        sa.Column("confidence", sa.Float, nullable=False),
        sa.Column("ranking", sa.JSON, nullable=False),
        sa.Column("outcome", sa.String(12), nullable=False),
        sa.Column("complained", sa.Boolean, nullable=False),
        sa.Column("handled", sa.String(12), nullable=True),
        sa.Column("judged", sa.String(8), nullable=True),
    )
    op.create_index("turns_by_time", "turns", ["at"])
    op.create_index("turns_by_conversation", "turns", ["conversation_id", "id"])
    op.create_index("turns_by_outcome", "turns", ["outcome", "handled", "at"])


def downgrade() -> None:
    for table in ("turns", "faq_pulls", "faq_versions", "faq_checks", "faq_drafts"):
        op.drop_table(table)
