"""What people send through every channel of the running service, and what its logs keep of it: nothing."""

import asyncio
import contextlib
import io
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from PIL import Image

from tests.bot.fake_telegram.server import TOKEN as TELEGRAM_TOKEN
from tests.bot.fake_telegram.server import FakeTelegram
from tests.bot.fake_twilio import ACCOUNT, FakeTwilio
from tests.bot.fake_twilio import TOKEN as TWILIO_TOKEN
from tests.faults.service import Process, until_ready
from tests.faults.trial import service_environment
from tests.listening import free_port

CHAT = 5_550_123_456
PERSON = "whatsapp:+212661234567"
PHONE = "f" * 32
TEXT = "machkilti m3a jari Bouchaib Zerrouk f zen9a"
PLACE = (33.571234, -7.601234)
IN_THE_TEXT = ("0661234567", "amina.secret@example.ma")
SECRETS = (
    *TEXT.split(),
    *IN_THE_TEXT,
    str(CHAT),
    "212661234567",
    PHONE,
    "33.571234",
    "7.601234",
    TELEGRAM_TOKEN,
    TWILIO_TOKEN,
    "/Media/",
    "files/photo",
    "Bearer",
)
HARMLESS = frozenset({"f", "m3a"})


@dataclass(frozen=True)
class House:
    """The service in a process of its own, at its most talkative, between two local providers."""

    url: str
    telegram: FakeTelegram
    twilio: FakeTwilio
    process: Process


@contextlib.asynccontextmanager
async def running(folder: Path) -> AsyncIterator[House]:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    async with (
        FakeTelegram.running() as telegram,
        FakeTwilio.running(webhook=f"{url}/whatsapp/messages", answer_statuses=True) as twilio,
    ):
        environment = service_environment(url, f"sqlite:///{folder}/casa.sqlite3", folder, telegram, twilio)
        process = Process(("serve", "--port", str(port)), environment | {"LOG_LEVEL": "DEBUG"}, folder / "serve.log")
        await process.start()
        try:
            await until_ready(url)
            yield House(url, telegram, twilio, process)
        finally:
            await process.stop()


def photo() -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (640, 480), "grey").save(content, "JPEG")
    return content.getvalue()


@pytest.mark.usefixtures("model")
async def test_no_log_tells_who_wrote_what_from_where(tmp_path: Path) -> None:
    words = f"{TEXT}, {' '.join(IN_THE_TEXT)}"
    async with running(tmp_path) as house, httpx.AsyncClient(timeout=30) as client:
        telegram, twilio = house.telegram, house.twilio
        await telegram.says(CHAT, words)
        await telegram.posts(CHAT, location={"latitude": PLACE[0], "longitude": PLACE[1]})
        await telegram.sends_photo(CHAT, photo())
        await telegram.sends_photo(CHAT, b"no photo at all")
        await telegram.update({"message": {"chat": {"id": CHAT}, "text": words}})  # Cannot be read: parked.
        await telegram.wait_for(4)

        await twilio.receive(PERSON, words)
        await twilio.receive(PERSON, "", MessageType="location", Latitude=str(PLACE[0]), Longitude=str(PLACE[1]))
        await twilio.receive(PERSON, "", media=[("image/jpeg", photo())], MessageType="image")
        await twilio.receive(PERSON, "", media=[("application/pdf", b"%PDF-1.4 " + words.encode())])
        for _ in range(400):
            if len(twilio.sent) >= 2:
                break
            await asyncio.sleep(0.05)

        for number, fields in enumerate(({"text": words}, {"location": PLACE}, {"text": 7, "note": words})):
            message = {"phone": PHONE, "id": f"message-{number}", **fields}
            await client.post(f"{house.url}/phone/messages", json=message)
        await client.get(f"{house.url}/phone/messages", params={"phone": PHONE, "after": 0, "wait": 5})
        wrong = {"X-Telegram-Bot-Api-Secret-Token": TWILIO_TOKEN}
        await client.post(f"{house.url}/telegram/webhook", json={"text": words}, headers=wrong)
        form = {"Body": words, "From": PERSON, "AccountSid": ACCOUNT}
        await client.post(f"{house.url}/whatsapp/messages", data=form, headers={"X-Twilio-Signature": "none"})
    log = (tmp_path / "serve.log").read_text(encoding="utf-8")
    for sign in (
        '"turn done"',
        '"channel": "telegram"',
        '"channel": "whatsapp"',
        '"webhook refused"',
        '"level": "debug"',
    ):
        assert sign in log
    assert [secret for secret in SECRETS if secret not in HARMLESS and secret in log] == []
