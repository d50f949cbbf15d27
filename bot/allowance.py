"""How much one person, or one address of the internet, may leave here in a day.

Counted in the memory of this process since its start: enough that nobody fills the room of all others.
"""

import ipaddress
import time
from collections.abc import Callable, Mapping

PERSON = 40 * 1024 * 1024
"""Bytes a day: some eighty photos."""
ADDRESS = 400 * 1024 * 1024
"""Many people share one: those of a mobile network, the visitors of the expo."""
_DAY = 24 * 3600.0
_MOST_KEPT = 20_000


class Allowance:
    """Each key may leave a day's bytes at once; they come back evenly over a day."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._free_again: dict[str, float] = {}
        """By key, when all that it left is forgotten."""

    def spend(self, size: int, keys: Mapping[str, int]) -> bool:
        """Counts `size` bytes for each key with its bytes a day; false, and nothing counted, where one has too little left."""
        now = self._clock()
        after = {key: max(self._free_again.get(key, now), now) + size * _DAY / a_day for key, a_day in keys.items()}
        if any(moment - now > _DAY for moment in after.values()):
            return False
        self._free_again.update(after)
        if len(self._free_again) > _MOST_KEPT:
            self._free_again = {key: moment for key, moment in self._free_again.items() if moment > now}
        return True


def of_person(channel: str, address: str) -> dict[str, int]:
    return {f"{channel}:{address}": PERSON}


def of_address(host: str) -> dict[str, int]:
    """An address of the internet; of the sixth version the network that one customer has."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return {}
    if address.version == 6:
        return {f"address {ipaddress.ip_network((address, 64), strict=False)}": ADDRESS}
    return {f"address {address}": ADDRESS}
