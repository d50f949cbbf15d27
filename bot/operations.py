"""What the monitoring asks: is the service ready, and how is it doing."""

import hmac
import ipaddress

import structlog
from sqlalchemy import text
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.metrics import CONTENT_TYPE
from bot.service import Service
from bot.settings import Settings
from bot.worker import wall_clock

log = structlog.get_logger()


def operations_routes(service: Service, settings: Settings) -> list[Route]:
    """`/readyz` and `/metrics`."""

    async def ready(request: Request) -> Response:
        try:
            async with service.database.reading() as session:
                await session.execute(text("SELECT 1"))
        except Exception as error:
            log.error("not ready", exc_info=error)
            return JSONResponse({"status": "no database"}, status_code=503)
        if not service.presence.sure:
            return JSONResponse({"status": "no pulse"}, status_code=503)
        if service.supervision.failing:
            status = {"status": "work in the background fails", "failing": service.supervision.failing}
            return JSONResponse(status, status_code=503)
        return JSONResponse({"status": "ready"})

    async def metrics(request: Request) -> Response:
        if not may_read_metrics(request, settings.metrics_token):
            return Response(status_code=404)
        exposed = await service.metrics.exposed(
            service.database, now=wall_clock(), attachments=service.attachments.used()
        )
        return Response(exposed, headers={"content-type": CONTENT_TYPE})

    return [Route("/readyz", ready), Route("/metrics", metrics)]


def may_read_metrics(request: Request, token: str) -> bool:
    """With a token, who has it; without one, this machine, unless a proxy stands between (then everybody would be local)."""
    if token:
        given = request.headers.get("authorization", "")
        return hmac.compare_digest(given.encode(), f"Bearer {token}".encode())
    if request.client is None or any(name in request.headers for name in ("x-forwarded-for", "forwarded", "x-real-ip")):
        return False
    try:
        return ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False
