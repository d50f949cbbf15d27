"""A strict local Bot API server: methods with their fields and limits, long polling, webhooks, files, faults.

Run it as a process (`python -m tests.bot.fake_telegram`, told what to do by `POST /_fake/says` and the like) or inside a
test (`async with FakeTelegram.running() as telegram`). Of the bot `base_url` is `f"{telegram.url}/bot"`.
"""

from tests.bot.fake_telegram.server import TOKEN, FakeTelegram
from tests.bot.fake_telegram.updates import BOT_ID, BOT_NAME
from tests.bot.fake_twilio.faults import Faults

__all__ = ["BOT_ID", "BOT_NAME", "TOKEN", "FakeTelegram", "Faults"]
