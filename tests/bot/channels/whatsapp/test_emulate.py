"""The assistant on WhatsApp against a Twilio that is not ours: the one of npm's `emulate`."""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from actions.texts import Texts
from actions.turn import House
from bot.channels.channel import Failure
from bot.channels.whatsapp.api import failure_of, open_client
from bot.channels.whatsapp.webhook import MESSAGES
from bot.settings import PROJECT
from store.database import Database
from store.tables import DeliveryRow, InboxRow
from tests.bot.channels.whatsapp.conftest import running_assistant, settings_for
from tests.bot.fake_twilio import ACCOUNT, SENDER, TOKEN
from tests.conftest import skip_or_fail
from tests.listening import free_port, listener

EMULATE = PROJECT / "tests/node/node_modules/emulate/dist/index.js"
SAMIRA = "whatsapp:+212600000001"
_SECONDS = 30.0


@dataclass(frozen=True)
class Emulated:
    """The account at the emulated Twilio, as its owner sees it."""

    url: str
    client: httpx.AsyncClient

    async def writes(self, body: str) -> None:
        """A person writes; the webhook is signed by the emulated Twilio."""
        form = {"To": SENDER, "From": SAMIRA, "Body": body}
        answer = await self.client.post(f"{self.url}/_twilio/simulate/inbound-message", data=form)
        assert answer.status_code == 201, answer.text

    async def reports(self, sid: str, status: str) -> None:
        form = {"MessageSid": sid, "Status": status}
        answer = await self.client.post(f"{self.url}/_twilio/simulate/message-status", data=form)
        assert answer.is_success, answer.text

    async def sent(self, count: int) -> list[dict[str, Any]]:
        """The messages of the assistant, the newest first, once there are `count`."""
        async with asyncio.timeout(_SECONDS):
            while True:
                answer = await self.client.get(f"{self.url}/2010-04-01/Accounts/{ACCOUNT}/Messages.json")
                messages = [one for one in answer.json()["messages"] if one["direction"] == "outbound-api"]
                if len(messages) >= count:
                    return messages
                await asyncio.sleep(0.05)


@asynccontextmanager
async def emulated_twilio(folder: Path, webhook: str = "") -> AsyncIterator[Emulated]:
    """A process of `emulate` whose one WhatsApp number posts to `webhook`."""
    node = shutil.which("node")
    if node is None or not EMULATE.is_file():
        skip_or_fail("emulate is not installed: npm ci --prefix tests/node")
    number = {"phone_number": SENDER, "friendly_name": "Salam Casa", "sms_url": webhook}
    account = {"sid": ACCOUNT, "auth_token": TOKEN, "friendly_name": "Casablanca"}
    seed = folder / "seed.json"
    seed.write_text(json.dumps({"twilio": {"account": account, "phone_numbers": [number]}}), encoding="utf-8")
    port = free_port()
    command = [str(node), str(EMULATE), "--service", "twilio", "--port", str(port), "--seed", str(seed)]
    quiet = asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(*command, stdout=quiet, stderr=quiet, cwd=folder)
    try:
        async with httpx.AsyncClient(auth=(ACCOUNT, TOKEN), timeout=_SECONDS) as client:
            emulated = Emulated(f"http://127.0.0.1:{port}", client)
            await _until_it_answers(emulated)
            yield emulated
    finally:
        process.terminate()
        await process.wait()


async def _until_it_answers(emulated: Emulated) -> None:
    async with asyncio.timeout(_SECONDS):
        while True:
            try:
                await emulated.client.get(f"{emulated.url}/2010-04-01/Accounts/{ACCOUNT}.json")
                return
            except httpx.TransportError:
                await asyncio.sleep(0.05)


async def test_a_conversation_over_a_twilio_that_is_not_ours(house: House, texts: Texts, tmp_path: Path) -> None:
    with listener() as listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        async with emulated_twilio(tmp_path, url + MESSAGES) as twilio:
            settings = settings_for(url, twilio.url)
            async with running_assistant(settings, listening, house, texts, tmp_path) as assistant:
                await twilio.writes("prix du tram")
                (price,) = await twilio.sent(1)
                assert (price["to"], price["from"]) == (SAMIRA, SENDER)
                assert "8 DH" in price["body"]
                await twilio.writes("عافاك فين كاينة المقاطعة")
                assert "مقاطعة" in (await twilio.sent(2))[0]["body"]
                await twilio.reports(price["sid"], "delivered")
                assert await state_of(assistant.database, price["sid"]) == "delivered"
                assert await inbox_of(assistant.database) == ["done", "done"]


async def test_a_signature_of_another_account_is_refused(house: House, texts: Texts, tmp_path: Path) -> None:
    with listener() as listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        async with emulated_twilio(tmp_path, url + MESSAGES) as twilio:
            settings = settings_for(url, twilio.url)
            settings.twilio_auth_token = type(settings.twilio_auth_token)("another token")
            async with running_assistant(settings, listening, house, texts, tmp_path) as assistant:
                await twilio.writes("salam")
                assert await inbox_of(assistant.database) == []


async def test_a_wrong_token_waits_for_the_settings_to_be_mended(tmp_path: Path) -> None:
    async with emulated_twilio(tmp_path) as twilio:
        client, http = open_client(ACCOUNT, "another token", base_url=twilio.url)
        with pytest.raises(Exception) as caught:  # noqa: PT011
            await client.messages.create_async(to=SAMIRA, from_=SENDER, body="Bonjour")
        await http.close()
    failed = failure_of(caught.value)
    assert (failed.failure, failed.wait) == (Failure.RETRY, 60.0)


async def state_of(database: Database, provider_id: str) -> str | None:
    async with database.reading() as session:
        return await session.scalar(select(DeliveryRow.state).filter_by(provider_id=provider_id))


async def inbox_of(database: Database) -> list[str]:
    """The states of what was stored, oldest first."""
    async with database.reading() as session:
        return list(await session.scalars(select(InboxRow.state).order_by(InboxRow.id)))
