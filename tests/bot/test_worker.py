"""Messages of delivering channels: stored raw, parsed by the channel, handled once and in order, parked when nothing helps."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from actions.texts import Texts
from actions.turn import House
from bot.attachments import Attachments
from bot.conversation import Answer, Conversations, Rows
from bot.presence import Presence
from bot.settings import Settings
from bot.web import create_app
from bot.worker import MOST_TOGETHER, Worker
from nlu.understanding import Language
from store import inbox
from store.database import Database
from store.tables import InboxRow, OutboxRow, ProcessRow
from tests.bot.loopback import Loopback
from tests.conftest import NOON


def worker_for(
    database: Database, house: House, texts: Texts, channel: Loopback, folder: Path, name: str = ""
) -> Worker:
    return Worker(
        database,
        Conversations(house, texts),
        Attachments(folder),
        channels={"loopback": channel},
        presence=Presence(database, machine=name or None),
        clock=lambda: NOON,
        retry_after=(0.0,),
    )


async def accept(database: Database, address: str, message_id: str, raw: dict[str, str]) -> bool:
    async with database.transaction() as session:
        return await inbox.accept(session, "loopback", address, message_id, {"raw": raw}, now=NOON)


async def drain(worker: Worker) -> None:
    while await worker.handle_next():
        pass


async def stored(database: Database) -> tuple[list[tuple[str, str]], list[str]]:
    """State and text of the inbox, texts of the outbox."""
    async with database.reading() as session:
        received = (await session.scalars(select(InboxRow).order_by(InboxRow.id))).all()
        replies = (await session.scalars(select(OutboxRow).order_by(OutboxRow.id))).all()
    return [(row.state, row.payload.get("text", "")) for row in received], [row.parts[0]["text"] for row in replies]


async def test_a_raw_message_is_parsed_by_its_channel_and_not_kept(
    database: Database, house: House, texts: Texts, tmp_path: Path
) -> None:
    channel = Loopback()
    assert [await accept(database, "amina", "m1", {"text": "merci", "phone": "0600"}) for _ in range(2)] == [
        True,
        False,
    ]
    await drain(worker_for(database, house, texts, channel, tmp_path))
    async with database.reading() as session:
        row = (await session.scalars(select(InboxRow))).one()
    assert (channel.parsed, row.state, row.payload["text"], "raw" in row.payload) == (
        [{"text": "merci", "phone": "0600"}],
        "done",
        "merci",
        False,
    )


async def test_what_needs_no_reply_gets_none(database: Database, house: House, texts: Texts, tmp_path: Path) -> None:
    await accept(database, "amina", "m1", {"typing": "yes"})
    await drain(worker_for(database, house, texts, Loopback(), tmp_path))
    assert await stored(database) == ([("done", "")], [])


async def test_poison_is_parked_with_an_apology_and_the_chat_goes_on(
    database: Database, house: House, texts: Texts, tmp_path: Path
) -> None:
    channel = Loopback()
    await accept(database, "amina", "m1", {"poison": "something"})
    await accept(database, "amina", "m2", {"text": "merci"})
    await drain(worker_for(database, house, texts, channel, tmp_path))
    received, replies = await stored(database)
    assert [state for state, _ in received] == ["parked", "done"]
    assert len(channel.parsed) == inbox.MAX_ATTEMPTS + 1
    assert replies[0] == texts.text("turn.apology", Language.FRENCH)
    assert len(replies) == 2


async def test_a_failed_turn_waits_before_it_is_tried_again_and_others_go_on(
    database: Database, house: House, texts: Texts, tmp_path: Path
) -> None:
    channel = Loopback()
    worker = Worker(
        database,
        Conversations(house, texts),
        Attachments(tmp_path),
        channels={"loopback": channel},
        retry_after=(60.0,),
    )
    await accept(database, "amina", "m1", {"poison": "something"})
    await accept(database, "amina", "m2", {"text": "merci"})
    await accept(database, "brahim", "m3", {"text": "merci"})
    await drain(worker)
    assert [state for state, _ in (await stored(database))[0]] == ["new", "new", "done"]


async def test_two_workers_handle_each_message_once_and_every_chat_in_order(
    database: Database, house: House, texts: Texts, tmp_path: Path
) -> None:
    channel = Loopback()
    for number in range(5):
        for address in ("amina", "brahim", "chaimae"):
            await accept(database, address, f"{address}{number}", {"text": f"merci {address} {number}"})
    first, second = (worker_for(database, house, texts, channel, tmp_path, name) for name in ("one", "two"))
    for worker in (first, second):
        await worker._presence.arrive()
    await asyncio.gather(drain(first), drain(second))
    assert len(channel.parsed) == 15
    for address in ("amina", "brahim", "chaimae"):
        mine = [raw["text"] for raw in channel.parsed if address in raw["text"]]
        assert mine == [f"merci {address} {number}" for number in range(5)]


async def test_what_waits_for_its_photo_holds_nobody_up(
    database: Database, house: House, texts: Texts, tmp_path: Path
) -> None:
    channel = Loopback()
    await accept(database, "amina", "m1", {"text": "merci", "slow": "photo"})
    await accept(database, "amina", "m2", {"text": "salam"})
    await accept(database, "brahim", "m3", {"text": "merci"})
    worker = worker_for(database, house, texts, channel, tmp_path)
    async with at_work(worker):
        await until_states(database, ["new", "new", "done"])
        channel.fetched.set()
        await until_states(database, ["done", "done", "done"])
    assert [raw["text"] for raw in channel.parsed] == ["merci", "merci", "salam"]


async def test_a_turn_that_fails_takes_no_other_with_it(
    database: Database, house: House, texts: Texts, tmp_path: Path
) -> None:
    channel = Loopback()
    worker = worker_for(database, house, texts, channel, tmp_path)
    worker._conversations = Stumbling(house, texts)
    for number in range(12):
        text = "raté" if number == 3 else f"merci {number}"
        await accept(database, f"person {number}", f"m{number}", {"text": text})
    async with at_work(worker):
        await until_states(database, ["parked" if number == 3 else "done" for number in range(12)])
    _, replies = await stored(database)
    assert replies.count(texts.text("turn.apology", Language.FRENCH)) == 1
    assert len(replies) == 12


async def test_a_process_that_slept_long_answers_nothing_twice(
    database: Database, house: House, texts: Texts, tmp_path: Path
) -> None:
    worker = worker_for(database, house, texts, Loopback(), tmp_path)
    for number in range(MOST_TOGETHER):
        await accept(database, f"person {number}", f"m{number}", {"text": f"merci {number}"})
    async with at_work(worker, pulse=datetime(2020, 1, 1, tzinfo=UTC)):
        await until_states(database, ["done"] * MOST_TOGETHER)
    assert len((await stored(database))[1]) == MOST_TOGETHER


async def test_files_that_cannot_be_deleted_hold_up_nobody(
    database: Database, house: House, texts: Texts, tmp_path: Path
) -> None:
    worker = worker_for(database, house, texts, Loopback(), tmp_path)
    worker._conversations, worker._attachments = Forgetting(house, texts), Stuck(tmp_path)
    for number in range(2 * MOST_TOGETHER):
        await accept(database, f"person {number}", f"m{number}", {"text": f"merci {number}"})
    async with at_work(worker):
        await until_states(database, ["done"] * 2 * MOST_TOGETHER)


class Forgetting(Conversations):
    """Every answer leaves a file to delete."""

    async def answer(self, session: AsyncSession, rows: Rows, *said: Any, **more: Any) -> Answer:
        return replace(await super().answer(session, rows, *said, **more), files=["photo"])


class Stuck(Attachments):
    """A disk from which nothing can be deleted."""

    def delete(self, references: Iterable[str]) -> None:
        raise OSError("read-only")


class Stumbling(Conversations):
    """Fails at one text, after it has changed the database."""

    async def store(self, session: AsyncSession, answers: Sequence[Answer], *, now: datetime) -> None:
        await super().store(session, answers, now=now)
        await session.flush()
        if any(answer.turn.text == "raté" for answer in answers):
            raise RuntimeError("something is wrong here")


@asynccontextmanager
async def at_work(worker: Worker, *, pulse: datetime | None = None) -> AsyncIterator[None]:
    await worker._presence.arrive()
    if pulse is not None:
        async with worker._database.transaction() as session:
            await session.execute(update(ProcessRow).values(pulse_at=pulse))
    running = asyncio.create_task(worker.run())
    yield
    worker.stop()
    await asyncio.wait_for(running, timeout=30)


async def until_states(database: Database, states: list[str]) -> None:
    async with asyncio.timeout(30):
        while [state for state, _ in (await stored(database))[0]] != states:
            await asyncio.sleep(0.02)


async def test_a_channel_is_plugged_in_and_answers(tmp_path: Path, model: Path) -> None:
    channel = Loopback()
    async with service(tmp_path, model, channel):
        assert [await channel.reception.accept("loopback", "amina", "m1", {"text": "salam"}) for _ in range(2)] == [
            True,
            False,
        ]
        async with asyncio.timeout(10):
            while not channel.sent:
                await asyncio.sleep(0.01)
    assert channel.sent[0][0] == "amina"


async def test_stopping_finishes_what_is_under_way(tmp_path: Path, model: Path) -> None:
    channel = Loopback()
    async with service(tmp_path, model, channel):
        channel.hold = asyncio.Event()
        await channel.reception.accept("loopback", "amina", "m1", {"text": "merci"})
        await asyncio.wait_for(channel.sending.wait(), timeout=30)
        asyncio.get_running_loop().call_later(0.2, channel.hold.set)
    assert len(channel.sent) == 1


async def test_stopping_cuts_no_transaction_of_the_work_in_the_background(tmp_path: Path, model: Path) -> None:
    channel, inside, written = Loopback(), asyncio.Event(), asyncio.Event()

    async def write() -> None:
        async with channel.database.transaction() as session:
            await session.execute(select(InboxRow.id))
            inside.set()
            await asyncio.sleep(0.2)
        written.set()
        await asyncio.Event().wait()

    channel.duties["writing"] = write
    async with service(tmp_path, model, channel):
        await asyncio.wait_for(inside.wait(), timeout=30)
    assert written.is_set()


@asynccontextmanager
async def service(folder: Path, model: Path, channel: Loopback) -> AsyncIterator[httpx.AsyncClient]:
    settings = Settings(
        _env_file=None, database_url=f"sqlite+aiosqlite:///{folder}/service.sqlite3", data_dir=folder / "var"
    )
    app = create_app(settings, model=model, channels=[channel.opened])
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://127.0.0.1") as client,
    ):
        yield client
