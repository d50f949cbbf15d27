"""`python -m bench.service PORT`: the service as operators run it, but without the pace that Telegram asks for.

The local Telegram takes any number of messages a second; what is measured is the service.
"""

import contextlib
import sys
from collections.abc import AsyncIterator

import uvicorn

from bot.channels.channel import Pace
from bot.channels.registry import Plugged, Surroundings, telegram
from bot.logs import configure
from bot.settings import Settings
from bot.web import create_app


@contextlib.asynccontextmanager
async def unpaced(surroundings: Surroundings) -> AsyncIterator[Plugged | None]:
    async with telegram(surroundings) as plugged:
        if plugged is not None:
            plugged.channel.pace = Pace(per_second=100_000, seconds_per_chat=0)
        yield plugged


if __name__ == "__main__":
    configure("WARNING")
    uvicorn.run(
        create_app(Settings(), channels=[unpaced]),
        port=int(sys.argv[1]),
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=2,
    )
