"""Sending what waits in the outbox: in order, once, and right after every kind of failure."""

import asyncio
import os
import secrets
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from bot import sender as sender_module
from bot.channels.channel import Failure, Pace, SendFailed
from bot.metrics import Metrics
from bot.pacing import OLDEST, Throttle, after_sending, wait_before_retry
from bot.presence import Presence, this_machine
from bot.reception import Reception
from bot.sender import Sender
from store import deliveries, inbox, outbox, processes, queues
from store.conversations import conversation_of
from store.database import Database
from store.tables import ConversationRow, DeliveryRow, OutboxRow
from tests.bot.loopback import Loopback

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@asynccontextmanager
async def sending(database: Database, *channels: Loopback, at_once: int = 1) -> AsyncIterator[Sender]:
    presence = Presence(database, machine=secrets.token_hex(8))
    await presence.arrive()
    sender = Sender(database, {channel.name: channel for channel in channels}, presence, at_once=at_once)
    beating, task = asyncio.create_task(presence.run()), asyncio.create_task(sender.run())
    try:
        yield sender
    finally:
        sender.stop()
        await asyncio.wait_for(task, 10)
        beating.cancel()
        await asyncio.gather(beating, return_exceptions=True)


async def reply(database: Database, address: str, *texts: str, created_at: datetime | None = None) -> None:
    """A reply of several messages that waits for its person."""
    async with database.transaction() as session:
        conversation = await conversation_of(session, "loopback", address, now=NOW)
        parts: list[dict[str, Any]] = [{"type": "text", "text": text, "language": "fr"} for text in texts]
        outbox.put(session, conversation, None, parts, now=created_at or datetime.now(UTC))


async def rows(database: Database) -> list[tuple[str, str | None]]:
    async with database.reading() as session:
        found = (await session.scalars(select(OutboxRow).order_by(OutboxRow.id))).all()
        return [(row.state, row.reason) for row in found]


