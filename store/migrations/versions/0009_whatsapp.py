"""Contacts, sessions, media and templates of WhatsApp."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "whatsapp_contacts",
        sa.Column(
            "conversation_id", sa.Integer, sa.ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("reply_to", sa.String(128), nullable=False),
        sa.Column("last_inbound_at", TIME, nullable=True),
        sa.Column("knocked_at", TIME, nullable=True),
    )
    op.create_index("whatsapp_contacts_by_address", "whatsapp_contacts", ["reply_to"])
    op.create_table(
        "whatsapp_seen",
        sa.Column("sid", sa.String(64), primary_key=True),
        sa.Column("at", TIME, nullable=False),
    )
    op.create_index("ix_whatsapp_seen_at", "whatsapp_seen", ["at"])
    op.create_table(
        "whatsapp_media",
        sa.Column("url", sa.Text, primary_key=True),
        sa.Column("reference", sa.String(64), nullable=True),
        sa.Column("copied_at", TIME, nullable=False),
        sa.Column("deleted_at", TIME, nullable=True),
    )
    op.create_index("ix_whatsapp_media_copied_at", "whatsapp_media", ["copied_at"])
    op.create_table(
        "whatsapp_templates",
        sa.Column("name", sa.String(80), primary_key=True),
        sa.Column("sid", sa.String(64), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("checked_at", TIME, nullable=False),
    )


def downgrade() -> None:
    for table in ("whatsapp_templates", "whatsapp_media", "whatsapp_seen", "whatsapp_contacts"):
        op.drop_table(table)
