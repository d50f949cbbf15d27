"""The assistant on WhatsApp, over real HTTP in both directions with the strict local Twilio."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from pydantic import SecretStr
from starlette.applications import Starlette

from actions.texts import Texts
from actions.turn import House
from bot.attachments import Attachments
from bot.channels.registry import Surroundings
from bot.channels.whatsapp.api import open_client
from bot.channels.whatsapp.intake import Intake
from bot.channels.whatsapp.opening import open_whatsapp
from bot.channels.whatsapp.reconciliation import Reconciliation
from bot.channels.whatsapp.templates import wanted
from bot.channels.whatsapp.webhook import MESSAGES
from bot.conversation import Conversations
from bot.metrics import Metrics
from bot.presence import Presence
from bot.reception import Reception
from bot.sender import Sender
from bot.settings import Settings
from bot.worker import Worker, wall_clock
from store.database import Database
from store.whatsapp import KnownTemplate, keep_templates
from tests.bot.fake_twilio import ACCOUNT, SENDER, TOKEN, FakeTwilio
from tests.listening import listener


@dataclass
class Line:
    """A running assistant and the Twilio it is connected with."""

    twilio: FakeTwilio
    database: Database
    attachments: Attachments
    channel: Any
    reconciliation: Reconciliation

    async def bodies(self, count: int) -> list[str]:
        """What the assistant sent so far, once it is `count` messages."""
        return [message["body"] for message in await self.sent(count)]

    async def sent(self, count: int) -> list[dict[str, Any]]:
        for _ in range(400):
            if len(self.twilio.sent) >= count:
                await self.twilio.settled()
                return self.twilio.sent
            await asyncio.sleep(0.05)
        raise AssertionError(f"only {len(self.twilio.sent)} messages were sent: {self.twilio.sent}")


async def install_templates(twilio: FakeTwilio, texts: Texts, database: Database) -> None:
    """All templates, approved."""
    for number, template in enumerate(wanted(texts)):
        sid = f"HX{number:032d}"
        twilio.content.templates[sid] = {
            "sid": sid,
            "friendly_name": template.name,
            "language": template.language,
            "variables": dict(template.sample),
            "types": dict(template.types),
            "approval_requests": {"status": "approved" if template.needs_approval else "unsubmitted"},
        }
    known = {
        template["friendly_name"]: KnownTemplate(sid, "approved") for sid, template in twilio.content.templates.items()
    }
    async with database.transaction() as session:
        await keep_templates(session, known, now=wall_clock())


@dataclass
class Assistant:
    """The assistant on WhatsApp alone, connected with whatever answers at `settings.twilio_api_url`."""

    database: Database
    attachments: Attachments
    channel: Any
    reception: Reception


@contextlib.asynccontextmanager
async def running_assistant(
    settings: Settings,
    listening: socket.socket,
    house: House,
    texts: Texts,
    folder: Path,
    *,
    prepare: Callable[[Database], Awaitable[None]] | None = None,
) -> AsyncIterator[Assistant]:
    """`prepare` may store what the assistant is to find when it starts."""
    async with contextlib.AsyncExitStack() as stack:
        database = await Database.open(f"sqlite+aiosqlite:///{folder}/casa.sqlite3")
        stack.push_async_callback(database.close)
        if prepare is not None:
            await prepare(database)
        metrics = Metrics()
        attachments, reception = Attachments(folder / "attachments"), Reception(database, metrics)
        surroundings = Surroundings(settings, database, attachments, texts, reception, metrics)
        plugged = await stack.enter_async_context(open_whatsapp(surroundings))
        channels = {"whatsapp": plugged.channel}
        presence = Presence(database)
        await presence.arrive()
        sender = Sender(database, channels, presence)
        worker = Worker(
            database,
            Conversations(house, texts),
            attachments,
            presence=presence,
            channels=channels,
            clock=wall_clock,
            retry_after=(0.1, 0.1),
            on_reply=lambda conversation_id: sender.wake(),
        )
        reception.on_message = worker.wake
        works = [asyncio.create_task(work.run()) for work in (worker, sender, presence)]
        config = uvicorn.Config(Starlette(routes=plugged.routes), log_config=None, lifespan="off")
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        while not server.started:
            await asyncio.sleep(0.01)
        try:
            yield Assistant(database, attachments, plugged.channel, reception)
        finally:
            server.should_exit = True
            await serving
            worker.stop()
            sender.stop()
            works[2].cancel()
            await asyncio.gather(*works, return_exceptions=True)


def settings_for(url: str, twilio: str) -> Settings:
    """The assistant at `url`, its Twilio at another."""
    return Settings(
        _env_file=None,
        public_url=url,
        whatsapp_from=SENDER.removeprefix("whatsapp:"),
        twilio_account_sid=ACCOUNT,
        twilio_auth_token=SecretStr(TOKEN),
        twilio_api_url=twilio,
    )


Connected = Callable[..., AbstractAsyncContextManager[Line]]


@pytest.fixture
def connected(house: House, texts: Texts, tmp_path: Path) -> Connected:
    """Starts the assistant and a Twilio that knows it."""

    @contextlib.asynccontextmanager
    async def connect(*, with_templates: bool = True, **twilio_settings: Any) -> AsyncIterator[Line]:
        async with contextlib.AsyncExitStack() as stack:
            twilio = await stack.enter_async_context(FakeTwilio.running(**twilio_settings))
            listening = stack.enter_context(listener())
            url = f"http://127.0.0.1:{listening.getsockname()[1]}"
            twilio.webhook = url + MESSAGES

            async def prepare(database: Database) -> None:
                if with_templates:
                    await install_templates(twilio, texts, database)

            running = running_assistant(
                settings_for(url, twilio.url), listening, house, texts, tmp_path, prepare=prepare
            )
            assistant = await stack.enter_async_context(running)
            client, http = open_client(ACCOUNT, TOKEN, base_url=twilio.url)
            stack.push_async_callback(http.close)
            reconciliation = Reconciliation(assistant.database, client, Intake(assistant.reception), sender=SENDER)
            yield Line(twilio, assistant.database, assistant.attachments, assistant.channel, reconciliation)

    return connect
