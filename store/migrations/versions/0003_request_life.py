"""The life of a service request: audit trail, followers, deadline, who answers for it."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def new_columns() -> list[sa.Column]:
    return [
        sa.Column("place_id", sa.String(60), nullable=True),
        sa.Column("answers", sa.JSON, nullable=False, server_default="{}"),
        sa.Column("status_since", TIME, nullable=True),
        sa.Column("body", sa.String(120), nullable=False, server_default=""),
        sa.Column("assignee", sa.String(80), nullable=True),
        sa.Column("due_at", TIME, nullable=True),
        sa.Column("reminded_percent", sa.Integer, nullable=False, server_default="0"),
        sa.Column("supporters", sa.Integer, nullable=False, server_default="1"),
        sa.Column("merged_into_id", sa.Integer, nullable=True),
        sa.Column("external_system", sa.String(120), nullable=True),
        sa.Column("external_id", sa.String(120), nullable=True),
        sa.Column("moderated_at", TIME, nullable=True),
    ]


def upgrade() -> None:
    with op.batch_alter_table("service_requests") as table:
        for column in new_columns():
            table.add_column(column)
        table.create_foreign_key("requests_merged_into", "service_requests", ["merged_into_id"], ["id"])
    op.execute("UPDATE service_requests SET status_since = updated_at")
    with op.batch_alter_table("service_requests") as table:
        table.alter_column("status_since", existing_type=TIME, nullable=False)
    op.create_index("requests_by_state", "service_requests", ["status", "due_at"])
    op.create_index("requests_by_place", "service_requests", ["category", "lat", "lon"])
    op.create_index("requests_by_external_id", "service_requests", ["external_system", "external_id"])
    op.create_table(
        "request_events",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("request_id", sa.Integer, sa.ForeignKey("service_requests.id"), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("actor", sa.String(120), nullable=False),
        sa.Column("conversation_id", sa.Integer, sa.ForeignKey("conversations.id"), nullable=True),
        sa.Column("from_status", sa.String(20), nullable=True),
        sa.Column("to_status", sa.String(20), nullable=True),
        sa.Column("note", sa.Text, nullable=True),
        sa.Column("public", sa.Boolean, nullable=False),
        sa.Column("detail", sa.JSON, nullable=False),
    )
    op.create_index("request_events_by_request", "request_events", ["request_id", "id"])
    op.create_index("request_events_by_time", "request_events", ["at"])
    op.create_table(
        "request_followers",
        sa.Column("request_id", sa.Integer, sa.ForeignKey("service_requests.id"), primary_key=True),
        sa.Column("conversation_id", sa.Integer, sa.ForeignKey("conversations.id"), primary_key=True),
        sa.Column("since", TIME, nullable=False),
    )
    op.create_index("request_followers_by_conversation", "request_followers", ["conversation_id"])
    # Requests from before this migration: received as they were, followed by who filed them.
    op.execute(
        "INSERT INTO request_followers (request_id, conversation_id, since) "
        "SELECT id, conversation_id, created_at FROM service_requests WHERE conversation_id IS NOT NULL"
    )


def downgrade() -> None:
    for table in ("request_followers", "request_events"):
        op.drop_table(table)
    for index in ("requests_by_external_id", "requests_by_place", "requests_by_state"):
        op.drop_index(index, "service_requests")
    with op.batch_alter_table("service_requests") as table:
        table.drop_constraint("requests_merged_into", type_="foreignkey")
        for column in reversed(new_columns()):
            table.drop_column(column.name)
