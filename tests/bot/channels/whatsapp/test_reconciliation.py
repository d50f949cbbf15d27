"""Messages that no webhook brought: all of them are found, whatever came in between, and each is taken in once."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from twilio.base.exceptions import TwilioException

from bot.channels.whatsapp import reconciliation
from store.tables import InboxRow, WhatsAppReconciledRow, WhatsAppSeenRow
from tests.bot.channels.whatsapp.conftest import Connected, Line
from tests.bot.fake_twilio import TOKEN
from tests.bot.pictures import small_photo

SAMIRA, HAMID = "whatsapp:+212600000001", "whatsapp:+212600000077"


async def known_for(line: Line, hours: float) -> None:
    """The service has run that long: it had a message, and its last round was then."""
    await line.twilio.receive(SAMIRA, "bonjour")
    await line.sent(1)
    assert await line.reconciliation.run_once() == 0
    async with line.database.transaction() as session:
        for seen in (await session.scalars(select(WhatsAppSeenRow))).all():
            seen.at -= timedelta(hours=hours)
        for mark in (await session.scalars(select(WhatsAppReconciledRow))).all():
            mark.up_to -= timedelta(hours=hours)


async def miss(line: Line, body: str, *, hours: float) -> None:
    """Hamid wrote, and no webhook told of it."""
    await line.twilio.receive(HAMID, body, deliver=False)
    line.twilio.messages[-1]["at"] -= hours * 3600


async def words(line: Line) -> list[str]:
    async with line.database.reading() as session:
        rows = await session.scalars(select(InboxRow).order_by(InboxRow.id))
        payloads = [row.payload for row in rows]
    return [str(payload.get("text") or payload.get("raw", {}).get("Body")) for payload in payloads]


async def mark_of(line: Line) -> datetime:
    async with line.database.reading() as session:
        return (await session.scalars(select(WhatsAppReconciledRow))).one().up_to


async def test_what_an_outage_swallowed_is_found_though_a_webhook_came_first(connected: Connected) -> None:
    async with connected() as line:
        await known_for(line, hours=3)
        await miss(line, "il y a un trou", hours=2)
        await line.twilio.receive(SAMIRA, "merci")
        await line.sent(2)
        assert await line.reconciliation.run_once() == 1
        assert await words(line) == ["bonjour", "merci", "il y a un trou"]
        assert await line.reconciliation.run_once() == 0
        assert datetime.now(UTC) - await mark_of(line) < timedelta(minutes=1)


async def test_without_a_mark_of_an_earlier_version_a_day_is_looked_through(connected: Connected) -> None:
    async with connected() as line:
        await known_for(line, hours=30)
        async with line.database.transaction() as session:
            await session.delete((await session.scalars(select(WhatsAppReconciledRow))).one())
        await miss(line, "trop vieux", hours=25)
        await miss(line, "il y a un trou", hours=23)
        await line.twilio.receive(SAMIRA, "merci")
        await line.sent(2)
        assert await line.reconciliation.run_once() == 1
        assert (await words(line))[2:] == ["il y a un trou"]


async def test_a_new_service_leaves_alone_what_its_number_got_before(connected: Connected) -> None:
    async with connected() as line:
        await miss(line, "pour quelqu'un d'autre", hours=2)
        assert await line.reconciliation.run_once() == 0
        assert await line.reconciliation.run_once() == 0
        assert await words(line) == []


async def test_a_round_that_fails_is_made_up_for_by_the_next(connected: Connected) -> None:
    async with connected() as line:
        await known_for(line, hours=3)
        await miss(line, "il y a un trou", hours=2)
        line.twilio.token = "another"  # noqa: S105
        with pytest.raises(TwilioException):
            await line.reconciliation.run_once()
        line.twilio.token = TOKEN
        assert datetime.now(UTC) - await mark_of(line) > timedelta(hours=3)
        assert await line.reconciliation.run_once() == 1


async def test_all_pages_of_the_list_are_read(connected: Connected, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reconciliation, "_PAGE", 3)
    async with connected() as line:
        await known_for(line, hours=3)
        for number in range(8):
            await miss(line, f"message {number}", hours=2 - number / 100)
        await miss(line, "d'avant", hours=40)
        assert await line.reconciliation.run_once() == 8
        assert (await words(line))[1:] == [f"message {number}" for number in range(8)]


async def test_one_that_cannot_be_had_holds_nobody_up_and_is_looked_for_again(connected: Connected) -> None:
    async with connected() as line:
        await known_for(line, hours=3)
        await line.twilio.receive(HAMID, "", media=[("image/jpeg", small_photo(9))], deliver=False)
        line.twilio.messages[-1]["at"] -= 2 * 3600
        await miss(line, "il y a un trou", hours=1)
        line.twilio.media.list_status = 503
        assert await line.reconciliation.run_once() == 1
        assert (await words(line))[1:] == ["il y a un trou"]
        line.twilio.media.list_status = 200
        assert await line.reconciliation.run_once() == 1
        assert await line.reconciliation.run_once() == 0
        await line.sent(3)
    assert line.twilio.media.items == {}
