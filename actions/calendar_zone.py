"""Casablanca's time for calendars: UTC+1, UTC+0 in Ramadan, change by change as the time zone data has it.

`icalendar` can make such a component by itself, but leaves out the Ramadans of some years (2024, 2027, 2032).
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

from nlu.times import CASABLANCA

_MARGIN = timedelta(days=400)
"""So far around the dates, at least one change lies before them."""


def casablanca(first: date, last: date) -> Timezone:
    """The VTIMEZONE component that is right from the first day to the last."""
    zone = Timezone()
    zone.add("tzid", CASABLANCA.key)
    for before, after in _changes(first - _MARGIN, last + _MARGIN):
        # Of the two, the Moroccan law calls UTC+1 the standard; so does the time zone data.
        part = TimezoneDaylight() if after.dst() else TimezoneStandard()
        part.add("dtstart", (after.replace(tzinfo=None) - _offset(after) + _offset(before)))
        part.add("tzoffsetfrom", _offset(before))
        part.add("tzoffsetto", _offset(after))
        part.add("tzname", after.tzname() or "")
        zone.add_component(part)
    return zone


def _changes(first: date, last: date) -> Iterator[tuple[datetime, datetime]]:
    """The moments around each change: the last second before it, and the change."""
    moment, end = (datetime.combine(day, time.min, UTC) for day in (first, last))
    while moment < end:
        following = moment + timedelta(days=1)
        if _local(moment).utcoffset() != _local(following).utcoffset():
            low, high = moment, following
            while high - low > timedelta(seconds=1):
                middle = low + (high - low) // 2
                middle = middle.replace(microsecond=0)
                low, high = (middle, high) if _offset(_local(middle)) == _offset(_local(low)) else (low, middle)
            yield _local(low), _local(high)
        moment = following


def _local(moment: datetime) -> datetime:
    return moment.astimezone(CASABLANCA)


def _offset(moment: datetime) -> timedelta:
    return moment.utcoffset() or timedelta()
