"""Pushes beside turns: what another process writes meanwhile stands."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from actions.push import Push
from actions.reply import say
from actions.texts import Texts
from bot.pushes import put
from store import inbox
from store.conversations import conversation_of
from store.database import Database
from store.processes import Holder
from store.tables import ConversationRow

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
FORM = {"intent": "report/road", "description": "un trou", "asking": "where"}


@pytest.mark.parametrize("awaiting", ["fixed:7K3-42R", None])
async def test_a_push_leaves_what_a_turn_stores_meanwhile(
    database: Database, texts: Texts, awaiting: str | None
) -> None:
    claim = await _claim(database)
    pushed = asyncio.Event()

    async def turn() -> None:
        await pushed.wait()
        async with database.transaction() as session:
            rows = await inbox.claimed(session, claim, "turns")
            assert rows is not None
            rows[1].state = {**rows[1].state, "form": FORM}

    working = asyncio.create_task(turn())
    async with database.transaction() as session:
        push = Push(claim.conversation_id, "request:survey", say("request.no_reason_given"), awaiting=awaiting)
        assert await put(session, texts, push, now=NOW)
        pushed.set()
        await asyncio.wait([working], timeout=0.5)  # What a chore has to tell others takes its time.
    await working
    state = await _state(database, claim.conversation_id)
    assert (state["form"], state.get("awaiting")) == (FORM, awaiting)


async def test_a_push_sees_what_a_turn_stored_before_it(database: Database, texts: Texts) -> None:
    """In the middle of a report a yes means that report."""
    claim = await _claim(database)
    push = Push(claim.conversation_id, "request:survey", say("request.no_reason_given"), awaiting="fixed:7K3-42R")
    async with database.transaction() as session:
        # A look at who follows, before anything is locked.
        follower = await session.get(ConversationRow, claim.conversation_id)
        assert follower is not None
        if session.get_bind().dialect.name == "postgresql":
            async with database.transaction() as other:
                rows = await inbox.claimed(other, claim, "turns")
                assert rows is not None
                rows[1].state = {"form": FORM}
        else:
            follower.state = {"form": FORM}
        assert await put(session, texts, push, now=NOW)
    assert await _state(database, claim.conversation_id) == {"form": FORM}


@pytest.mark.parametrize(("minutes", "means"), [(5, "way_to:"), (60, "fixed:7K3-42R")])
async def test_a_yes_means_the_push_once_the_question_before_it_is_old(
    minutes: int, means: str, database: Database, texts: Texts
) -> None:
    claim = await _claim(database)
    async with database.transaction() as session:
        row = await session.get(ConversationRow, claim.conversation_id)
        assert row is not None
        row.state = {"awaiting": "way_to:"}
    push = Push(claim.conversation_id, "request:fixed", say("request.no_reason_given"), awaiting="fixed:7K3-42R")
    async with database.transaction() as session:
        assert await put(session, texts, push, now=NOW + timedelta(minutes=minutes))
    assert (await _state(database, claim.conversation_id))["awaiting"] == means


async def _claim(database: Database) -> inbox.Claim:
    """A message of somebody, taken for a turn."""
    async with database.transaction() as session:
        await conversation_of(session, "telegram", "7", now=NOW)
        await inbox.accept(session, "telegram", "7", "m1", {"text": "un trou"}, now=NOW)
        claim = await inbox.claim_next(session, Holder("turns", NOW + timedelta(seconds=1)))
    assert claim is not None
    return claim


async def _state(database: Database, conversation_id: int) -> dict[str, object]:
    async with database.reading() as session:
        row = await session.get(ConversationRow, conversation_id)
        assert row is not None
        return row.state
