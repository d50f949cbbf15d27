"""The trials of `make test-faults` in small: every run of the tests kills the real service a few times."""

from dataclasses import asdict
from pathlib import Path

import pytest

from tests.faults.__main__ import complaints
from tests.faults.trial import Plan, run_trial
from tests.postgres import Server


@pytest.mark.parametrize("workers", [0, 1])
async def test_killed_at_random_moments_nothing_is_lost_doubled_or_disordered(
    workers: int, tmp_path: Path, model: Path, request: pytest.FixtureRequest
) -> None:
    """Without a further worker on SQLite, with one on PostgreSQL."""
    url = f"sqlite:///{tmp_path}/casa.sqlite3"
    if workers:
        server: Server = request.getfixturevalue("postgres")
        url = server.new_database()
    plan = Plan(persons=10, messages_each=6, kills=3, workers=workers, pause=2.0, seconds=240.0)
    verdict, kills, _ = await run_trial(plan, url, tmp_path)
    assert complaints(verdict, plan=plan, kills=kills) == [], asdict(verdict)
