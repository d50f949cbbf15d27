"""The web application: the phone page, health, and the worker that runs beside them."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.assistant import load_house, load_texts
from bot.attachments import Attachments
from bot.channels.phone import PhonePage, ReplySignal
from bot.chores import Chores
from bot.conversation import Conversations
from bot.settings import Settings
from bot.worker import Worker, wall_clock
from nlu.training import model_path
from staff import console, demo
from staff.visit import Desk
from staff.words import StaffWords
from store.database import Database

_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' blob: data:; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "geolocation=(self), camera=(self), microphone=()",
    "Cache-Control": "no-cache",
}


def create_app(
    settings: Settings, *, model: Path | None = None, on_demo_desk: Callable[[str], None] | None = None
) -> Starlette:
    """The application; everything heavy is loaded when the server starts it. `model` defaults to that of the present data.

    With `on_demo_desk` a city without staff accounts gets a demonstration desk; the function is told the token of its link.
    """

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        house = load_house(settings, model or model_path(settings.root))
        texts = load_texts(settings)
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        app.state.database = database = await Database.open(settings.database_url)
        attachments = Attachments(settings.data_dir / "attachments")
        replies = ReplySignal()
        worker = Worker(database, Conversations(house, texts), attachments, on_reply=replies.announce)
        page = PhonePage(database, attachments, texts, house.city, house.demo_edition, worker, replies)
        app.router.routes.extend(page.routes())
        desk = Desk(
            database=database,
            house=lambda: house,
            texts=texts,
            words=StaffWords.load(settings.root / "data" / "staff"),
            photo=attachments.path,
            clock=wall_clock,
            wake=replies.announce,
        )
        app.router.routes.extend(console.routes(desk))
        if on_demo_desk:
            async with database.transaction() as session:
                token = await demo.prepare(session, now=wall_clock())
            if token:
                on_demo_desk(token)
        chores = Chores(database, house, texts, clock=wall_clock, on_push=replies.announce)
        working = asyncio.create_task(worker.run())
        minding = asyncio.create_task(chores.run())
        try:
            yield
        finally:
            minding.cancel()
            worker.stop()
            await asyncio.gather(working, minding, return_exceptions=True)
            await database.close()

    return Starlette(routes=[Route("/healthz", _health)], lifespan=lifespan, middleware=[Middleware(SecurityHeaders)])


async def _health(request: Request) -> Response:
    return JSONResponse({"status": "ok"})


class SecurityHeaders:
    """Adds the headers that keep pages from running what they should not."""

    def __init__(self, app: Callable[..., Awaitable[None]]) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        async def send_with_headers(message: Any) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)