async def eventually(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(60):
        while not await condition():
            await asyncio.sleep(0.01)


async def settled(database: Database) -> list[tuple[str, str | None]]:
    """State and reason of all replies, once none waits."""

    async def none_waits() -> bool:
        return all(state != "new" for state, _ in await rows(database))

    await eventually(none_waits)
    return await rows(database)


async def test_every_message_of_a_reply_is_sent_once_and_in_order(database: Database) -> None:
    channel = Loopback()
    for text in "abc":
        await reply(database, "amina", text, f"{text}2")
    async with sending(database, channel):
        assert await settled(database) == [("sent", None)] * 3
    assert channel.sent == [("amina", text) for text in ("a", "a2", "b", "b2", "c", "c2")]
    async with database.reading() as session:
        noted = (await session.scalars(select(DeliveryRow).order_by(DeliveryRow.id))).all()
        assert [(row.provider_id, row.position, row.state) for row in noted] == [
            (f"L{number}", (number - 1) % 2, "accepted") for number in range(1, 7)
        ]


async def test_a_failure_that_is_certain_is_tried_again_before_the_next_message_goes(database: Database) -> None:
    channel = Loopback()
    channel.failures = [None, SendFailed(Failure.RETRY, "429", wait=0.05), SendFailed(Failure.RETRY, "503", wait=0.0)]
    await reply(database, "amina", "a", "a2")
    await reply(database, "amina", "b")
    async with sending(database, channel):
        assert await settled(database) == [("sent", None)] * 2
    assert [text for _, text in channel.sent] == ["a", "a2", "b"]


async def test_others_are_served_while_one_chat_waits(database: Database) -> None:
    channel = Loopback()
    channel.failures = [SendFailed(Failure.RETRY, "429", wait=0.5)]
    for address in ("amina", "brahim"):
        await reply(database, address, address)
    async with sending(database, channel):
        await settled(database)
    assert [address for address, _ in channel.sent] == ["brahim", "amina"]


async def test_a_send_of_unknown_outcome_is_never_repeated_and_stays_visible(database: Database) -> None:
    channel = Loopback()
    channel.failures = [SendFailed(Failure.UNCERTAIN, "read time-out"), TimeoutError()]
    await reply(database, "amina", "a", "a2", "a3")
    async with sending(database, channel):
        assert await settled(database) == [("uncertain", None)]
    assert [text for _, text in channel.sent] == ["a2", "a3"]


async def test_sent_again_on_request_only_the_uncertain_message_goes(database: Database) -> None:
    channel = Loopback()
    channel.failures = [None, SendFailed(Failure.UNCERTAIN, "read time-out")]
    await reply(database, "amina", "a", "a2", "a3")
    async with sending(database, channel) as sender:
        assert await settled(database) == [("uncertain", None)]
        async with database.transaction() as session:
            assert await queues.send_again(session, 1)
        sender.wake()
        assert await settled(database) == [("sent", None)]
    assert [text for _, text in channel.sent] == ["a", "a3", "a2"]


async def test_who_blocked_the_assistant_gets_nothing_until_they_write_again(database: Database) -> None:
    channel = Loopback()
    channel.failures = [SendFailed(Failure.UNREACHABLE, "403")]
    for text in ("a", "b"):
        await reply(database, "amina", text)
    async with sending(database, channel) as sender:
        assert await settled(database) == [("blocked", "unreachable: 403"), ("blocked", None)]
        await reply(database, "amina", "c")
        assert [state for state, _ in await settled(database)] == ["blocked"] * 3
        async with database.transaction() as session:
            await inbox.accept(session, "loopback", "amina", "m1", {"text": "salam"}, now=NOW)
        await reply(database, "amina", "d")
        sender.wake()
        assert [state for state, _ in await settled(database)] == ["blocked"] * 3 + ["sent"]
    assert channel.sent == [("amina", "d")]


async def test_what_the_provider_takes_only_after_the_person_wrote_waits_for_that(database: Database) -> None:
    channel = Loopback()
    channel.failures = [SendFailed(Failure.CLOSED, "24 hours")] * 3
    await reply(database, "amina", "a", "b")
    await reply(database, "amina", "too old", created_at=datetime.now(UTC) - timedelta(days=8))
    async with sending(database, channel) as sender:
        assert await settled(database) == [("waiting", "closed: 24 hours")] * 2
        await Reception(database, Metrics()).accept("loopback", "amina", "m1", {"text": "salam"})
        channel.failures = []
        sender.wake()
        assert await settled(database) == [("sent", None), ("dropped", "too old once it could be sent")]
    assert channel.sent == [("amina", "a"), ("amina", "b")]


async def test_what_was_refused_just_when_the_person_wrote_does_not_wait(database: Database) -> None:
    channel = Loopback()
    channel.hold = asyncio.Event()
    channel.failures = [SendFailed(Failure.CLOSED, "24 hours")]
    await reply(database, "amina", "a")
    async with sending(database, channel) as sender:
        await asyncio.sleep(0.1)
        await Reception(database, Metrics()).accept("loopback", "amina", "m1", {"text": "salam"})
        channel.hold.set()
        sender.wake()
        assert await settled(database) == [("sent", None)]
    assert channel.sent == [("amina", "a")]


async def test_a_reply_goes_on_where_the_provider_says_later_that_it_was_not_delivered(database: Database) -> None:
    channel = Loopback()
    await reply(database, "amina", "a", "b", "c")
    async with sending(database, channel) as sender:
        await settled(database)
        async with database.transaction() as session:
            first = (await session.scalars(select(OutboxRow))).one()
            await outbox.take_up(session, first.id, 2)
            await outbox.take_up(session, first.id, 1)
        sender.wake()
        assert await settled(database) == [("sent", None)]
    assert [text for _, text in channel.sent] == ["a", "b", "c", "b", "c"]


async def test_the_occasion_of_a_push_reaches_the_channel(database: Database) -> None:
    channel = Loopback()
    async with database.transaction() as session:
        conversation = await conversation_of(session, "loopback", "amina", now=NOW)
        parts = [{"type": "text", "text": "a", "language": "fr"}]
        outbox.put(session, conversation, None, parts, now=datetime.now(UTC), push_key="request:7K3-42R:fixed:1")
    async with sending(database, channel):
        await settled(database)
    assert channel.occasions == ["request:7K3-42R:fixed:1"]


async def test_what_the_provider_refuses_is_a_dead_letter_and_the_chat_goes_on(database: Database) -> None:
    channel = Loopback()
    channel.failures = [SendFailed(Failure.REFUSED, "400")]
    for text in ("a", "b"):
        await reply(database, "amina", text)
    async with sending(database, channel):
        assert await settled(database) == [("failed", "refused: 400"), ("sent", None)]


async def test_what_could_not_be_sent_for_a_day_is_given_up(database: Database) -> None:
    channel = Loopback()
    channel.failures = [SendFailed(Failure.RETRY, "503")]
    await reply(database, "amina", "a", created_at=datetime.now(UTC) - OLDEST)
    async with sending(database, channel):
        assert await settled(database) == [("failed", "retry: 503")]


async def test_a_reply_that_cannot_be_rendered_does_not_hold_up_the_chat(database: Database) -> None:
    channel = Loopback()
    await reply(database, "amina", "a")
    await reply(database, "amina", "b")
    async with database.transaction() as session:
        await session.execute(update(OutboxRow).filter_by(id=1).values(parts=[{"type": "text", "language": "fr"}]))
    async with sending(database, channel):
        assert await settled(database) == [("failed", "refused: cannot be rendered"), ("sent", None)]


@pytest.mark.parametrize("known", [False, True])
async def test_a_chat_that_moved_is_followed(database: Database, known: bool) -> None:
    channel = Loopback()
    channel.failures = [SendFailed(Failure.MOVED, "migrated", address="new")]
    if known:
        async with database.transaction() as session:
            await conversation_of(session, "loopback", "new", now=NOW)
    for text in ("a", "b"):
        await reply(database, "old", text)
    async with sending(database, channel):
        assert await settled(database) == [("sent", None)] * 2
    assert channel.sent == [("new", "a"), ("new", "b")]


async def test_a_slow_send_holds_up_its_own_chat_only(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sender_module, "_SLOW_SECONDS", 0.05)
    slow, quick = Loopback(), Loopback()
    quick.name = "quick"
    slow.hold = asyncio.Event()
    await reply(database, "amina", "a")
    await reply(database, "amina", "b")
    async with database.transaction() as session:
        conversation = await conversation_of(session, "quick", "brahim", now=NOW)
        outbox.put(session, conversation, None, [{"type": "text", "text": "c", "language": "fr"}], now=NOW)

    async def only_the_slow_one_is_open() -> bool:
        # Were the process killed now, the slow one would not be sent again: perhaps it arrived.
        return await rows(database) == [("uncertain", None), ("new", None), ("sent", None)]

    async with sending(database, slow, quick):
        await eventually(only_the_slow_one_is_open)
        assert slow.sent == []
        slow.hold.set()
        assert await settled(database) == [("sent", None)] * 3
    assert [text for _, text in slow.sent] == ["a", "b"]


async def test_a_chat_goes_on_though_what_became_of_a_slow_send_cannot_be_stored(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: object, **__: object) -> None:
        raise LookupError

    monkeypatch.setattr(sender_module, "_SLOW_SECONDS", 0.05)
    monkeypatch.setattr(outbox, "settle_doubt", fails)
    channel = Loopback()
    channel.hold = asyncio.Event()
    await reply(database, "amina", "a")
    await reply(database, "amina", "b")

    async def is_in_doubt() -> bool:
        return await rows(database) == [("uncertain", None), ("new", None)]

    async with sending(database, channel):
        await eventually(is_in_doubt)
        channel.hold.set()
        assert await settled(database) == [("uncertain", None), ("sent", None)]
    assert [text for _, text in channel.sent] == ["a", "b"]


async def test_a_chat_is_given_back_however_long_the_database_is_away(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = 4

    def storing(session: AsyncSession, *_: object, **__: object) -> None:
        nonlocal away
        if away:
            away -= 1
            raise OperationalError("UPDATE", {}, Exception("gone"))

    monkeypatch.setattr(sender_module, "_TRIES_TO_STORE", 1)
    release, advance = outbox.release, outbox.advance

    async def advance_(session: AsyncSession, *arguments: Any, **options: Any) -> None:
        storing(session)
        await advance(session, *arguments, **options)

    async def release_(session: AsyncSession, *arguments: Any, **options: Any) -> None:
        storing(session)
        await release(session, *arguments, **options)

    monkeypatch.setattr(outbox, "advance", advance_)
    monkeypatch.setattr(outbox, "release", release_)
    channel = Loopback()
    await reply(database, "amina", "a")
    async with sending(database, channel):
        assert await settled(database) == [("sent", None)]
        await reply(database, "amina", "b")
        assert await settled(database) == [("sent", None)] * 2


async def test_two_senders_share_the_work_and_nothing_is_sent_twice(database: Database) -> None:
    channel = Loopback()
    expected = [(f"person{number}", f"{text}") for number in range(20) for text in range(5)]
    for address, text in expected:
        await reply(database, address, text)
    async with sending(database, channel), sending(database, channel):
        await settled(database)
    assert sorted(channel.sent) == sorted(expected)
    for number in range(20):
        assert [text for address, text in channel.sent if address == f"person{number}"] == list("01234")


async def test_what_a_dead_process_held_is_sent_by_another(database: Database) -> None:
    channel = Loopback()
    await reply(database, "amina", "a")
    async with database.transaction() as session:
        await session.execute(update(ConversationRow).values(send_holder="gone", turn_holder="gone"))
    async with sending(database, channel):
        await settled(database)
    assert channel.sent == [("amina", "a")]


async def test_a_living_process_keeps_what_it_holds(database: Database) -> None:
    channel, other = Loopback(), Presence(database, machine="elsewhere")
    await other.arrive()
    for address in ("amina", "brahim"):
        await reply(database, address, address)
    async with database.transaction() as session:
        await session.execute(update(ConversationRow).filter_by(address="amina").values(send_holder=other.id))

    async def brahim_has_his() -> bool:
        return ("brahim", "brahim") in channel.sent

    async with sending(database, channel):
        await eventually(brahim_has_his)
    assert channel.sent == [("brahim", "brahim")]


async def test_what_a_process_held_is_free_at_once_when_it_died_on_this_machine(database: Database) -> None:
    async with database.transaction() as session:
        await processes.beat(
            session, "dead", machine=this_machine(), pid=_number_of_a_dead_process(), now=datetime.now(UTC)
        )
        await conversation_of(session, "loopback", "amina", now=NOW)
        await session.execute(update(ConversationRow).values(send_holder="dead"))
    await reply(database, "amina", "a")
    presence, channel = Presence(database), Loopback()
    await presence.arrive()
    sender = Sender(database, {"loopback": channel}, presence)
    task = asyncio.create_task(sender.run())
    await settled(database)
    sender.stop()
    await task
    assert channel.sent == [("amina", "a")]


async def test_a_process_that_dies_while_others_work_is_noticed_by_those_of_its_machine(database: Database) -> None:
    presence = Presence(database)
    await presence.arrive()
    dead, slow = _number_of_a_dead_process(), os.getppid()
    async with database.transaction() as session:
        for name, pid in (("dead", dead), ("slow", slow)):
            await processes.beat(session, name, machine=this_machine(), pid=pid, now=datetime.now(UTC))
    await presence.beat()
    async with database.reading() as session:
        left = {process.id for process in await processes.processes_on(session, this_machine())}
    assert left == {presence.id, "slow"}


def _number_of_a_dead_process() -> int:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


async def test_reports_of_the_provider_count_by_rank(database: Database) -> None:
    channel = Loopback()
    await reply(database, "amina", "a")
    async with sending(database, channel):
        await settled(database)
    told = []
    for state in ("delivered", "sent", "delivered", "read", "failed"):
        async with database.transaction() as session:
            reported = await deliveries.report(session, "loopback", "L1", state, now=NOW)
            told.append(reported.state if reported else None)
    assert told == ["delivered", None, None, "read", None]
    assert await rows(database) == [("sent", None)]


async def test_a_report_may_come_before_the_answer_to_the_call(database: Database) -> None:
    async with database.transaction() as session:
        first = await deliveries.report(session, "loopback", "L1", "delivered", now=NOW)
    assert first == deliveries.Reported("delivered", None, None, None, 0)
    await reply(database, "amina", "a")
    async with sending(database, Loopback()):
        await settled(database)
    async with database.reading() as session:
        noted = (await session.scalars(select(DeliveryRow))).all()
        assert [(row.outbox_id, row.provider_id, row.state) for row in noted] == [(1, "L1", "delivered")]


async def test_a_failure_reported_later_makes_a_dead_letter(database: Database) -> None:
    await reply(database, "amina", "a")
    async with sending(database, Loopback()):
        await settled(database)
    async with database.transaction() as session:
        reported = await deliveries.report(session, "loopback", "L1", "failed", now=NOW, reason="63016")
    assert reported == deliveries.Reported("failed", 1, 1, "amina", 0)
    assert await rows(database) == [("failed", "63016")]


def test_a_burst_is_free_and_then_the_pace_of_the_chat_holds() -> None:
    pace = Pace(per_second=30, seconds_per_chat=2, burst_per_chat=3)
    debt, waits = None, []
    for _ in range(5):
        debt, after = after_sending(pace, debt, NOW)
        waits.append((after - NOW) / timedelta(seconds=1))
    assert waits == [-4, -2, 0, 2, 4]


def test_waits_double_and_are_bounded() -> None:
    waits = [wait_before_retry(attempts) for attempts in range(30)]
    assert all(0.5 * 2**n <= wait <= 2**n for n, wait in enumerate(waits[:8]))
    assert max(waits) <= 300


def test_processes_share_the_rate_of_a_channel() -> None:
    alone, shared = Throttle(100), Throttle(100)
    for _ in range(100):
        alone.count(1)
        shared.count(2)
    assert 0.5 < alone.delay() < 0.8
    assert 1.5 < shared.delay() < 1.8
