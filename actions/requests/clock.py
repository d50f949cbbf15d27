"""What happens to requests by the clock: reminders before the deadline, the question whether it is fixed, closing. Chores."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from actions.push import Push
from actions.reply import Choice, Reply, Say, Words
from actions.requests import changes, news
from actions.requests.deadlines import REMINDERS, clock_start, reminder_due
from actions.requests.life import OPEN, SYSTEM, RequestState
from actions.turn import House
from nlu.understanding import Language
from store import requests as requests_store
from store.tables import ServiceRequestRow

log = structlog.get_logger()

ASK_AFTER = timedelta(weeks=4)
"""After "fixed", when it is asked whether it stayed so."""
CLOSE_AFTER = timedelta(weeks=6)
"""After "fixed", when silence is taken for a yes."""


async def remind_of_deadlines(session: AsyncSession, house: House, now: datetime) -> Sequence[Push]:
    """Writes reminders for staff at 50, 75 and 100 % of the deadline; at 100 % offers followers an official complaint."""
    pushes: list[Push] = []
    rows = await requests_store.requests_with_deadline(session, OPEN, reminded_below=REMINDERS[-1])
    for row in rows:
        if row.due_at is None:
            continue
        started = clock_start(house.desk.category(row), row.due_at, received=row.created_at)
        mark = reminder_due(received=started, due=row.due_at, now=now, reminded_percent=row.reminded_percent)
        if mark is None:
            continue
        row.reminded_percent = mark
        await changes.record(session, row, "reminder", SYSTEM, now=now, detail={"percent": mark})
        log.info("deadline reminder", request=row.number, percent=mark, body=row.body, category=row.category)
        if mark == REMINDERS[-1]:
            pushes += await _to_followers(session, row, "overdue", partial(overdue, house, row))
    return pushes


async def ask_whether_fixed(session: AsyncSession, house: House, now: datetime) -> Sequence[Push]:
    """Four weeks after "fixed": is it? A no opens the request again."""
    pushes: list[Push] = []
    for row in await requests_store.fixed_and_not_asked(session, RequestState.FIXED, before=now - ASK_AFTER):
        await changes.record(session, row, "survey", SYSTEM, now=now)
        pushes += await _to_followers(session, row, "survey", partial(survey, house, row))
    return pushes


async def close_after_silence(session: AsyncSession, house: House, now: datetime) -> Sequence[Push]:
    """Six weeks after "fixed" without a no, the request is closed."""
    pushes: list[Push] = []
    for row in await requests_store.requests_in_state_since(session, [RequestState.FIXED], now - CLOSE_AFTER):
        pushes += await changes.change_state(session, house.desk, row, RequestState.CLOSED, actor=SYSTEM, now=now)
    return pushes


def overdue(house: House, row: ServiceRequestRow, language: Language) -> Reply:
    """The deadline has passed: says whose deadline it was, and offers the text of an official complaint."""
    deadline = house.desk.category(row).deadline
    told = Say(
        "request.overdue",
        {
            "number": row.number,
            "what": Words(house.knowledge.label(row.category, language)),
            "deadline": Words(deadline.said[language] if deadline else ""),
        },
    )
    return Reply((told,), (Choice(Say("request.button.complaint"), f"ck:{row.number}"), _status(row)))


def survey(house: House, row: ServiceRequestRow, language: Language) -> Reply:
    what = Words(house.knowledge.label(row.category, language))
    return Reply((Say("request.survey", {"number": row.number, "what": what}),), news.is_it_fixed(row.number))


def _status(row: ServiceRequestRow) -> Choice:
    return Choice(Say("request.button.status"), f"s:{row.number}")


async def _to_followers(
    session: AsyncSession, row: ServiceRequestRow, occasion: str, reply: news.InLanguage
) -> list[Push]:
    return [
        Push(
            follower.id,
            f"request:{row.number}:{occasion}:{row.status_since:%Y%m%d}",
            reply(news.language_of(follower)),
            awaiting=f"fixed:{row.number}" if occasion == "survey" else None,
        )
        for follower in await requests_store.followers_of(session, row.id)
    ]
