"""When the expo is open, and what can be said of that at a moment."""

from datetime import date, datetime, time

from actions.expo.wording import Wording, clock
from actions.programme import selection
from actions.programme.edition import Edition
from actions.reply import Say
from nlu.times import CASABLANCA

_LUNCH_IS_OVER = time(13, 30, tzinfo=CASABLANCA)
"""Where the programme has no lunch."""


def opening(edition: Edition, day: date) -> tuple[datetime, datetime]:
    """The hours of a day; those of its sessions where the opening hours are not known, else the whole day."""
    timed = [s for s in selection.on_day(edition, day) if s.start and s.end]
    midnight = datetime.combine(day, time(0), CASABLANCA)
    first = min((s.start for s in timed if s.start), default=midnight)
    last = max((s.end for s in timed if s.end), default=datetime.combine(day, time.max, CASABLANCA))
    return edition.opening.get(day, (first, last))


def lunch_end(edition: Edition, day: date) -> time:
    """When lunch is over on that day."""
    ends = [s.end for s in selection.on_day(edition, day) if s.kind == "lunch" and s.end]
    return ends[0].timetz() if ends else _LUNCH_IS_OVER


def is_open(edition: Edition, now: datetime) -> bool:
    return any(opens <= now < closes for opens, closes in (opening(edition, day) for day in edition.days))


def is_over(edition: Edition, now: datetime) -> bool:
    return now > opening(edition, edition.days[-1])[1]


def status(edition: Edition, wording: Wording, now: datetime) -> Say:
    """Whether the expo is open, opens later, is closed for the night or is over."""
    for day in edition.days:
        opens, closes = opening(edition, day)
        if now < opens:
            key = "expo.status.opens" if day == edition.days[0] else "expo.status.reopens"
            return Say(key, {"day": wording.day_name(day), "time": clock(opens)})
        if now < closes:
            return Say("expo.status.open_until", {"time": clock(closes)})
    return Say("expo.status.over", {"day": wording.day_name(edition.days[-1])})
