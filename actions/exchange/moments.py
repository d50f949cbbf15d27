"""Times and lengths as tools write them, as times in Casablanca."""

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from nlu.times import CASABLANCA

_LENGTH = re.compile(r"(\d{1,3}):(\d{2})(?::(\d{2}))?")
NO_ZONE = "has no zone; export it with an offset such as +01:00, or say --timezone Africa/Casablanca"


class BadSession(ValueError):
    """Something in a session that cannot be used, a time most often; the text says what to write instead."""


def instant(written: str, zone: tzinfo | None) -> datetime:
    """A time with its offset as written; one without offset counts in `zone`, and is refused where that is None."""
    try:
        moment = datetime.fromisoformat(written.strip())
    except ValueError:
        raise BadSession(f"{written!r} is not a time; write it as 2031-05-21T10:30:00+01:00") from None
    return placed(moment, zone, written)


def placed(moment: datetime, zone: tzinfo | None, written: str) -> datetime:
    """The moment with a zone: its own, else `zone`."""
    if moment.tzinfo is not None and moment.utcoffset() is not None:
        return moment
    if zone is None:
        raise BadSession(f"{written!r} {NO_ZONE}")
    return moment.replace(tzinfo=zone)


def length(written: str) -> timedelta:
    """A length such as "00:45" or "1:30:00"."""
    match = _LENGTH.fullmatch(written.strip())
    found = timedelta(hours=int(match[1]), minutes=int(match[2]), seconds=int(match[3] or 0)) if match else timedelta()
    if not found:
        raise BadSession(f"{written!r} is not a length; write it as 00:45 (hours:minutes)")
    return found


def clock_time(written: str) -> time:
    """A time of the day such as "9:30" or "10:15"."""
    try:
        return time.fromisoformat(written.strip().zfill(5))
    except ValueError:
        raise BadSession(f"{written!r} is not a time of the day; write it as 09:30") from None


def day_of(written: str) -> date:
    try:
        return date.fromisoformat(written.strip()[:10])
    except ValueError:
        raise BadSession(f"{written!r} is not a day; write it as 2031-05-21") from None


def hours(start: datetime, end: datetime) -> tuple[datetime, datetime]:
    """Start and end in Casablanca; a session is on one day and begins and ends on a whole minute."""
    try:
        first, last = (moment.astimezone(UTC).astimezone(CASABLANCA) for moment in (start, end))
    except OverflowError:
        raise BadSession(f"{start} is outside of the calendar; correct the year") from None
    if last <= first:
        raise BadSession(f"it ends ({last:%H:%M}) before it starts ({first:%H:%M}) or at once; correct one of them")
    if first.date() != last.date():
        raise BadSession(
            f"it goes past midnight ({first:%d %B %H:%M} to {last:%d %B %H:%M}); make one session of each day"
        )
    if first.second or last.second or first.microsecond or last.microsecond:
        raise BadSession(f"{first.time()} to {last.time()} has seconds; give whole minutes")
    return first, last
