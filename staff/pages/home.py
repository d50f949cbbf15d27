"""The first page: what waits for this person."""

from starlette.responses import Response

from staff.visit import Visit


async def show(visit: Visit) -> Response:
    return visit.page("home.html")
