"""From room to room inside the venue, over the walks that the edition's file measures."""

import heapq
from collections.abc import Sequence

from actions.programme.edition import Edition, Walk


def find_walk(edition: Edition, start: str, goal: str) -> Sequence[Walk] | None:
    """The quickest way as one walk or several in a row; empty within a room, None where nobody has measured one.

    A walk that is measured in one direction takes as long in the other, where its hint does not hold.
    """
    measured = {(walk.start, walk.goal): walk for walk in edition.walks}
    for walk in edition.walks:
        measured.setdefault((walk.goal, walk.start), Walk(walk.goal, walk.start, walk.minutes, None))
    # The number of walks decides between ways that take as long: fewer hints to remember.
    waiting: list[tuple[int, int, str, tuple[Walk, ...]]] = [(0, 0, start, ())]
    done: set[str] = set()
    while waiting:
        minutes, count, room, way = heapq.heappop(waiting)
        if room == goal:
            return way
        if room in done:
            continue
        done.add(room)
        for walk in measured.values():
            if walk.start == room and walk.goal not in done:
                heapq.heappush(waiting, (minutes + walk.minutes, count + 1, walk.goal, (*way, walk)))
    return None


def minutes_between(edition: Edition, start: str, goal: str) -> int | None:
    """Minutes on foot from a room to another; 0 within a room, None where nobody has measured."""
    way = find_walk(edition, start, goal)
    return None if way is None else sum(walk.minutes for walk in way)
