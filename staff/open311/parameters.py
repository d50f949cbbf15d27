"""Reading what a client asks for. An empty parameter is an absent one; what cannot be read is refused with a sentence."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from nlu.times import CASABLANCA
from nlu.understanding import Language

LONGEST_SPAN = timedelta(days=90)
MOST_REQUESTS = 1_000
MAX_DESCRIPTION = 4_000
_LOCALES = {"fr": Language.FRENCH, "ar": Language.DARIJA, "ary": Language.DARIJA, "en": Language.ENGLISH}
_LAST_PAGE = 1_000_000


class Refused(Exception):
    """A call that is answered with an error: HTTP status and a sentence for its author."""

    def __init__(self, status: int, description: str) -> None:
        super().__init__(description)
        self.status = status
        self.description = description


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list: the number of its first element, from 0, and how many."""

    first: int
    count: int


class Parameters:
    """The fields of a query or a form."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        self._fields = fields

    def text(self, name: str) -> str | None:
        return (self._fields.get(name) or "").strip() or None

    def values(self, name: str) -> list[str]:
        """A list with commas."""
        return [part.strip() for part in (self.text(name) or "").split(",") if part.strip()]

    def number(self, name: str, *, least: int, most: int, default: int) -> int:
        written = self.text(name)
        if written is None:
            return default
        if not (written.isascii() and written.isdigit()) or not least <= int(written[:12]) <= most:
            raise Refused(400, f"{name} must be a whole number from {least} to {most}")
        return int(written)

    def language(self) -> Language:
        """The language of `locale`; French for one that nobody here speaks."""
        locale = self.text("locale") or ""
        if locale == Language.DARIJA_LATIN:
            return Language.DARIJA_LATIN
        return _LOCALES.get(locale.lower().replace("_", "-").split("-")[0], Language.FRENCH)

    def page(self) -> Page:
        size = self.number("page_size", least=1, most=MOST_REQUESTS, default=MOST_REQUESTS)
        return Page((self.number("page", least=1, most=_LAST_PAGE, default=1) - 1) * size, size)

    def span(self, now: datetime) -> tuple[datetime, datetime]:
        """From `start_date` to `end_date`, cut to 90 days; the last 90 days unless given."""
        start, end = self._moment("start_date"), self._moment("end_date")
        if start:
            return start, min(end or now, start + LONGEST_SPAN)
        end = end or now
        return end - LONGEST_SPAN, end

    def position(self) -> tuple[float, float] | None:
        lat, lon = self.text("lat"), self.text("long")
        if lat is None and lon is None:
            return None
        if lat is None or lon is None:
            raise Refused(400, "lat and long go together")
        try:
            found = float(lat), float(lon)
        except ValueError:
            raise Refused(400, "lat and long must be decimal degrees (WGS 84)") from None
        if not all(map(math.isfinite, found)) or abs(found[0]) > 90 or abs(found[1]) > 180:
            raise Refused(400, "lat must be from -90 to 90, long from -180 to 180")
        return found

    def _moment(self, name: str) -> datetime | None:
        written = self.text(name)
        if written is None:
            return None
        try:
            # A plus sign that was not escaped arrives as a blank.
            found = datetime.fromisoformat(written.replace(" ", "+"))
            found = found if found.tzinfo else found.replace(tzinfo=CASABLANCA)
            return found.astimezone(CASABLANCA) if _EARLIEST <= found <= _LATEST else _refuse(name)
        except (ValueError, OverflowError):
            return _refuse(name)


_EARLIEST = datetime(1970, 1, 2, tzinfo=CASABLANCA)
_LATEST = datetime(9000, 1, 1, tzinfo=CASABLANCA)
"""Dates outside cannot be computed with in every zone."""


def _refuse(name: str) -> datetime:
    raise Refused(400, f"{name} must be a W3C date and time such as 2026-11-25T10:00:00+01:00")
