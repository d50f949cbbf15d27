"""The running assistant: worker, sender, chores and channels around one database, started together and stopped in order."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.routing import BaseRoute

from actions.desk import Desk
from actions.live import LiveHouse
from actions.requests.life import OPEN
from actions.texts import Texts
from actions.turn import House
from bot import partners
from bot.assistant import load_house, load_texts
from bot.attachments import Attachments, open_attachments
from bot.broadcasting import Broadcasting
from bot.channels import terminal
from bot.channels.registry import CHANNELS, Opener, Plugged, Surroundings
from bot.chores import Chores
from bot.conversation import Conversations
from bot.database import open_database
from bot.following import keep_up
from bot.metrics import Metrics
from bot.presence import Presence
from bot.reach import Reach
from bot.reception import Reception
from bot.sender import Sender
from bot.settings import Settings
from bot.supervision import Supervision
from bot.worker import Worker, wall_clock
from staff.checks import Checks
from store import requests as requests_store
from store.database import Database
from store.outbox import FETCHED_CHANNELS

log = structlog.get_logger()

SECONDS_TO_STOP = 20.0
"""After being told to stop: turns and sends under way are finished within this time, or cut."""


@dataclass(frozen=True)
class Service:
    """What the web application needs of the running assistant."""

    live: LiveHouse
    checks: Checks
    """Of drafts that staff are about to publish."""
    texts: Texts
    database: Database
    attachments: Attachments
    worker: Worker
    presence: Presence
    supervision: Supervision
    """Of all that goes on in the background."""
    metrics: Metrics
    announce: Callable[[int], None]
    """Tells that a reply to a conversation was stored."""
    routes: Sequence[BaseRoute]
    """Those of the channels."""
    delivers: bool
    """Whether a messaging service is connected, by which citizens write."""

    @property
    def house(self) -> House:
        """As it is now."""
        return self.live.house


@contextlib.asynccontextmanager
async def running(
    settings: Settings,
    model: Path,
    *,
    openers: Sequence[Opener] = CHANNELS,
    on_reply: Callable[[int], None] = lambda conversation_id: None,
) -> AsyncIterator[Service]:
    """Starts everything; at the end what is under way is finished first. `on_reply` is told the conversation of a new reply."""
    house, texts = load_house(settings, model), load_texts(settings)
    live = LiveHouse(house, settings.root, model)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    async with AsyncExitStack() as stack:
        database = await open_database(settings.database_url)
        stack.push_async_callback(database.close)
        async with database.transaction() as session:
            await live.refresh(session)  # Chores compare with what people were told: the programme that was applied.
            await tell_of_retired_categories(session, house.desk)
        checks = Checks(database, live)
        stack.push_async_callback(checks.stop)
        attachments = open_attachments(settings)
        metrics = Metrics()
        reception = Reception(database, metrics)
        surroundings = Surroundings(settings, database, attachments, texts, reception, metrics)
        plugged = [plug for opener in openers if (plug := await stack.enter_async_context(opener(surroundings)))]
        channels = {plug.channel.name: plug.channel for plug in plugged}
        supervision = Supervision(on_failure=lambda name: metrics.background_failures.labels(name).inc())
        presence = Presence(database, supervision=supervision)
        await presence.arrive()
        stack.push_async_callback(presence.depart)
        sender = Sender(
            database, channels, presence, at_once=settings.sends_at_once, metrics=metrics, reception=reception
        )

        def announce(conversation_id: int) -> None:
            sender.wake()
            on_reply(conversation_id)

        worker = Worker(
            database,
            Conversations(lambda: live.house, texts),
            attachments,
            presence=presence,
            channels=channels,
            # A conversation in a terminal is handled there: its program waits for the reply, and may have set another clock.
            serves={*FETCHED_CHANNELS, *channels} - {terminal.NAME},
            metrics=metrics,
            on_reply=announce,
            reception=reception,
        )
        reception.on_message = worker.wake
        chores = Chores(database, lambda: live.house, texts, clock=wall_clock, on_push=announce)
        background = [
            supervision.keep("pulse", presence.run),
            supervision.keep("chores", chores.run),
            supervision.keep("answers", lambda: keep_up(database, live, checks)),
            *_duties(presence, plugged),
        ]
        to_many = Broadcasting(
            database,
            live,
            texts,
            Reach(wall_clock),
            per_second=settings.broadcasts_per_second,
            clock=wall_clock,
            on_push=announce,
        )
        background.append(presence.on_duty("broadcasts", to_many.run))
        handing_on = partners.forwarding(settings, database, house.desk, texts, wall_clock, on_push=announce)
        if handing_on:
            stack.push_async_callback(handing_on.upstream.close)
            background.append(presence.on_duty("open311", handing_on.run))
        finishing = [
            supervision.keep("worker", worker.run, until=lambda: worker.stopping),
            # Without a channel to send through there is nothing to do, and it ends at once.
            supervision.keep("sender", sender.run, until=lambda: sender.stopping or not channels),
        ]
        async with _tasks(background, database), _finishing(finishing, [worker.stop, sender.stop]):
            yield Service(
                live,
                checks,
                texts,
                database,
                attachments,
                worker,
                presence,
                supervision,
                metrics,
                announce,
                [route for plug in plugged for route in plug.routes],
                delivers=bool(channels),
            )


async def tell_of_retired_categories(session: AsyncSession, desk: Desk) -> None:
    """Open requests of a category that has left the data are dealt with, but have no deadline and are in no feed: somebody should
    know. It is no reason not to start: one old request must not keep the whole city waiting."""
    for category, count in (await requests_store.count_by_category(session, OPEN)).items():
        if category not in desk.categories:
            log.error(
                "category of open requests is not in data/city/categories.yml: put it back or close the requests",
                category=category,
                requests=count,
            )


def _duties(presence: Presence, plugged: Sequence[Plugged]) -> list[Coroutine[Any, Any, None]]:
    return [presence.on_duty(name, work) for plug in plugged for name, work in plug.duties.items()]


@contextlib.asynccontextmanager
async def _tasks(works: Sequence[Coroutine[Any, Any, None]], database: Database) -> AsyncIterator[None]:
    """Runs what may be cancelled at any time but within a transaction."""
    tasks = [asyncio.create_task(work) for work in works]
    try:
        yield
    finally:
        async with database.at_rest():
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks, timeout=SECONDS_TO_STOP)
        await asyncio.gather(*tasks, return_exceptions=True)


@contextlib.asynccontextmanager
async def _finishing(
    works: Sequence[Coroutine[Any, Any, None]], stops: Sequence[Callable[[], None]]
) -> AsyncIterator[None]:
    """Runs what is told to stop and then given time to finish."""
    tasks = [asyncio.create_task(work) for work in works]
    try:
        yield
    finally:
        for stop in stops:
            stop()
        _, late = await asyncio.wait(tasks, timeout=SECONDS_TO_STOP)
        for task in late:
            log.warning("cut while stopping")
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
