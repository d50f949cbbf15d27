"""Whether trams and busways run at an hour, from the first and last departures of the lines."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from actions.travel.itinerary import Itinerary

RAMADAN_CLOCK = timedelta(0)
"""Casablanca's distance from UTC in Ramadan; the rest of the year it is an hour."""


class Running(StrEnum):
    YES = "yes"
    ENDS_SOON = "ends_soon"
    """The last departure from a terminus comes before the last boarding."""
    NOT_YET = "not_yet"
    NO_MORE = "no_more"


@dataclass(frozen=True, slots=True)
class Service:
    """Departures from the termini of all lines of a way: the latest first and the earliest last one."""

    first: time
    last: time


def service_of(itinerary: Itinerary) -> Service:
    """The hours at which every line of the way runs; raises ValueError for a way on foot."""
    lines = [ride.line for ride in itinerary.rides]
    return Service(
        max(time.fromisoformat(line.first_departure) for line in lines),
        min(time.fromisoformat(line.last_departure) for line in lines),
    )


def running(itinerary: Itinerary, *, at: datetime) -> Running:
    """Whether one who sets out at a time in Casablanca still finds all the lines running."""
    service = service_of(itinerary)
    if at.time() < service.first:
        return Running.NOT_YET
    if at.time() > service.last:
        return Running.NO_MORE
    last_boarding = at + timedelta(minutes=itinerary.minutes_to_last_boarding)
    late = last_boarding.date() > at.date() or last_boarding.time() > service.last
    return Running.ENDS_SOON if late else Running.YES


def hours_differ(months: tuple[int, ...], *, on: datetime) -> bool:
    """Whether a time lies in the months of other hours, or in Ramadan, when the clock stands an hour earlier."""
    return on.month in months or on.utcoffset() == RAMADAN_CLOCK
