"""What the figures page counts, from plain rows; nothing here reads or draws."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from actions.requests.life import OPEN, RequestState
from store.review import Alike
from store.tables import ServiceRequestRow

_DONE = {RequestState.FIXED, RequestState.CLOSED}


@dataclass(frozen=True, slots=True)
class TurnCounts:
    """How messages went. `estimated_wrong` is a share of the answered ones, None where nothing supports an estimate."""

    messages: int
    by_language: Mapping[str, int]
    by_outcome: Mapping[str, int]
    complained: int
    estimated_wrong: float | None
    asked_most: Sequence[tuple[str, int]]
    failing_most: Sequence[tuple[str, int]]


def count_turns(turns: Sequence[Alike], judged: Mapping[str, int]) -> TurnCounts:
    """Of answers that were judged by hand the share of wrong ones; without those the share that people complained about."""
    answered = [turn for turn in turns if turn.outcome == "answered"]
    failing = [turn for turn in turns if turn.complained or turn.outcome in ("lost", "asked", "unanswered")]
    complained, of = sum(turn.count for turn in answered if turn.complained), sum(turn.count for turn in answered)
    sample = judged.get("right", 0) + judged.get("wrong", 0)
    estimate = judged.get("wrong", 0) / sample if sample else complained / of if of else None
    return TurnCounts(
        messages=sum(turn.count for turn in turns),
        by_language=_summed(turns, lambda turn: turn.language),
        by_outcome=_summed(turns, lambda turn: turn.outcome),
        complained=complained,
        estimated_wrong=estimate,
        asked_most=_summed(answered, lambda turn: turn.intent).most_common(10),
        failing_most=_summed(failing, lambda turn: turn.intent).most_common(10),
    )


def _summed(turns: Iterable[Alike], key: Callable[[Alike], str | None]) -> Counter[str]:
    """Turns by a name; those without one are left out."""
    counts = Counter[str]()
    for turn in turns:
        if name := key(turn):
            counts[name] += turn.count
    return counts


@dataclass(frozen=True, slots=True)
class RequestCounts:
    """Requests of an arrondissement or an office: how many, how many still open, days to the fix, share fixed in time."""

    name: str
    filed: int
    open: int
    median_days: float | None
    in_time: float | None


def count_requests(rows: Iterable[ServiceRequestRow], key: str, *, now: datetime) -> list[RequestCounts]:
    """By the column `key`, the largest first. What is open after its deadline is not in time; what is not yet due does not count."""
    groups: dict[str, list[ServiceRequestRow]] = {}
    for row in rows:
        groups.setdefault(str(getattr(row, key) or "—"), []).append(row)
    return sorted((_counted(name, found, now) for name, found in groups.items()), key=lambda counts: -counts.filed)


def _counted(name: str, rows: Sequence[ServiceRequestRow], now: datetime) -> RequestCounts:
    done = [row for row in rows if RequestState(row.status) in _DONE]
    days = [(row.status_since - row.created_at).total_seconds() / 86_400 for row in done]
    due = [
        row for row in rows if row.due_at and (row in done or (RequestState(row.status) in OPEN and row.due_at < now))
    ]
    in_time = sum(row in done and row.due_at is not None and row.status_since <= row.due_at for row in due)
    return RequestCounts(
        name=name,
        filed=len(rows),
        open=sum(RequestState(row.status) in OPEN for row in rows),
        median_days=round(median(days), 1) if days else None,
        in_time=in_time / len(due) if due else None,
    )
