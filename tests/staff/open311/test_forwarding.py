"""Requests handed on to a city's back end, our own server in a second process, and its changes told to the citizen."""

import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from actions.push import Push
from actions.requests.changes import Draft, change_state, file_request
from actions.requests.life import Actor, RequestState, Who
from actions.texts import Texts
from actions.turn import House
from bot import pushes
from bot.settings import PROJECT
from nlu.understanding import Language
from staff.open311 import keys
from staff.open311.forwarding import Forwarding, target_state
from staff.open311.photos import ROOT, photo_url
from staff.open311.upstream import Progress, Upstream
from store import history
from store.conversations import conversation_of
from store.database import Database
from store.open311 import forward_of, retry_forward
from store.requests import all_requests, events_of, request_by_number
from store.tables import ServiceRequestRow


def our_photo(reference: str) -> str:
    return photo_url(f"https://casa.example{ROOT}", reference)


OFFICE = Actor(Who.STAFF, "samira")


@dataclass
class TwoCities:
    """Our side and the back end's: two databases, one house."""

    ours: Database
    theirs: Database
    their_url: str
    house: House
    texts: Texts
    key: str
    now: datetime
    path: str = ROOT
    """Where on their server we think that the interface is."""

    async def file(self, description: str = "kayna 7ofra") -> ServiceRequestRow:
        """A citizen's request on our side."""
        async with self.ours.transaction() as session:
            conversation = await conversation_of(session, "phone", "somebody", now=self.now)
            conversation.state = {"language": "ary-Latn"}
            draft = Draft(
                "report/road",
                description,
                Language.DARIJA_LATIN,
                conversation.id,
                place_text="9dam lmdrassa",
                lat=33.54,
                lon=-7.56,
                photos=("a1b2c3.jpg",),
            )
            return await file_request(session, self.house.desk, draft, now=self.now)

    @asynccontextmanager
    async def forwarding(self, port: int) -> AsyncIterator[Forwarding]:
        async def push(session: AsyncSession, news: Push) -> bool:
            return await pushes.put(session, self.texts, news, now=self.now)

        upstream = Upstream.at(
            f"http://127.0.0.1:{port}{self.path}", api_key=self.key, jurisdiction="casablancacity.ma"
        )
        yield Forwarding(self.ours, lambda: self.house.desk, self.texts, upstream, lambda: self.now, push, our_photo)
        await upstream.close()

    async def round(self, port: int) -> None:
        async with self.forwarding(port) as forwarding:
            await forwarding.round()

    async def our_row(self, number: str) -> ServiceRequestRow:
        async with self.ours.transaction() as session:
            row = await request_by_number(session, number)
            assert row is not None
            return row

    async def their_rows(self) -> list[ServiceRequestRow]:
        async with self.theirs.transaction() as session:
            return list(await all_requests(session))

    async def their_notes(self, row: ServiceRequestRow) -> list[str | None]:
        async with self.theirs.transaction() as session:
            return [event.note for event in await events_of(session, row.id) if event.kind == "note"]

    async def they_change(self, number: str, target: RequestState, note: str | None = None) -> None:
        async with self.theirs.transaction() as session:
            row = await request_by_number(session, number)
            assert row is not None
            await change_state(session, self.house.desk, row, target, actor=OFFICE, now=self.now, note=note)

    async def forward(self, row: ServiceRequestRow) -> tuple[str, str | None]:
        """How far a request has come on its way to them, and what went wrong last."""
        async with self.ours.transaction() as session:
            found = await forward_of(session, row.id)
            assert found is not None
            return found.state, found.reason

    async def told(self) -> list[str]:
        """What the citizen was sent without asking."""
        async with self.ours.transaction() as session:
            conversation = await conversation_of(session, "phone", "somebody", now=self.now)
            rows = (await history.newest(session, conversation.id)).replies
            return [part["text"] for row in rows for part in row.parts if part["type"] == "text"]


