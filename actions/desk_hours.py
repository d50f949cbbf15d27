"""When people are at the desk, as the operator says it: "mon-fri 08:30-16:30; sat 09:00-12:00"."""

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_PART = re.compile(r"([a-z]{3})(?:-([a-z]{3}))?\s+(\d{1,2}:\d{2})\s*-\s*(\d{1,2}:\d{2})")


@dataclass(frozen=True, slots=True)
class Opening:
    """Some weekdays (0 is Monday) and the hours on them."""

    days: frozenset[int]
    opens: time
    closes: time


@dataclass(frozen=True, slots=True)
class DeskHours:
    """The week. Without any opening nothing is known, and nothing is promised."""

    openings: tuple[Opening, ...] = ()

    @classmethod
    def parse(cls, text: str) -> "DeskHours":
        """Raises `ValueError` with the remedy."""
        return cls(tuple(_opening(part.strip().lower()) for part in text.split(";") if part.strip()))

    @property
    def known(self) -> bool:
        return bool(self.openings)

    def is_open(self, moment: datetime) -> bool:
        """Whether somebody is there; a desk whose hours are not known counts as open."""
        if not self.openings:
            return True
        return any(o.opens <= moment.time() < o.closes for o in self.openings if moment.weekday() in o.days)

    def next_opening(self, moment: datetime) -> datetime | None:
        """When somebody is there again, within the coming week."""
        starts = [
            datetime.combine(day, opening.opens, tzinfo=moment.tzinfo)
            for day in (moment.date() + timedelta(days=ahead) for ahead in range(8))
            for opening in self.openings
            if day.weekday() in opening.days
        ]
        return min((start for start in starts if start > moment), default=None)


def _opening(part: str) -> Opening:
    found = _PART.fullmatch(part)
    if found is None or found[1] not in DAYS or (found[2] or found[1]) not in DAYS:
        raise ValueError(f'STAFF_HOURS: cannot read {part!r}; write it like "mon-fri 08:30-16:30; sat 09:00-12:00"')
    first, last = DAYS.index(found[1]), DAYS.index(found[2] or found[1])
    opens, closes = time.fromisoformat(found[3].zfill(5)), time.fromisoformat(found[4].zfill(5))
    if last < first or closes <= opens:
        raise ValueError(f"STAFF_HOURS: {part!r} ends before it begins")
    return Opening(frozenset(range(first, last + 1)), opens, closes)
