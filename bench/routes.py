"""Times the search for ways and the drawing of maps over the real network: `make bench-routes`."""

import itertools
import statistics
import sys
import time
from pathlib import Path

from actions.geography import City
from actions.travel.itinerary import End, find_way
from actions.travel.network import Network
from actions.travel.picture import draw
from nlu.understanding import Language

FOLDER = Path(__file__).parents[1] / "data" / "city"
LIMIT_MS = 20
"""A search may not take longer."""
DRAWN = 40


def main() -> int:
    city = City.load(FOLDER)
    network = Network.load(FOLDER, city)
    ends = [End((p.lat, p.lon)) for p in network.platforms]
    find_way(network, ends[0], ends[-1])
    searches, drawings, sizes = [], [], []
    for number, (start, goal) in enumerate(itertools.permutations(ends, 2)):
        began = time.perf_counter()
        way = find_way(network, start, goal)
        searches.append((time.perf_counter() - began) * 1000)
        if number % (len(ends) * (len(ends) - 1) // DRAWN) == 0:
            began = time.perf_counter()
            sizes.append(len(draw(network, way, Language.DARIJA)))
            drawings.append((time.perf_counter() - began) * 1000)
    tell = sys.stdout.write
    tell(f"{len(searches)} ways between all stops: {_spread(searches)} ms\n")
    tell(f"{len(drawings)} maps: {_spread(drawings)} ms, largest {max(sizes) / 1024:.0f} KB\n")
    slow = statistics.quantiles(searches, n=100)[98]
    tell(f"99 of 100 searches within {slow:.1f} ms; the limit is {LIMIT_MS} ms\n")
    return 0 if slow < LIMIT_MS else 1


def _spread(times: list[float]) -> str:
    cuts = statistics.quantiles(times, n=100)
    return f"median {statistics.median(times):.1f}, 99th of 100 {cuts[98]:.1f}, longest {max(times):.1f}"


if __name__ == "__main__":
    sys.exit(main())
