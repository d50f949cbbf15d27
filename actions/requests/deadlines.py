"""When a request is due, and how much of its time has passed. Rules only, no I/O; times have a zone."""

from datetime import datetime, timedelta

from actions.requests.categories import Category
from nlu.times import CASABLANCA

REMINDERS = (50, 75, 100)
"""Percent of the time to the deadline at which staff are reminded."""


def due_date(category: Category, received: datetime) -> datetime | None:
    """The moment before which the office should have answered; None where no source gives a deadline.

    Days are counted on Casablanca's calendar (the clock changes around Ramadan), hours as they pass.
    """
    deadline = category.deadline
    if deadline is None:
        return None
    local = received.astimezone(CASABLANCA)
    return local + timedelta(days=deadline.days) if deadline.days else received + timedelta(hours=deadline.hours)


def clock_start(category: Category, due: datetime, *, received: datetime) -> datetime:
    """When the clock of a deadline began to run: a reopened request gets its time again."""
    deadline = category.deadline
    if deadline is None:
        return received
    local = due.astimezone(CASABLANCA)
    started = local - timedelta(days=deadline.days) if deadline.days else due - timedelta(hours=deadline.hours)
    return max(received, started)


def reminder_due(*, received: datetime, due: datetime, now: datetime, reminded_percent: int) -> int | None:
    """The highest reminder (50, 75 or 100) that is reached and was not given; None when there is none to give."""
    passed = percent_passed(received=received, due=due, now=now)
    reached = [mark for mark in REMINDERS if mark <= passed]
    return reached[-1] if reached and reached[-1] > reminded_percent else None


def percent_passed(*, received: datetime, due: datetime, now: datetime) -> float:
    """How much of the time to the deadline has passed, in percent; beyond 100 when it is late."""
    return 100 * ((now - received) / (due - received))
