"""A city's back end as a process of its own: our server on a database given, its port printed once it listens.

python -m tests.staff.open311.city_server DATABASE_URL PORT [--answer-500-after-filing]
"""

import asyncio
import sys
from datetime import UTC, datetime
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware

from bot.assistant import load_desk, load_texts
from bot.settings import Settings
from staff.open311.server import Open311
from store.database import Database


class FailAfterFiling:
    """The request is stored, and the caller hears of a failure: the worst moment for a back end to fall over."""

    def __init__(self, app: Any) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        async def send_failure(message: Any) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "status": 500}
            await send(message)

        filing = scope["type"] == "http" and scope["method"] == "POST"
        await self._app(scope, receive, send_failure if filing else send)


async def serve(url: str, port: int, *, failing: bool) -> None:
    settings = Settings(_env_file=None)
    desk, texts = load_desk(settings), load_texts(settings)
    database = await Database.open(url)
    feed = Open311(database, lambda: desk, texts, lambda: datetime.now(UTC), "", lambda reference: None)
    app = Starlette(routes=feed.routes(), middleware=[Middleware(FailAfterFiling)] if failing else [])
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_config=None, lifespan="off"))
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    sys.stdout.write(f"{server.servers[0].sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await serving


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], int(sys.argv[2]), failing="--answer-500-after-filing" in sys.argv))
