"""A strict local Twilio: Messages with media and status callbacks, the 24-hour session, Content templates, faults.

Run it as a process (`python -m tests.bot.fake_twilio --webhook http://127.0.0.1:8311/whatsapp/messages`, told what to do
by `POST /_fake/receive` and the like) or inside a test (`async with FakeTwilio.running() as twilio`).
"""

from tests.bot.fake_twilio.faults import Faults
from tests.bot.fake_twilio.server import ACCOUNT, SENDER, TOKEN, FakeTwilio

__all__ = ["ACCOUNT", "SENDER", "TOKEN", "FakeTwilio", "Faults"]
