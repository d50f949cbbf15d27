"""The trials of `make test-faults` in small: every run of the tests kills the real service a few times."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import update

from bot.presence import Presence
from store.conversations import conversation_of
from store.database import Database
from store.tables import ConversationRow
from tests.faults.__main__ import complaints
from tests.faults.trial import Plan, run_trial
from tests.faults.verdict import waiting
from tests.postgres import Server


@pytest.mark.parametrize("processes", [1, 2])
async def test_killed_at_random_moments_nothing_is_lost_doubled_or_disordered(
    processes: int, tmp_path: Path, model: Path, request: pytest.FixtureRequest
) -> None:
    """One process on SQLite, two on PostgreSQL."""
    url = f"sqlite:///{tmp_path}/casa.sqlite3"
    if processes > 1:
        server: Server = request.getfixturevalue("postgres")
        url = server.new_database()
    plan = Plan(persons=10, messages_each=6, kills=3, processes=processes, seconds=240.0)
    outcome = await run_trial(plan, url, tmp_path)
    assert complaints(plan, outcome) == [], outcome


async def test_a_trial_whose_time_is_up_is_judged_as_it_stands(tmp_path: Path, model: Path) -> None:
    """And its verdict says so: the proof can fail."""
    plan = Plan(persons=2, messages_each=4, kills=0, seconds=0.5)
    outcome = await run_trial(plan, f"sqlite:///{tmp_path}/casa.sqlite3", tmp_path)
    assert not outcome.ended
    assert complaints(plan, outcome)[:2] == [f"not done after {outcome.seconds:.0f} s", "messages is 0, not 8"]


async def test_a_trial_waits_for_the_living_alone(database: Database) -> None:
    """Who was killed while a slow send was under way left its name at a chat that nobody has anything to send to."""
    presence = Presence(database)
    await presence.arrive()
    async with database.transaction() as session:
        await conversation_of(session, "telegram", "amina", now=datetime.now(UTC))
        await session.execute(update(ConversationRow).values(send_holder=presence.id))
    assert await waiting(database) == 1
    await presence.depart()
    assert await waiting(database) == 0
