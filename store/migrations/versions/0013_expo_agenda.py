"""Starred sessions with their reminders, feedback, and the programme as people were told it."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "expo_stars",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("conversation_id", sa.Integer, sa.ForeignKey("conversations.id"), nullable=False),
        sa.Column("edition", sa.String(60), nullable=False),
        sa.Column("session_id", sa.String(60), nullable=False),
        sa.Column("starred_at", TIME, nullable=False),
        sa.Column("ends_at", TIME, nullable=False),
        sa.Column("remind_minutes", sa.Integer, nullable=True),
        sa.Column("reminded_for", TIME, nullable=True),
        sa.Column("asked_at", TIME, nullable=True),
        sa.UniqueConstraint("conversation_id", "edition", "session_id", name="expo_star_once"),
    )
    op.create_index("expo_stars_by_session", "expo_stars", ["edition", "session_id"])
    op.create_table(
        "expo_feedback",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("conversation_id", sa.Integer, sa.ForeignKey("conversations.id"), nullable=True),
        sa.Column("edition", sa.String(60), nullable=False),
        sa.Column("session_id", sa.String(60), nullable=False),
        sa.Column("rating", sa.Integer, nullable=False),
        sa.Column("words", sa.String(1000), nullable=True),
        sa.Column("given_at", TIME, nullable=False),
        sa.UniqueConstraint("conversation_id", "edition", "session_id", name="expo_feedback_once"),
    )
    op.create_table(
        "expo_snapshots",
        sa.Column("edition", sa.String(60), primary_key=True),
        sa.Column("sessions", sa.JSON, nullable=False),
        sa.Column("taken_at", TIME, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("expo_snapshots")
    op.drop_table("expo_feedback")
    op.drop_table("expo_stars")
