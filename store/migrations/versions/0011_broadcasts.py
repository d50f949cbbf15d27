"""Messages of the city to many, and who gets each."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "broadcasts",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("audience", sa.String(20), nullable=False),
        sa.Column("target", sa.String(120), nullable=False),
        sa.Column("texts", sa.JSON, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("demo", sa.Boolean, nullable=False),
        sa.Column("author", sa.String(40), nullable=False),
        sa.Column("written_at", TIME, nullable=False),
        sa.Column("approver", sa.String(40)),
        sa.Column("approved_at", TIME),
        sa.Column("ended_by", sa.String(40)),
        sa.Column("ended_at", TIME),
        sa.Column("counts", sa.JSON, nullable=False),
    )
    op.create_index("broadcasts_by_state", "broadcasts", ["state", "id"])
    op.create_table(
        "broadcast_recipients",
        sa.Column("broadcast_id", sa.Integer, sa.ForeignKey("broadcasts.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("conversation_id", sa.Integer, sa.ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("reason", sa.String(20)),
    )
    op.create_index("broadcast_recipients_by_state", "broadcast_recipients", ["broadcast_id", "state", "conversation_id"])
    op.create_index("broadcast_recipients_by_conversation", "broadcast_recipients", ["conversation_id"])


def downgrade() -> None:
    op.drop_table("broadcast_recipients")
    op.drop_table("broadcasts")
