"""What comes together is stored together, and what cannot be stored takes nothing else with it."""

import asyncio

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.metrics import Metrics
from bot.reception import Reception
from store.database import Database
from store.tables import ConversationRow, InboxRow


async def stored(database: Database) -> list[tuple[str, str]]:
    async with database.reading() as session:
        query = select(ConversationRow.address, InboxRow.message_id).join(ConversationRow).order_by(InboxRow.cursor)
        return [(address, message) for address, message in await session.execute(query)]


async def test_a_rush_is_stored_once_each_and_in_order(database: Database) -> None:
    reception, woken = Reception(database, Metrics()), []
    reception.on_message = lambda: woken.append(True)
    rush = [(f"person{number % 7}", f"m{number}") for number in range(100)]
    calls = [reception.accept("loopback", address, message, {"text": message}) for address, message in rush + rush[:20]]
    assert await asyncio.gather(*calls) == [True] * 100 + [False] * 20
    assert await stored(database) == rush
    assert 1 <= len(woken) < 10


async def test_one_message_that_cannot_be_stored_does_not_take_the_others_with_it(database: Database) -> None:
    async def fails(session: AsyncSession) -> None:
        raise LookupError("poison")

    reception = Reception(database, Metrics())
    calls = [
        reception.accept("loopback", "amina", f"m{number}", {}, beside=fails if number == 3 else None)
        for number in range(5)
    ]
    outcomes = await asyncio.gather(*calls, return_exceptions=True)
    assert [outcome if isinstance(outcome, bool) else type(outcome) for outcome in outcomes] == [
        True,
        True,
        True,
        LookupError,
        True,
    ]
    assert await stored(database) == [("amina", f"m{number}") for number in (0, 1, 2, 4)]


async def test_who_stops_waiting_does_not_undo_what_others_handed_in(database: Database) -> None:
    reception = Reception(database, Metrics())
    gone, patient = (asyncio.create_task(reception.accept("loopback", "amina", name, {})) for name in ("m0", "m1"))
    await asyncio.sleep(0)
    gone.cancel()
    assert await patient
    with pytest.raises(asyncio.CancelledError):
        await gone
    assert await stored(database) == [("amina", "m0"), ("amina", "m1")]


async def test_longer_work_waits_until_a_message_is_stored_but_not_for_ever(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    reception, order = Reception(database, Metrics()), list[str]()
    stuck = asyncio.Event()

    async def work(name: str) -> None:
        await reception.quiet()
        order.append(name)

    async def notes(session: AsyncSession) -> None:
        order.append("stored")

    async def never_ready(session: AsyncSession) -> None:
        await stuck.wait()

    await work("nobody waits")
    monkeypatch.setattr("bot.reception._LONGEST_QUIET", 10.0)  # A busy machine may take longer than 20 ms to store.
    accepting = asyncio.create_task(reception.accept("loopback", "amina", "m1", {}, beside=notes))
    await asyncio.sleep(0)
    await work("after it")
    assert await accepting
    monkeypatch.setattr("bot.reception._LONGEST_QUIET", 0.02)
    accepting = asyncio.create_task(reception.accept("loopback", "amina", "m2", {}, beside=never_ready))
    await asyncio.sleep(0)
    await asyncio.wait_for(work("all the same"), timeout=10)
    assert not accepting.done()
    stuck.set()
    assert await accepting
    assert order == ["nobody waits", "stored", "after it", "all the same"]
