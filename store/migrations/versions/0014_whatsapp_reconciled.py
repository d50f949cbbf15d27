"""Until when missed messages of WhatsApp were looked for."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "whatsapp_reconciled",
        sa.Column("sender", sa.String(64), primary_key=True),
        sa.Column("up_to", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("whatsapp_reconciled")
