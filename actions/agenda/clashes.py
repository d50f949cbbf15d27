"""Which sessions of an agenda cannot both be attended: they overlap, or the walk between their rooms is too long. Rules only."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import combinations

from actions.expo.walks import minutes_between
from actions.programme.edition import Edition, Session

WalkMinutes = Callable[[str, str], int | None]
"""Minutes on foot from a room to another; None where nobody has measured."""


def walk_minutes(edition: Edition) -> WalkMinutes:
    """The walks that the edition's file knows."""
    return lambda here, there: minutes_between(edition, here, there)


DROP_IN = ("exhibition", "hackathon")
"""Kinds of session that last for hours, to be visited at any time: nothing overlaps with them."""


@dataclass(frozen=True, slots=True)
class Overlap:
    """Both are on at the same time; `first` starts first."""

    first: Session
    second: Session


@dataclass(frozen=True, slots=True)
class ShortWalk:
    """`second` starts `gap` minutes after the end of `first`, and its room is `minutes` away."""

    first: Session
    second: Session
    gap: int
    minutes: int


Clash = Overlap | ShortWalk


def clashes(sessions: Sequence[Session], walk: WalkMinutes) -> tuple[Clash, ...]:
    """All clashes in the order of time; a session without hours clashes with none."""
    timed = [(s.start, s) for s in sessions if s.start and s.end and s.kind not in DROP_IN]
    in_order = [session for _, session in sorted(timed, key=lambda pair: (pair[0], pair[1].id))]
    found = (_clash(first, second, walk) for first, second in combinations(in_order, 2))
    return tuple(clash for clash in found if clash)


def of_session(session: Session, others: Sequence[Session], walk: WalkMinutes) -> tuple[Clash, ...]:
    """The clashes of one session with others."""
    together = [session, *(other for other in others if other.id != session.id)]
    return tuple(clash for clash in clashes(together, walk) if session in (clash.first, clash.second))


def _clash(first: Session, second: Session, walk: WalkMinutes) -> Clash | None:
    if first.end is None or second.start is None:
        return None
    if second.start < first.end:
        return Overlap(first, second)
    if first.room is None or second.room is None or first.room == second.room:
        return None
    gap, minutes = second.start - first.end, walk(first.room, second.room)
    if minutes is None or gap >= timedelta(minutes=minutes):
        return None
    return ShortWalk(first, second, int(gap.total_seconds() // 60), minutes)
