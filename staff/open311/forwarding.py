"""Hands service requests on to a city's own back end, and its changes back to the citizens. Nothing is sent twice.

Before a request is sent it is marked "uncertain" in a transaction of its own. Whoever finds it so later looks in the back end for
the marker that ends its description, and sends it again only where it is not there.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from actions.desk import Desk
from actions.push import Push
from actions.requests.changes import change_state
from actions.requests.life import OPEN, Actor, RequestState, Who, next_states
from actions.texts import Texts
from nlu.understanding import Language
from staff.open311.upstream import Progress, Receipt, Report, Trouble, Upstream, UpstreamFailed
from store import open311 as open311_store
from store import requests as requests_store
from store.database import Database
from store.tables import ForwardRow, ServiceRequestRow

log = structlog.get_logger()

SECONDS_BETWEEN_ROUNDS = 60
WATCHED_AFTER_THE_END = timedelta(days=60)
"""A back end may open again what it closed."""
FORWARDED_WHEN_NEWER_THAN = timedelta(days=30)
_BATCH = 50
_LONGEST_WAIT = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Forwarding:
    """The work between one back end and us."""

    database: Database
    desk: Callable[[], Desk]
    texts: Texts
    upstream: Upstream
    clock: Callable[[], datetime]
    push: Callable[[AsyncSession, Push], Awaitable[bool]]
    """Stores what a citizen is to be told, in the transaction."""
    photo_url: Callable[[str], str | None]
    """The address of a stored photo that the back end may open; None where we have no address on the internet."""

    async def run(self) -> None:
        """Works until cancelled."""
        while True:
            await self._round_without_fail()
            await asyncio.sleep(SECONDS_BETWEEN_ROUNDS)

    async def _round_without_fail(self) -> None:
        try:
            await self.round()
        except UpstreamFailed as failed:
            log.warning("open311 upstream failed", upstream=self.upstream.name, reason=failed.reason)
        except Exception as error:
            log.error("open311 round failed", error=type(error).__name__)
            log.debug("open311 round failed", exc_info=error)

    async def round(self) -> None:
        """Queues what is new, sends what is due, and asks what became of the rest."""
        await self._queue()
        await self._send_due()
        await self._follow()

    async def _queue(self) -> None:
        now = self.clock()
        async with self.database.transaction() as session:
            rows = await open311_store.not_forwarded_yet(
                session, since=now - FORWARDED_WHEN_NEWER_THAN, states=[state.value for state in OPEN], limit=_BATCH
            )
            for row in rows:
                open311_store.add_forward(session, ForwardRow(request_id=row.id, next_try_at=now))

    async def _send_due(self) -> None:
        async with self.database.reading() as session:
            due = await open311_store.due_forwards(session, self.clock(), limit=_BATCH)
            ids = [forward.request_id for forward, _ in due]
        for request_id in ids:
            await self._send(request_id)

    async def _send(self, request_id: int) -> None:
        async with self.database.transaction() as session:
            forward, row = await self._row(session, request_id)
            before, report, filed_at = forward.state, self._report(row), row.created_at
            token = forward.token
            forward.state, forward.attempts = "uncertain", forward.attempts + 1
            forward.next_try_at = self.clock() + _wait_after(forward.attempts)
        try:
            receipt = await self._deliver(report, token, filed_at, perhaps_there=before == "uncertain")
        except UpstreamFailed as failed:
            await self._note_failure(request_id, failed, perhaps_there=before == "uncertain")
            return
        async with self.database.transaction() as session:
            forward, row = await self._row(session, request_id)
            forward.token, forward.reason = receipt.token, None
            if receipt.number:
                forward.state = "sent"
                row.external_system, row.external_id = self.upstream.name, receipt.number

    async def _deliver(self, report: Report, token: str | None, filed_at: datetime, *, perhaps_there: bool) -> Receipt:
        if token:
            return Receipt(await self.upstream.number_of(token), token)
        if perhaps_there:
            since = filed_at - timedelta(days=1)
            number = await self.upstream.find(report.service_code, report.marker, since=since)
            if number:
                return Receipt(number, None)
        return await self.upstream.file(report)

    async def _note_failure(self, request_id: int, failed: UpstreamFailed, *, perhaps_there: bool) -> None:
        log.warning("open311 request not forwarded", upstream=self.upstream.name, reason=failed.reason)
        async with self.database.transaction() as session:
            forward, _ = await self._row(session, request_id)
            forward.reason = failed.reason[:300]
            if failed.trouble is Trouble.REFUSED:
                forward.state = "refused"
            elif failed.trouble is Trouble.NOT_SENT and not forward.token and not perhaps_there:
                forward.state = "waiting"

    async def _follow(self) -> None:
        async with self.database.reading() as session:
            rows = await open311_store.watched_upstream(
                session,
                self.upstream.name,
                changed_since=self.clock() - WATCHED_AFTER_THE_END,
                ended=[state.value for state in RequestState if state not in OPEN],
            )
            numbers = [str(row.external_id) for row in rows]
        for first in range(0, len(numbers), _BATCH):
            for progress in await self.upstream.progress(numbers[first : first + _BATCH]):
                await self._apply(progress)

    async def _apply(self, progress: Progress) -> None:
        actor = Actor(Who.PARTNER, self.upstream.name)
        async with self.database.transaction() as session:
            row = await requests_store.request_by_external_id(session, self.upstream.name, progress.number)
            target = target_state(RequestState(row.status), progress, actor) if row else None
            if row is None or target is None:
                return
            note = progress.note
            if target is RequestState.REJECTED and not note:
                note = self.texts.text("request.no_reason_given", Language(row.language))
            pushes = await change_state(session, self.desk(), row, target, actor=actor, now=self.clock(), note=note)
            for push in pushes:
                await self.push(session, push)

    async def _row(self, session: AsyncSession, request_id: int) -> tuple[ForwardRow, ServiceRequestRow]:
        forward = await open311_store.forward_of(session, request_id)
        row = await session.get_one(ServiceRequestRow, request_id)
        if forward is None:
            raise LookupError(f"request {request_id} is not on its way to a back end")
        return forward, row

    def _report(self, row: ServiceRequestRow) -> Report:
        desk = self.desk()
        area = desk.city.place(row.arrondissement).name_fr if row.arrondissement else ""
        return Report(
            service_code=desk.category(row).upstream_code,
            description=row.description,
            marker=f"[Salam Casa {row.number}]",
            lat=row.lat,
            lon=row.lon,
            address=", ".join(part for part in (row.place_text, area, "Casablanca") if part),
            answers=row.answers,
            media_url=self.photo_url(row.photos[0]) if row.photos else None,
        )


def target_state(present: RequestState, progress: Progress, actor: Actor) -> RequestState | None:
    """The state that a back end's news lead to, or None where they are no news or no step that it may take."""
    reachable = next_states(present, actor)
    if progress.state in set(RequestState):
        told = RequestState(str(progress.state))
        if told in reachable:
            return told
        return RequestState.FIXED if told is RequestState.CLOSED and RequestState.FIXED in reachable else None
    if progress.is_open:
        return RequestState.REOPENED if present not in OPEN and RequestState.REOPENED in reachable else None
    return RequestState.FIXED if RequestState.FIXED in reachable else None


def _wait_after(attempts: int) -> timedelta:
    """2, 4, 8 ... minutes, at most six hours."""
    return min(timedelta(minutes=2**attempts), _LONGEST_WAIT)
