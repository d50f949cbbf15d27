"""Following what staff publish and pull, also in another process."""

import asyncio

import structlog

from actions.live import LiveHouse
from staff.checks import Checks
from store.database import Database

log = structlog.get_logger()

SECONDS_BETWEEN_LOOKS = 0.7


async def keep_up(database: Database, live: LiveHouse, checks: Checks) -> None:
    """Takes over what was published or pulled within a second; works until cancelled."""
    while True:
        try:
            async with database.reading() as session:
                await live.refresh(session)
            if not live.settled:
                wanted = await asyncio.to_thread(live.wanted_model)
                if not wanted.is_file():
                    await checks.train(live.examples(), wanted)
                await live.settle()
        except Exception as error:
            log.error("answers not brought up to date", error=type(error).__name__)
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
