"""`make test-faults`: the two large trials; prints their figures and fails when something was lost, doubled or disordered."""

import asyncio
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from bot.assistant import ensure_model
from bot.settings import PROJECT
from tests.faults.trial import Outcome, Plan, run_trial
from tests.postgres import programs, running_server

PLAN = {"persons": 200, "messages_each": 10, "kills": 12}


def complaints(plan: Plan, outcome: Outcome) -> list[str]:
    """What a trial must not show."""
    expected = {
        "messages": plan.messages,
        "unanswered": 0,
        "requests": plan.persons,
        "filed_twice": 0,
        "chats_out_of_order": 0,
        "lost": 0,
    }
    verdict = outcome.verdict
    found = asdict(verdict)
    wrong = [f"{name} is {found[name]}, not {value}" for name, value in expected.items() if found[name] != value]
    if not outcome.ended:
        wrong.insert(0, f"not done after {outcome.seconds:.0f} s")
    if outcome.kills != plan.kills:
        wrong.append(f"killed {outcome.kills} times, not {plan.kills}")
    if not 0 <= verdict.doubled <= outcome.kills:
        wrong.append(f"doubled is {verdict.doubled} after {outcome.kills} kills")
    return wrong


def report(name: str, plan: Plan, url: str) -> bool:
    print(f"{name}: {plan.messages} messages of {plan.persons} people", flush=True)
    with tempfile.TemporaryDirectory(prefix="casa-faults-") as folder:
        place = url or f"sqlite:///{folder}/casa.sqlite3"
        outcome = asyncio.run(run_trial(plan, place, Path(folder), tell=lambda line: print(f"  {line}", flush=True)))
    print(f"  {outcome.kills} kills in {outcome.seconds:.0f} s")
    for field, value in asdict(outcome.verdict).items():
        print(f"    {field.replace('_', ' '):<20} {value}")
    wrong = complaints(plan, outcome)
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
        good &= report("PostgreSQL, two workers", Plan(**PLAN, processes=2), server.new_database())
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
