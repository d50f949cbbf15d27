"""How fast to send: rules without I/O, by the time at which messages sent evenly would all have gone out (GCRA)."""

import random
import time
from datetime import datetime, timedelta

from bot.channels.channel import Pace

FIRST_WAIT = 1.0
LONGEST_WAIT = 300.0
"""Seconds between attempts."""
OLDEST = timedelta(hours=24)
"""A reply that could not be sent for so long would only confuse."""
_BURST_SECONDS = 0.25


def after_sending(pace: Pace, debt: datetime | None, now: datetime) -> tuple[datetime, datetime]:
    """The chat's new debt, and when its next message may go: a burst is free, then `seconds_per_chat` lie between two."""
    step = timedelta(seconds=pace.seconds_per_chat)
    paid = max(debt or now, now) + step
    return paid, paid - step * pace.burst_per_chat


def wait_before_retry(attempts: int) -> float:
    """Seconds until the next attempt after `attempts` failures: doubled each time, with jitter against stampedes."""
    return float(min(FIRST_WAIT * 2 ** min(attempts, 20), LONGEST_WAIT) * random.uniform(0.5, 1.0))


class Throttle:
    """Holds a channel to its rate over all chats; `shared_by` processes each take their part."""

    def __init__(self, per_second: float) -> None:
        self._per_second = per_second
        self._next = 0.0

    def delay(self) -> float:
        """Seconds until a message may go; zero or less when it may go now."""
        return self._next - _BURST_SECONDS - time.monotonic()

    def count(self, shared_by: int) -> None:
        """A message goes."""
        self._next = max(self._next, time.monotonic()) + shared_by / self._per_second

    def pause(self, seconds: float) -> None:
        """The provider asked for silence."""
        self._next = max(self._next, time.monotonic() + seconds + _BURST_SECONDS)
