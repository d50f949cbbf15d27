"""Photos of requests as other systems open them.

The address ends with the hash of the photo (128 bits): only who has seen the photo, or was told the address by us, can know it. The
public feed tells it once staff have read the request; a city's back end is told it at once. It opens nothing once the photo is deleted.
"""

from collections.abc import Callable
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

ROOT = "/open311/v2"
_PHOTO = ".jpg"


def photo_url(base: str, reference: str) -> str:
    """The address of a stored photo; `base` is that of the interface, without a slash at the end."""
    return f"{base}/photos/{reference}"


def photo_route(find: Callable[[str], Path | None]) -> Route:
    """Serves photos and no other attachments; `find` tells where the file of a reference lies."""

    async def photo(request: Request) -> Response:
        reference = str(request.path_params["reference"])
        path = find(reference) if reference.endswith(_PHOTO) else None
        if path is None:
            return Response(status_code=404)
        headers = {"Cache-Control": "public, max-age=3600", "Access-Control-Allow-Origin": "*"}
        return FileResponse(path, media_type="image/jpeg", headers=headers)

    return Route(f"{ROOT}/photos/{{reference}}", photo)
