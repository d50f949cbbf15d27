"""Media of incoming messages at the local Twilio: listed, led to, deleted."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.bot.fake_twilio.content import Refusal

if TYPE_CHECKING:
    from tests.bot.fake_twilio.server import FakeTwilio


@dataclass
class Media:
    """What people sent, by id."""

    items: dict[str, dict[str, Any]] = field(default_factory=dict)
    status: int = 307
    """What a request for media is answered: where they lie, or an error."""
    list_status: int = 200
    """What a request for the list of a message's media is answered."""

    def routes(self, twilio: "FakeTwilio", messages: str) -> list[Route]:
        async def list_(request: Request) -> Response:
            twilio.check(request)
            if self.list_status >= 400:
                return Response(status_code=self.list_status)
            found = [
                {"sid": sid, "content_type": item["type"], "uri": f"{messages}/{item['message']}/Media/{sid}.json"}
                for sid, item in self.items.items()
                if item["message"] == request.path_params["sid"]
            ]
            return JSONResponse({"media_list": found, "next_page_uri": None, "page": 0, "page_size": 50})

        async def content(request: Request) -> Response:
            twilio.check(request)
            if self.status >= 400:
                return Response(status_code=self.status)
            if request.path_params["media"] not in self.items:
                raise Refusal(404, 20404, "not found")
            return Response(status_code=307, headers={"Location": f"{twilio.url}/cdn/{request.path_params['media']}"})

        async def delete(request: Request) -> Response:
            twilio.check(request)
            if self.items.pop(request.path_params["media"], None) is None:
                raise Refusal(404, 20404, "not found")
            return Response(status_code=204)

        async def cdn(request: Request) -> Response:
            """Where media really lie: a request with credentials is refused, as object stores do."""
            if "authorization" in request.headers:
                raise Refusal(400, 20001, "credentials sent to the media host")
            item = self.items.get(request.path_params["media"])
            return Response(item["content"], media_type=item["type"]) if item else Response(status_code=404)

        return [
            Route(f"{messages}/{{sid}}/Media.json", list_),
            Route(f"{messages}/{{sid}}/Media/{{media}}", content),
            Route(f"{messages}/{{sid}}/Media/{{media}}.json", delete, methods=["DELETE"]),
            Route("/cdn/{media}", cdn),
        ]
