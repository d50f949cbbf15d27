"""A local Telegram, the real `telegram.Bot` led to it, and the channel on top."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from actions.texts import Texts
from bot.attachments import Attachments
from bot.channels.telegram.api import PollingBot, opened_bot
from bot.channels.telegram.channel import NAME, Telegram
from bot.channels.telegram.intake import Identity, Intake
from bot.channels.telegram.updates import Reader
from bot.metrics import Metrics
from bot.reception import Reception
from store.database import Database
from tests.bot.fake_telegram import TOKEN, FakeTelegram


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram.running() as running:
        yield running


@pytest.fixture
async def bot(telegram: FakeTelegram) -> AsyncIterator[PollingBot]:
    async with opened_bot(TOKEN, telegram.url, read_seconds=0.5) as opened:
        yield opened


@pytest.fixture
async def channel(bot: PollingBot, texts: Texts, tmp_path: Path) -> AsyncIterator[Telegram]:
    attachments = Attachments(tmp_path / "attachments")
    opened = Telegram(bot, Reader(bot, attachments, Identity(bot).name), texts, attachments)
    yield opened
    await opened.close()


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = await Database.open(f"sqlite+aiosqlite:///{tmp_path}/inbox.sqlite3")
    yield opened
    await opened.close()


@pytest.fixture
async def intake(bot: PollingBot, database: Database) -> AsyncIterator[Intake]:
    opened = Intake(NAME, bot, Identity(bot), Reception(database, Metrics()))
    yield opened
    await opened.close()
