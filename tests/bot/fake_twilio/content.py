"""The Content API of the local Twilio: templates, their approval, and what a message with one looks like."""

import json
import re
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

if TYPE_CHECKING:
    from tests.bot.fake_twilio import FakeTwilio

_VARIABLE = re.compile(r"\{\{(\d+)\}\}")
_PAGE = 20
"""Templates a page, few enough that every test has to turn pages."""
_LANGUAGES = frozenset({"fr", "ar", "en"})


class Refusal(Exception):
    """An answer of Twilio's that is an error."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


def refused(error: Refusal) -> Response:
    body = {"code": error.code, "message": str(error), "more_info": "", "status": error.status}
    return JSONResponse(body, error.status)


class Content:
    """The templates of the account."""

    def __init__(self) -> None:
        self.templates: dict[str, dict[str, Any]] = {}
        self._count = 0

    def routes(self, twilio: "FakeTwilio") -> list[Route]:
        def checked(handler: Any) -> Any:
            async def handle(request: Request) -> Response:
                twilio.check(request)
                response: Response = await handler(request)
                return response

            return handle

        return [
            Route("/v1/Content", checked(self._create), methods=["POST"]),
            Route("/v1/Content", checked(self._list)),
            Route("/v1/ContentAndApprovals", checked(self._list)),
            Route("/v1/Content/{sid}", checked(self._delete), methods=["DELETE"]),
            Route("/v1/Content/{sid}/ApprovalRequests/whatsapp", checked(self._ask_approval), methods=["POST"]),
        ]

    def approve_all(self) -> None:
        """WhatsApp approves whatever waits for it."""
        for template in self.templates.values():
            if template["approval_requests"]["status"] == "received":
                template["approval_requests"]["status"] = "approved"

    def rendered(self, fields: dict[str, str]) -> dict[str, Any]:
        """What a person sees of a template with these variables; refuses what WhatsApp would."""
        template = self.templates.get(fields["ContentSid"])
        if template is None:
            raise Refusal(400, 21655, "no such ContentSid")
        try:
            variables = json.loads(fields.get("ContentVariables", "{}"))
        except ValueError:
            raise Refusal(400, 21656, "ContentVariables is no JSON") from None
        kind, shape = next(iter(template["types"].items()))
        needed = set(_VARIABLE.findall(json.dumps(shape)))
        if not isinstance(variables, dict) or set(variables) != needed:
            raise Refusal(400, 21656, f"{template['friendly_name']} needs the variables {sorted(needed)}")
        if not all(isinstance(value, str) and value.strip() for value in variables.values()):
            raise Refusal(400, 21656, "an empty variable")
        approved = template["approval_requests"]["status"] == "approved"
        if approved and any(re.search(r"[\n\t]| {4}", value) for value in variables.values()):
            raise Refusal(400, 21656, "a line break or many spaces in a variable of an approved template")
        filled = _filled(shape, variables)
        _check_limits(kind, filled)
        return {"kind": kind, "name": template["friendly_name"], "approved": approved, **filled}

    async def _create(self, request: Request) -> Response:
        if request.headers.get("content-type") != "application/json":
            raise Refusal(400, 20001, "templates are made with JSON")
        wanted = json.loads(await request.body())
        if set(wanted) - {"friendly_name", "language", "variables", "types"} or wanted["language"] not in _LANGUAGES:
            raise Refusal(400, 20001, "unknown field or language")
        if len(wanted["types"]) != 1:
            raise Refusal(400, 20001, "one type a template here")
        kind, shape = next(iter(wanted["types"].items()))
        numbers = set(_VARIABLE.findall(json.dumps(shape)))
        if set(wanted.get("variables") or {}) != numbers:
            raise Refusal(400, 20001, f"every variable needs a sample: {sorted(numbers)}")
        _check_limits(kind, _filled(shape, wanted.get("variables") or {}))
        self._count += 1
        sid = f"HX{self._count:032x}"
        self.templates[sid] = {
            "sid": sid,
            "friendly_name": wanted["friendly_name"],
            "language": wanted["language"],
            "variables": wanted.get("variables") or {},
            "types": wanted["types"],
            "approval_requests": {"status": "unsubmitted"},
            "url": f"https://content.twilio.com/v1/Content/{sid}",
        }
        return JSONResponse(self.templates[sid], 201)

    async def _list(self, request: Request) -> Response:
        everything = list(self.templates.values())
        page = int(request.query_params.get("Page", "0"))
        more = len(everything) > (page + 1) * _PAGE
        address = f"https://content.twilio.com{request.url.path}"
        return JSONResponse(
            {
                "contents": everything[page * _PAGE : (page + 1) * _PAGE],
                "meta": {
                    "page": page,
                    "page_size": _PAGE,
                    "first_page_url": f"{address}?Page=0",
                    "previous_page_url": None,
                    "next_page_url": f"{address}?Page={page + 1}" if more else None,
                    "url": f"{address}?Page={page}",
                    "key": "contents",
                },
            }
        )

    async def _delete(self, request: Request) -> Response:
        if self.templates.pop(request.path_params["sid"], None) is None:
            raise Refusal(404, 20404, "not found")
        return Response(status_code=204)

    async def _ask_approval(self, request: Request) -> Response:
        template = self.templates[request.path_params["sid"]]
        wanted = json.loads(await request.body())
        kind, shape = next(iter(template["types"].items()))
        if kind == "twilio/list-picker":
            raise Refusal(400, 20001, "list pickers are never approved")
        if not re.fullmatch(r"[a-z0-9_]{1,512}", wanted.get("name") or "") or wanted.get("category") != "UTILITY":
            raise Refusal(400, 20001, "a name of a-z, 0-9 and _, and a category")
        body = shape["body"].strip()
        if _VARIABLE.match(body) or re.search(r"\{\{\d+\}\}[.!؟?]?$", body):
            raise Refusal(400, 20001, "a body must not begin or end with a variable")
        names = [other["approval_requests"].get("name") for other in self.templates.values()]
        if wanted["name"] in names:
            raise Refusal(400, 20001, "a name of a template that is there")
        template["approval_requests"] = {
            "name": wanted["name"],
            "category": wanted["category"],
            "status": "received",
            "rejection_reason": "",
        }
        return JSONResponse(template["approval_requests"], 201)


def _filled(shape: Any, variables: dict[str, str]) -> Any:
    if isinstance(shape, str):
        return _VARIABLE.sub(lambda found: variables[found[1]], shape)
    if isinstance(shape, list):
        return [_filled(item, variables) for item in shape]
    return {name: _filled(value, variables) for name, value in shape.items()}


def _check_limits(kind: str, shape: dict[str, Any]) -> None:
    if len(shape["body"]) > 1024:
        raise Refusal(400, 63013, "body of a template over 1,024 characters")
    if kind == "twilio/quick-reply":
        titles = [action["title"] for action in shape["actions"]]
        identifiers = [action["id"] for action in shape["actions"]]
        fits = 1 <= len(titles) <= 3 and all(len(title) <= 20 for title in titles)
    elif kind == "twilio/list-picker":
        titles = [item["item"] for item in shape["items"]]
        identifiers = [item["id"] for item in shape["items"]]
        fits = 1 <= len(titles) <= 10 and all(len(title) <= 24 for title in titles) and len(shape["button"]) <= 20
        fits = fits and all(len(item.get("description") or "") <= 72 for item in shape["items"])
    elif kind == "twilio/text":
        return
    else:
        raise Refusal(400, 20001, f"unknown type {kind}")
    if not fits or len(set(titles)) < len(titles) or len(set(identifiers)) < len(identifiers):
        raise Refusal(400, 63013, f"buttons outside the limits: {titles}")
    if any(len(identifier) > 200 for identifier in identifiers):
        raise Refusal(400, 63013, "an id over 200 characters")
