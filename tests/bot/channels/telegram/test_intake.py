"""Updates are stored before they are confirmed, by either way in, and only those that are meant for the assistant."""

import asyncio
from typing import Any

import httpx
import pytest
from sqlalchemy import select
from starlette.applications import Starlette
from telegram.error import Conflict

from bot.channels.telegram.api import PollingBot, webhook_secret
from bot.channels.telegram.intake import MAX_UPDATE, WEBHOOK, Intake, Poller, Webhook
from bot.metrics import Metrics
from bot.reception import Reception
from store.database import Database
from store.tables import InboxRow
from tests.bot.fake_telegram import BOT_NAME, TOKEN, FakeTelegram
from tests.bot.fake_telegram import updates as made

SAMIRA, GROUP = 42, -100_500
SECRET = webhook_secret(TOKEN, "")


async def stored(database: Database) -> list[str]:
    """What was written, oldest first."""
    async with database.transaction() as session:
        rows = (await session.scalars(select(InboxRow).order_by(InboxRow.id))).all()
        return [row.payload["raw"].get("message", {}).get("text", "?") for row in rows]


async def post(intake: Intake, body: Any, *, secret: str | None = SECRET, metrics: Metrics | None = None) -> int:
    app = Starlette(routes=Webhook(intake, SECRET, metrics or Metrics()).routes())
    headers = {"X-Telegram-Bot-Api-Secret-Token": secret.encode()} if secret is not None else {}
    content = {"content": body} if isinstance(body, bytes) else {"json": body}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as client:
        return (await client.post(WEBHOOK, headers=headers, **content)).status_code


def update(text: str, number: int = 1, chat: int = SAMIRA) -> dict[str, Any]:
    return {"update_id": number, "message": made.message(chat, number, sender=SAMIRA, text=text)}


async def test_a_poller_that_dies_before_storing_gets_the_update_again(
    telegram: FakeTelegram, bot: PollingBot, intake: Intake, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    for text in ("un", "deux", "trois"):
        await telegram.says(SAMIRA, text)

    class DiskFull(Exception):
        pass

    class Broken(Reception):
        """Stores the first, then the disk is full."""

        is_full = False

        async def accept(self, *arguments: Any, **more: Any) -> bool:
            if self.is_full:
                raise DiskFull
            self.is_full = True
            return await super().accept(*arguments, **more)

    dying = Intake(intake.channel, bot, intake.identity, Broken(database, Metrics()))
    with pytest.raises(DiskFull):
        await Poller(dying, bot, wait=0).poll_once()
    assert (await stored(database), len(telegram.pending)) == (["un"], 3)
    poller = Poller(intake, bot, wait=0)
    assert await poller.poll_once() == 3
    assert len(telegram.pending) == 3
    assert await poller.poll_once() == 0
    assert (await stored(database), telegram.pending) == (["un", "deux", "trois"], [])


async def test_ids_that_start_anew_lower_are_not_lost(
    telegram: FakeTelegram, bot: PollingBot, intake: Intake, database: Database
) -> None:
    poller = Poller(intake, bot, wait=0)
    await telegram.says(SAMIRA, "avant")
    await poller.poll_once()
    await poller.poll_once()
    telegram._update_id = 5
    await telegram.says(SAMIRA, "après une semaine")
    assert await poller.poll_once() == 1
    assert await stored(database) == ["avant", "après une semaine"]


async def test_what_waits_at_telegram_is_never_dropped_by_a_start(
    telegram: FakeTelegram, bot: PollingBot, intake: Intake
) -> None:
    telegram.webhook = {"url": "http://127.0.0.1:1/"}
    await telegram.says(SAMIRA, "pendant la panne")
    assert await Poller(intake, bot, wait=0).poll_once() == 1
    dropped = [fields["drop_pending_updates"] for name, fields in telegram.calls if name == "deleteWebhook"]
    assert (dropped, telegram.webhook) == (["false"], {})


async def test_a_second_poller_is_told_of_the_conflict(telegram: FakeTelegram, bot: PollingBot, intake: Intake) -> None:
    first = asyncio.create_task(Poller(intake, bot, wait=5).poll_once())
    while not telegram._polls:
        await asyncio.sleep(0.01)
    await bot.get_raw_updates(offset=None, wait=0, kinds=["message"])
    with pytest.raises(Conflict):
        await first


async def test_the_webhook_stores_and_answers_200_also_a_second_time(intake: Intake, database: Database) -> None:
    assert [await post(intake, update("salam")) for _ in range(2)] == [200, 200]
    assert await stored(database) == ["salam"]


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET[:-1], SECRET + "x", "é"])
async def test_without_the_secret_nothing_is_stored(intake: Intake, database: Database, secret: str | None) -> None:
    metrics = Metrics()
    status = await post(intake, update("salam"), secret=secret, metrics=metrics)
    assert (status, await stored(database)) == (403, [])
    assert metrics.rejected_signatures.labels("telegram")._value.get() == 1


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[]", 400),
        (b"[" * 100_000, 400),
        (b'{"update_id": "1"}', 400),
        (b" " * (MAX_UPDATE + 1), 413),
        (b'{"update_id": 1, "message": {"chat": {"id": 42, "type": "private"}, "date": "never"}}', 200),
        (b'{"update_id": 1, "something_new": {}}', 200),
    ],
    ids=["empty", "cut", "a list", "deep", "id as text", "large", "no sender", "new kind"],
)
async def test_broken_posts_are_refused_and_unreadable_updates_taken(intake: Intake, body: bytes, status: int) -> None:
    assert await post(intake, body) == status


async def test_a_tap_is_answered_at_once(telegram: FakeTelegram, bot: PollingBot, intake: Intake) -> None:
    poller = Poller(intake, bot, wait=0)
    await telegram.taps(SAMIRA, "i:help")
    await poller.poll_once()
    await intake.close()
    assert telegram.answered == ["q0"]


async def test_a_tap_too_old_to_be_answered_is_still_taken(
    telegram: FakeTelegram, intake: Intake, database: Database
) -> None:
    await intake.take({"update_id": 9, "callback_query": made.tap(SAMIRA, "gone", "i:help")})
    await intake.close()
    assert await stored(database) == ["?"]
    assert telegram.violations == [
        "answerCallbackQuery: Bad Request: query is too old and response timeout expired or query ID is invalid"
    ]


@pytest.mark.parametrize(
    ("content", "taken"),
    [
        ({"text": "bonjour"}, False),
        ({"text": f"@{BOT_NAME} bonjour"}, True),
        ({"text": f"bonjour @{BOT_NAME.upper()}"}, True),
        ({"text": "@SalamCasaBot2 bonjour"}, False),
        ({"text": "/aide"}, True),
        ({"text": f"/aide@{BOT_NAME}"}, True),
        ({"text": "/aide@AutreBot"}, False),
        ({"text": "🚋🚋 @SalamCasaBot prix"}, True),
        ({"text": "oui", "reply_to_message": made.message(GROUP, 3, text="?") | {"from": made.bot()}}, True),
        ({"text": "oui", "reply_to_message": made.message(GROUP, 3, sender=7, text="?")}, False),
        ({"new_chat_title": "Sbata"}, False),
    ],
)
async def test_of_a_group_only_what_is_addressed_is_stored(
    intake: Intake, database: Database, content: dict[str, Any], taken: bool
) -> None:
    await intake.take({"update_id": 1, "message": made.message(GROUP, 1, sender=SAMIRA, **content)})
    assert len(await stored(database)) == int(taken)
