"""Queries on who is at work. What a process holds is its own while its pulse is fresh; after that it is anybody's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, and_, bindparam, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from store.insert import insert_once
from store.tables import DutyRow, ProcessRow, UtcDateTime, plain

_PROCESSES, _DUTIES = plain(ProcessRow), plain(DutyRow)

FRESH = timedelta(seconds=20)
"""A pulse older than this is a dead process's. Not sooner: a busy machine holds up a living one for seconds."""


@dataclass(frozen=True, slots=True)
class Holder:
    """The process that asks, and the time at which it does."""

    id: str
    now: datetime

    @property
    def asks(self) -> dict[str, Any]:
        """What a statement with `may_take` is run with."""
        return {"me": self.id, "now": self.now, "alive_since": self.now - FRESH}


def may_take(holder: ColumnElement[str | None]) -> ColumnElement[bool]:
    """Whether nobody alive holds what the column says; the statement is run with `Holder.asks`.

    What the asking process holds it does not get a second time, be its own pulse as late as may be.
    """
    alive = select(_PROCESSES.c.id).where(_PROCESSES.c.pulse_at > bindparam("alive_since", type_=UtcDateTime))
    return or_(holder.is_(None), and_(holder != bindparam("me"), holder.not_in(alive)))


async def beat(session: AsyncSession, process: str, *, machine: str, pid: int, now: datetime) -> int:
    """Keeps a process alive; the number of those alive."""
    known = await session.execute(update(ProcessRow).where(ProcessRow.id == process).values(pulse_at=now))
    if cast("CursorResult[Any]", known).rowcount == 0:
        await insert_once(session, ProcessRow, id=process, machine=machine, pid=pid, pulse_at=now)
    alive = await session.scalar(select(func.count()).select_from(ProcessRow).where(ProcessRow.pulse_at > now - FRESH))
    return int(alive or 1)


async def processes_on(session: AsyncSession, machine: str) -> Sequence[ProcessRow]:
    return (await session.scalars(select(ProcessRow).filter_by(machine=machine))).all()


async def leave(session: AsyncSession, process: str) -> None:
    """Declares a process gone, so that what it held is free at once."""
    await session.execute(delete(ProcessRow).filter_by(id=process))


async def take_duty(session: AsyncSession, name: str, holder: Holder) -> bool:
    """Takes what one process at a time does; false while another one alive has it."""
    await insert_once(session, DutyRow, name=name, holder=None)
    free = or_(_DUTIES.c.holder == holder.id, may_take(_DUTIES.c.holder))
    take = update(_DUTIES).where(_DUTIES.c.name == name, free).values(holder=holder.id)
    taken = await session.execute(take, holder.asks)
    return cast("CursorResult[Any]", taken).rowcount == 1
