"""The life of a service request: its states, and who may lead it from one to the next. Rules only, no I/O.

`TRANSITIONS` is the whole machine; the diagram in `docs/requests.md` is drawn from it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class RequestState(StrEnum):
    RECEIVED = "received"
    ACKNOWLEDGED = "acknowledged"
    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    FIXED = "fixed"
    CLOSED = "closed"
    REJECTED = "rejected"
    REOPENED = "reopened"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"


class Who(StrEnum):
    """On whose behalf something happens to a request."""

    CITIZEN = "citizen"
    STAFF = "staff"
    SYSTEM = "system"
    PARTNER = "partner"
    """A city's own back end, which tells its changes (Open311)."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something; `name` is a member of staff or a back end, never a citizen."""

    who: Who
    name: str = ""

    def __str__(self) -> str:
        return f"{self.who.value}:{self.name}" if self.name else self.who.value


CITIZEN, SYSTEM = Actor(Who.CITIZEN), Actor(Who.SYSTEM)


@dataclass(frozen=True, slots=True)
class Transition:
    """One allowed step; `reason_needed`: it must not be taken without saying why."""

    source: RequestState
    target: RequestState
    by: frozenset[Who]
    reason_needed: bool = False


class ImpossibleChange(ValueError):
    """A step that the machine does not have, is not this actor's, or lacks its reason; the message is for staff."""


OPEN = frozenset(
    {
        RequestState.RECEIVED,
        RequestState.ACKNOWLEDGED,
        RequestState.ASSIGNED,
        RequestState.IN_PROGRESS,
        RequestState.REOPENED,
    }
)
"""Somebody still has to act; the clock of the deadline runs."""

_OFFICE = frozenset({Who.STAFF, Who.PARTNER})
_AT_WORK = (RequestState.ACKNOWLEDGED, RequestState.ASSIGNED, RequestState.IN_PROGRESS)


def _steps() -> Iterator[Transition]:
    for source in (RequestState.RECEIVED, RequestState.REOPENED):
        for target in _AT_WORK:
            yield Transition(source, target, _OFFICE)
    yield Transition(RequestState.ACKNOWLEDGED, RequestState.ASSIGNED, _OFFICE)
    yield Transition(RequestState.ACKNOWLEDGED, RequestState.IN_PROGRESS, _OFFICE)
    yield Transition(RequestState.ASSIGNED, RequestState.IN_PROGRESS, _OFFICE)
    yield Transition(RequestState.IN_PROGRESS, RequestState.ASSIGNED, _OFFICE)
    for source in RequestState:
        if source in OPEN:
            yield Transition(source, RequestState.FIXED, _OFFICE)
            yield Transition(source, RequestState.REJECTED, _OFFICE, reason_needed=True)
            yield Transition(source, RequestState.WITHDRAWN, frozenset({Who.CITIZEN}))
            yield Transition(source, RequestState.MERGED, frozenset({Who.STAFF}))
    # "Is it fixed?": the citizen's yes closes it, silence does too after a while, a no opens it again.
    yield Transition(RequestState.FIXED, RequestState.CLOSED, frozenset(Who))
    for source in (RequestState.FIXED, RequestState.CLOSED):
        yield Transition(source, RequestState.REOPENED, frozenset({Who.CITIZEN, Who.STAFF, Who.PARTNER}))
    # Rejected or merged by mistake.
    yield Transition(RequestState.REJECTED, RequestState.REOPENED, _OFFICE)
    yield Transition(RequestState.MERGED, RequestState.REOPENED, frozenset({Who.STAFF}))


TRANSITIONS: tuple[Transition, ...] = tuple(_steps())


def has_ended(state: RequestState) -> bool:
    """Whether nobody has to act or to answer any more."""
    return state not in OPEN and state is not RequestState.FIXED


def next_states(state: RequestState, actor: Actor) -> tuple[RequestState, ...]:
    """Where this actor may lead a request from here."""
    return tuple(step.target for step in TRANSITIONS if step.source is state and actor.who in step.by)


def needs_reason(target: RequestState) -> bool:
    """Whether a request never comes to this state without a reason that the citizen reads."""
    return any(step.reason_needed for step in TRANSITIONS if step.target is target)


def check_change(state: RequestState, target: RequestState, actor: Actor, *, reason: str | None) -> None:
    """Raises `ImpossibleChange`, saying what would be possible instead."""
    for step in TRANSITIONS:
        if step.source is state and step.target is target and actor.who in step.by:
            if step.reason_needed and not (reason or "").strip():
                raise ImpossibleChange(f"{state} -> {target} needs a reason, which the citizen will read")
            return
    allowed = ", ".join(next_states(state, actor)) or "nothing"
    raise ImpossibleChange(f"{state} -> {target} is not possible for {actor.who}; from {state} there is {allowed}")


def mermaid() -> str:
    """The machine as a Mermaid state diagram (`docs/requests.md`)."""
    lines = ["stateDiagram-v2", f"    [*] --> {RequestState.RECEIVED}"]
    for step in TRANSITIONS:
        by = ", ".join(who.value for who in Who if who in step.by) if step.by != frozenset(Who) else "anybody"
        lines.append(f"    {step.source} --> {step.target}: {by}{' (reason)' if step.reason_needed else ''}")
    ends = [state for state in RequestState if not any(step.source is state for step in TRANSITIONS)]
    lines += [f"    {state} --> [*]" for state in (*ends, RequestState.CLOSED)]
    return "\n".join(lines)
