"""Keys, tokens and forwarded requests of the Open311 interface."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "api_keys",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(80), nullable=False, unique=True),
        sa.Column("key_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("answers_with_token", sa.Boolean, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("disabled_at", TIME, nullable=True),
    )
    op.create_table(
        "request_tokens",
        sa.Column("token", sa.String(32), primary_key=True),
        sa.Column("request_id", sa.Integer, sa.ForeignKey("service_requests.id"), nullable=False),
    )
    op.create_table(
        "open311_forwards",
        sa.Column("request_id", sa.Integer, sa.ForeignKey("service_requests.id"), primary_key=True),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("token", sa.String(120), nullable=True),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("next_try_at", TIME, nullable=False),
        sa.Column("reason", sa.String(300), nullable=True),
    )
    op.create_index("open311_forwards_by_state", "open311_forwards", ["state", "next_try_at"])


def downgrade() -> None:
    op.drop_table("open311_forwards")
    op.drop_table("request_tokens")
    op.drop_table("api_keys")
