"""`casa outbox`: what did not arrive can be seen, sent again and dropped, and names nobody."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from typer.testing import CliRunner

from bot.cli import app
from store import outbox
from store.conversations import conversation_of
from store.database import Database
from store.tables import DeliveryRow, OutboxRow

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A database with a reply of three messages, the second uncertain, and one that failed."""
    address = f"sqlite:///{tmp_path}/casa.sqlite3"
    monkeypatch.setenv("DATABASE_URL", address)

    async def fill(session: AsyncSession) -> None:
        conversation = await conversation_of(session, "telegram", "4242", now=NOW)
        for _ in range(2):
            outbox.put(session, conversation, None, [{"type": "text", "text": "secret", "language": "fr"}], now=NOW)
        await session.flush()
        first, second = (await session.scalars(select(OutboxRow).order_by(OutboxRow.id))).all()
        first.state, first.outgoing, first.position = "uncertain", [{}, {}, {}], 3
        second.state, second.reason = "failed", "refused: 400"
        for position, state in enumerate(("accepted", "uncertain", "accepted")):
            name = None if state == "uncertain" else f"T{position}"
            row = DeliveryRow(channel="telegram", provider_id=name, position=position, state=state, updated_at=NOW)
            row.outbox_id = first.id
            session.add(row)

    run(address, fill)
    return address


def run(url: str, action: Callable[[AsyncSession], Awaitable[Any]]) -> Any:
    async def inside() -> Any:
        database = await Database.open(url)
        try:
            async with database.transaction() as session:
                return await action(session)
        finally:
            await database.close()

    return asyncio.run(inside())


def states(url: str) -> list[tuple[str, int]]:
    async def read(session: AsyncSession) -> list[tuple[str, int]]:
        rows = (await session.scalars(select(OutboxRow).order_by(OutboxRow.id))).all()
        return [(row.state, row.position) for row in rows]

    found: list[tuple[str, int]] = run(url, read)
    return found


def test_the_list_says_what_happened_and_names_nobody(url: str) -> None:
    output = CliRunner().invoke(app, ["outbox", "list", "--json"]).output
    shown = [json.loads(line) for line in output.splitlines()]
    assert [(one["id"], one["state"], one["reason"], one["arrived"], one["messages"]) for one in shown] == [
        (2, "failed", "refused: 400", 0, 1),
        (1, "uncertain", None, 2, 3),
    ]
    plain = CliRunner().invoke(app, ["outbox", "list"]).output
    assert "2 of 3 arrived" in plain
    assert not {"4242", "secret"} & set((plain + output).replace('"', " ").split())


def test_a_retry_begins_with_what_did_not_surely_arrive(url: str) -> None:
    assert CliRunner().invoke(app, ["outbox", "retry", "1", "2"]).exit_code == 0
    assert states(url) == [("new", 2), ("new", 0)]
    assert "Every reply arrived" in CliRunner().invoke(app, ["outbox", "list"]).output


def test_what_is_dropped_is_off_the_list(url: str) -> None:
    assert CliRunner().invoke(app, ["outbox", "drop", "2"]).exit_code == 0
    assert states(url) == [("uncertain", 3), ("dropped", 0)]


def test_an_unknown_number_is_named(url: str) -> None:
    result = CliRunner().invoke(app, ["outbox", "retry", "1", "99"])
    assert (result.exit_code, "99" in result.output, states(url)[0]) == (2, True, ("new", 2))
