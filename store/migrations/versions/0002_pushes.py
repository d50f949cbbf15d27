"""Messages that nobody has just asked for, once each."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("outbox") as table:
        table.add_column(sa.Column("push_key", sa.String(200), nullable=True))
        table.create_unique_constraint("outbox_push_once", ["conversation_id", "push_key"])


def downgrade() -> None:
    with op.batch_alter_table("outbox") as table:
        table.drop_constraint("outbox_push_once", type_="unique")
        table.drop_column("push_key")
