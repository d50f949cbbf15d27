"""Conversations that a person of staff takes over."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "handovers",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("conversation_id", sa.Integer, sa.ForeignKey("conversations.id"), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("asked_at", TIME, nullable=False),
        sa.Column("agent", sa.String(40), nullable=True),
        sa.Column("taken_at", TIME, nullable=True),
        sa.Column("ended_at", TIME, nullable=True),
    )
    op.create_index("handovers_by_conversation", "handovers", ["conversation_id", "state"])
    op.create_index("handovers_by_state", "handovers", ["state", "asked_at"])


def downgrade() -> None:
    op.drop_table("handovers")