@contextmanager
def back_end(url: str, *options: str, port: int = 0) -> Any:
    """The back end in a process of its own; gives its port."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.staff.open311.city_server", url, str(port), *options],
        cwd=PROJECT,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    try:
        assert process.stdout is not None
        yield int(process.stdout.readline())
    finally:
        process.send_signal(signal.SIGKILL)
        process.communicate()


@pytest.fixture
async def two(tmp_path: Path, house: House, texts: Texts) -> AsyncIterator[TwoCities]:
    their_url = f"sqlite+aiosqlite:///{tmp_path}/theirs.sqlite3"
    ours, theirs = await Database.open(f"sqlite+aiosqlite:///{tmp_path}/ours.sqlite3"), await Database.open(their_url)
    now = datetime.fromisoformat("2026-11-23T12:00:00+01:00")
    async with theirs.transaction() as session:
        key = await keys.make(session, "salam-casa", now=now)
    yield TwoCities(ours, theirs, their_url, house, texts, key, now)
    await ours.close()
    await theirs.close()


async def test_a_request_goes_over_once_and_its_changes_come_back_to_the_citizen(two: TwoCities) -> None:
    row = await two.file()
    with back_end(two.their_url) as port:
        async with two.forwarding(port) as forwarding:
            await forwarding.round()
            await forwarding.round()
            (theirs,) = await two.their_rows()
            assert (theirs.category, theirs.description) == ("report/road", f"kayna 7ofra [Salam Casa {row.number}]")
            assert await two.their_notes(theirs) == [f"media_url: {our_photo('a1b2c3.jpg')}"]
            ours = await two.our_row(row.number)
            assert (ours.external_system, ours.external_id, ours.status) == ("127.0.0.1", theirs.number, "received")
            await two.they_change(theirs.number, RequestState.IN_PROGRESS)
            await forwarding.round()
            await two.they_change(theirs.number, RequestState.FIXED, "Salina l-khdma")
            await forwarding.round()
            await forwarding.round()
    assert (await two.our_row(row.number)).status == "fixed"
    told = await two.told()
    assert len([text for text in told if row.number in text]) == 2
    assert any("Salina l-khdma" in text for text in told)


async def test_a_back_end_that_falls_over_after_storing_gets_nothing_twice(two: TwoCities) -> None:
    row = await two.file()
    with back_end(two.their_url, "--answer-500-after-filing") as port:
        await two.round(port)
    assert (await two.our_row(row.number)).external_id is None
    two.now += timedelta(minutes=5)
    with back_end(two.their_url) as port:
        await two.round(port)
    (theirs,) = await two.their_rows()
    assert (await two.our_row(row.number)).external_id == theirs.number


async def test_a_back_end_that_is_away_gets_it_later(two: TwoCities, unused_tcp_port: int) -> None:
    row = await two.file()
    await two.round(unused_tcp_port)
    async with two.ours.transaction() as session:
        forward = await forward_of(session, row.id)
        assert forward is not None
        assert (forward.state, forward.attempts, forward.next_try_at > two.now) == ("waiting", 1, True)
    two.now += timedelta(minutes=5)
    with back_end(two.their_url) as port:
        await two.round(port)
    assert len(await two.their_rows()) == 1


async def test_what_a_back_end_refuses_is_kept_for_staff_with_its_reason_until_they_send_it_again(
    two: TwoCities,
) -> None:
    row, ours = await two.file(), two.house
    road = replace(ours.categories["report/road"], upstream_code="no-such-service")
    two.house = replace(ours, categories={**ours.categories, road.intent: road})
    with back_end(two.their_url) as port:
        await two.round(port)
        assert await two.forward(row) == ("refused", "HTTP 404: unknown service_code; see services")
        two.house, two.now = ours, two.now + timedelta(days=2)
        await two.round(port)
        assert await two.their_rows() == []
        async with two.ours.transaction() as session:
            assert await retry_forward(session, row.number, now=two.now)
        await two.round(port)
    assert len(await two.their_rows()) == 1
    async with two.ours.transaction() as session:
        assert not await retry_forward(session, row.number, now=two.now)


async def test_a_key_or_an_address_that_is_wrong_is_no_refusal(two: TwoCities) -> None:
    row, key = await two.file(), two.key
    with back_end(two.their_url) as port:
        two.key = "expired"
        await two.round(port)
        assert await two.forward(row) == ("waiting", "HTTP 403: api_key is not known")
        two.key, two.path, two.now = key, "/nowhere", two.now + timedelta(minutes=10)
        await two.round(port)
        assert await two.forward(row) == ("waiting", "HTTP 404")
        two.path, two.now = ROOT, two.now + timedelta(minutes=10)
        await two.round(port)
    assert await two.forward(row) == ("sent", None)
    assert len(await two.their_rows()) == 1


async def test_what_perhaps_arrived_is_looked_for_also_when_the_look_failed_once(two: TwoCities) -> None:
    row, key = await two.file(), two.key
    with back_end(two.their_url, "--answer-500-after-filing") as port:
        await two.round(port)
    with back_end(two.their_url) as port:
        two.key, two.now = "expired", two.now + timedelta(minutes=5)
        await two.round(port)
        two.key, two.now = key, two.now + timedelta(minutes=5)
        await two.round(port)
    (theirs,) = await two.their_rows()
    assert (await two.our_row(row.number)).external_id == theirs.number


async def test_a_rejection_comes_back_with_its_reason(two: TwoCities) -> None:
    row = await two.file()
    with back_end(two.their_url) as port:
        async with two.forwarding(port) as forwarding:
            await forwarding.round()
            (theirs,) = await two.their_rows()
            await two.they_change(theirs.number, RequestState.REJECTED, "machi chghelna")
            await forwarding.round()
    assert (await two.our_row(row.number)).status == "rejected"
    assert any("machi chghelna" in text for text in await two.told())


@pytest.mark.parametrize(
    ("present", "is_open", "state", "target"),
    [
        (RequestState.RECEIVED, True, None, None),
        (RequestState.RECEIVED, False, None, RequestState.FIXED),
        (RequestState.FIXED, True, None, RequestState.REOPENED),
        (RequestState.RECEIVED, True, "in_progress", RequestState.IN_PROGRESS),
        (RequestState.RECEIVED, False, "closed", RequestState.FIXED),
        (RequestState.IN_PROGRESS, True, "received", None),
        (RequestState.WITHDRAWN, True, "in_progress", None),
        (RequestState.RECEIVED, True, "on_the_moon", None),
    ],
)
def test_where_a_back_ends_news_lead(
    present: RequestState, is_open: bool, state: str | None, target: RequestState | None
) -> None:
    news = Progress("7K3-42R", is_open, state, None)
    assert target_state(present, news, Actor(Who.PARTNER, "city.example")) is target
