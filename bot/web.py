"""The web application: the phone page, the webhooks of the channels, health, and the service that runs beside them."""

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from bot import partners
from bot.attachments import MAX_BYTES
from bot.bodies import BoundedBodies
from bot.channels.phone import PhonePage, ReplySignal
from bot.channels.registry import CHANNELS, Opener
from bot.operations import operations_routes
from bot.previews import Previews
from bot.pushes import put
from bot.reach import Reach
from bot.service import Service, running
from bot.settings import Settings
from bot.trial import Trial
from bot.worker import wall_clock
from nlu.training import model_path
from staff import console, demo
from staff.visit import Desk
from staff.words import StaffWords

_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' blob: data:; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "geolocation=(self), camera=(self), microphone=()",
    "Cache-Control": "no-cache",
}

_LONGEST_BODY = MAX_BYTES + 64 * 1024
"""Of any request to the service; nobody sends more than a photo."""


def create_app(
    settings: Settings,
    *,
    model: Path | None = None,
    channels: Sequence[Opener] = CHANNELS,
    on_demo_desk: Callable[[str], None] | None = None,
) -> Starlette:
    """The application; everything heavy is loaded when the server starts it. `model` defaults to that of the present data.

    With `on_demo_desk` an assistant that no citizen can write to and that has no staff accounts gets a demonstration desk; the function is told the token of its link.
    """

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        replies = ReplySignal()
        where = model or model_path(settings.root)
        async with running(settings, where, openers=channels, on_reply=replies.announce) as service:
            app.state.database, app.state.live, app.state.checks = service.database, service.live, service.checks
            app.router.routes.extend(
                [
                    *service.routes,
                    *operations_routes(service, settings),
                    *_phone_page(service, replies),
                    *_staff_desk(service, settings),
                    *_open311(service, settings),
                ]
            )
            if on_demo_desk:
                async with service.database.transaction() as session:
                    connected = service.delivers or bool(settings.public_url or settings.open311_upstream)
                    token = await demo.prepare(session, service.live, connected=connected, now=wall_clock())
                if token:
                    on_demo_desk(token)
            yield

    middleware = [Middleware(SecurityHeaders), Middleware(BoundedBodies, most=_LONGEST_BODY)]
    return Starlette(routes=[Route("/healthz", _health)], lifespan=lifespan, middleware=middleware)


def _phone_page(service: Service, replies: ReplySignal) -> list[Route | Mount]:
    house = service.house
    return PhonePage(
        service.database, service.attachments, service.texts, house.city, house.demo_edition, service.worker, replies
    ).routes()


def _staff_desk(service: Service, settings: Settings) -> Sequence[BaseRoute]:
    desk = Desk(
        database=service.database,
        live=service.live,
        texts=service.texts,
        words=StaffWords.load(settings.root / "data" / "staff"),
        photo=service.attachments.path,
        clock=wall_clock,
        wake=service.announce,
        put=put,
        try_out=Trial(service.texts, wall_clock),
        checks=service.checks,
        previewing=Previews(service.texts),
        reach=Reach(wall_clock),
        per_second=settings.broadcasts_per_second,
    )
    return console.routes(desk)


def _open311(service: Service, settings: Settings) -> Sequence[BaseRoute]:
    url = settings.public_url.rstrip("/")
    photo = service.attachments.path
    return partners.server(
        service.database, service.house.desk, service.texts, wall_clock, public_url=url, photo=photo
    ).routes()


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
