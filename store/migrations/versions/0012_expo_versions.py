"""Programmes of the expo as organisers apply them."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "expo_versions",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("edition", sa.String(40), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("content", sa.JSON),
        sa.Column("note", sa.String(200), nullable=False),
        sa.Column("author", sa.String(40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("edition", "number"),
    )
    op.create_index("expo_versions_by_edition", "expo_versions", ["edition", "id"])


def downgrade() -> None:
    op.drop_table("expo_versions")
