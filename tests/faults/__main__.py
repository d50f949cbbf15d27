"""`make test-faults`: the two large trials; prints their figures and fails when something was lost, doubled or disordered."""

import asyncio
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from bot.assistant import ensure_model
from bot.settings import PROJECT
from tests.faults.trial import Plan, run_trial
from tests.faults.verdict import Verdict
from tests.postgres import programs, running_server

PLAN = {"persons": 200, "messages_each": 10, "kills": 12}


def complaints(verdict: Verdict, *, plan: Plan, kills: int) -> list[str]:
    """What a trial must not show."""
    expected = {
        "messages": plan.persons * plan.messages_each,
        "unanswered": 0,
        "requests": plan.persons,
        "filed_twice": 0,
        "chats_out_of_order": 0,
        "lost": 0,
    }
    found = asdict(verdict)
    wrong = [f"{name} is {found[name]}, not {value}" for name, value in expected.items() if found[name] != value]
    if not 0 <= verdict.doubled <= kills:
        wrong.append(f"doubled is {verdict.doubled} after {kills} kills")
    return wrong


def report(name: str, plan: Plan, url: str) -> bool:
    with tempfile.TemporaryDirectory(prefix="casa-faults-") as folder:
        verdict, kills, seconds = asyncio.run(run_trial(plan, url or f"sqlite:///{folder}/casa.sqlite3", Path(folder)))
    print(f"{name}: {kills} kills in {seconds:.0f} s")
    for field, value in asdict(verdict).items():
        print(f"  {field.replace('_', ' '):<20} {value}")
    wrong = complaints(verdict, plan=plan, kills=kills)
    for complaint in wrong:
        print(f"  WRONG: {complaint}")
    return not wrong


def main() -> int:
    ensure_model(PROJECT, print)
    good = report("SQLite, one process", Plan(**PLAN), "")
    if programs() is None:
        print("PostgreSQL is not installed: the trial with two workers was left out")
        return 1
    with running_server() as server:
        good &= report("PostgreSQL, two workers", Plan(**PLAN, workers=1), server.new_database())
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
