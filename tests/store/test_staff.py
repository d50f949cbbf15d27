"""What the database itself promises of the desk, on SQLite and on PostgreSQL."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from store import handover
from store import staff as staff_store
from store.conversations import conversation_of
from store.database import Database

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize("change", ["UPDATE staff_audit SET who = 'somebody else'", "DELETE FROM staff_audit"])
async def test_the_audit_log_only_grows(database: Database, change: str) -> None:
    async with database.transaction() as session:
        staff_store.note(session, who="samira", action="faq.pull", subject="faq/parks", now=NOW)

    async def attempt() -> None:
        async with database.transaction() as session:
            await session.execute(text(change))

    with pytest.raises(DBAPIError, match="only grows"):
        await attempt()
    async with database.transaction() as session:
        assert [(entry.who, entry.subject) for entry in await staff_store.audit(session)] == [("samira", "faq/parks")]


async def test_one_agent_gets_a_conversation(database: Database) -> None:
    async with database.transaction() as session:
        conversation = await conversation_of(session, "phone", "somebody", now=NOW)
        asked = handover.ask(session, conversation.id, now=NOW)
        await session.flush()
        taken = [await handover.take(session, asked.id, agent, now=NOW) for agent in ("samira", "hicham")]
        row = await handover.open_of(session, conversation.id)
    assert (taken, row and row.agent) == ([True, False], "samira")
