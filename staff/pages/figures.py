"""Figures that tell the truth, and the weekly sample that keeps them true."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from starlette.responses import Response

from actions.places import name_of
from nlu.times import CASABLANCA
from staff.counts import count_requests, count_turns
from staff.faq_state import FaqState, listed
from staff.visit import NotHere, Visit, whole_number
from store import faq as faq_store
from store import review
from store.tables import TurnRow

DAYS = 30
SAMPLE = 20
_VERDICTS = ("right", "wrong", "unclear")


async def show(visit: Visit) -> Response:
    since = visit.now - timedelta(days=DAYS)
    judged = await review.judged_since(visit.db, since)
    turns = count_turns(await review.turns_alike(visit.db, since), judged)
    rows = await review.requests_since(visit.db, since)
    house = visit.desk.live.house
    language = visit.reads
    names = {place.id: name_of(place, language) for place in house.city.arrondissements}
    drafts, pulled = await faq_store.drafts(visit.db), await faq_store.pulled(visit.db)
    lines = listed(visit.desk.live, drafts, pulled, today=visit.local(visit.now).date(), language=visit.reads)
    days, kinds = await _by_day(visit)
    return visit.page(
        "figures.html",
        days=[(day, sum(counts[at] for counts in kinds.values())) for at, day in enumerate(days)],
        turns=turns,
        conversations=await review.conversations_since(visit.db, since),
        handovers=await review.handovers_since(visit.db, since),
        judged=judged,
        by_arrondissement=count_requests(rows, "arrondissement", now=visit.now),
        by_body=count_requests(rows, "body", now=visit.now),
        names=names,
        label=lambda intent: house.knowledge.label(intent, language) if intent in house.knowledge.intents else intent,
        expiring=[line for line in lines if line.state in (FaqState.SOON, FaqState.EXPIRED, FaqState.PULLED)],
        count_of_days=DAYS,
    )


async def export(visit: Visit) -> Response:
    """One line a day, language and outcome."""
    days, kinds = await _by_day(visit)
    lines = [
        (day.isoformat(), language, outcome, counts[at])
        for at, day in enumerate(days)
        for (language, outcome), counts in sorted(kinds.items())
        if counts[at]
    ]
    return visit.table("figures.csv", ["day", "language", "outcome", "messages"], lines)


async def _by_day(visit: Visit) -> tuple[list[date], Mapping[tuple[str, str], Sequence[int]]]:
    """The last days in Casablanca, and the messages of each by language and outcome."""
    days = [visit.local(visit.now).date() - timedelta(days=ago) for ago in range(DAYS - 1, -1, -1)]
    midnights = [datetime.combine(day, time.min, CASABLANCA) for day in (*days, days[-1] + timedelta(days=1))]
    return days, await review.turns_by_day(visit.db, list(pairwise(midnights)))


async def sample(visit: Visit) -> Response:
    """Twenty turns of this week at most, one click each."""
    week = _week(visit.local(visit.now))
    done = sum((await review.judged_since(visit.db, week)).values())
    turns = await review.to_judge(visit.db, since=week, limit=max(0, SAMPLE - done))
    house = visit.desk.live.house
    return visit.page(
        "sample.html",
        turns=turns,
        done=done,
        size=SAMPLE,
        verdicts=_VERDICTS,
        label=lambda intent: (
            house.knowledge.label(intent, visit.reads) if intent in house.knowledge.intents else intent
        ),
    )


async def judge(visit: Visit) -> Response:
    verdict, number = visit.field("verdict"), whole_number(visit.field("turn"))
    turn = await visit.db.get(TurnRow, number) if number is not None else None
    if turn is None or verdict not in _VERDICTS:
        raise NotHere
    turn.judged = verdict
    return visit.go("/staff/figures/sample")


def _week(now: datetime) -> datetime:
    """The beginning of Monday."""
    monday = now - timedelta(days=now.weekday())
    return monday.replace(hour=0, minute=0, second=0, microsecond=0)
