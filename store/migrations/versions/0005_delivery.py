"""What several processes and the delivery of replies need: holders, pace, progress, the provider's ids."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
HOLDING = ("turn_holder", "send_holder")
TIMES = ("turn_after", "send_after", "send_pace")


def upgrade() -> None:
    op.add_column("conversations", sa.Column("blocked", sa.Boolean, nullable=False, server_default=sa.false()))
    for name in HOLDING:
        op.add_column("conversations", sa.Column(name, sa.String(32), nullable=True))
    for name in TIMES:
        op.add_column("conversations", sa.Column(name, TIME, nullable=True))
    op.add_column("outbox", sa.Column("outgoing", sa.JSON, nullable=True))
    op.add_column("outbox", sa.Column("position", sa.Integer, nullable=False, server_default="0"))
    op.add_column("outbox", sa.Column("attempts", sa.Integer, nullable=False, server_default="0"))
    op.add_column("outbox", sa.Column("reason", sa.String(200), nullable=True))
    op.execute(
        "UPDATE outbox SET state = 'kept' WHERE conversation_id IN"
        " (SELECT id FROM conversations WHERE channel IN ('phone', 'terminal'))"
    )
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("provider_id", sa.String(200), nullable=True),
        sa.Column("outbox_id", sa.Integer, sa.ForeignKey("outbox.id", ondelete="CASCADE"), nullable=True),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("reason", sa.String(200), nullable=True),
        sa.Column("updated_at", TIME, nullable=False),
        sa.UniqueConstraint("channel", "provider_id"),
    )
    op.create_index("deliveries_by_outbox", "deliveries", ["outbox_id", "position"])
    op.create_table(
        "processes",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("machine", sa.String(120), nullable=False),
        sa.Column("pid", sa.Integer, nullable=False),
        sa.Column("pulse_at", TIME, nullable=False),
    )
    op.create_table(
        "duties",
        sa.Column("name", sa.String(60), primary_key=True),
        sa.Column("holder", sa.String(32), nullable=True),
    )


def downgrade() -> None:
    for table in ("duties", "processes", "deliveries"):
        op.drop_table(table)
    op.execute("UPDATE outbox SET state = 'new' WHERE state = 'kept'")
    # No batch: SQLite would copy the table and drop the old one, which rows that refer to it forbid.
    for name in ("reason", "attempts", "position", "outgoing"):
        op.drop_column("outbox", name)
    for name in (*reversed(TIMES), *reversed(HOLDING), "blocked"):
        op.drop_column("conversations", name)
