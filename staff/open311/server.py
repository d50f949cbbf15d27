"""The Open311 GeoReport v2 server under `/open311/v2`: the public feed, and filing with a key.

Five points on which the specification contradicts itself, settled: codes are strings; an unknown jurisdiction is 404; fields of
POST are in the form; discovery's content type carries no charset, all others do; changesets are ISO 8601.
"""

import secrets
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from actions.desk import Desk
from actions.requests.categories import Category
from actions.requests.changes import Draft, add_note, file_request
from actions.requests.life import OPEN, Actor, RequestState, Who
from actions.requests.numbers import read_number
from actions.texts import Texts
from nlu.text import clean
from staff.open311 import documents, keys, markup
from staff.open311.openapi import describe
from staff.open311.parameters import MAX_DESCRIPTION, Parameters, Refused
from staff.open311.photos import ROOT, photo_route, photo_url
from store import open311 as open311_store
from store.database import Database
from store.tables import ApiKeyRow, ServiceRequestRow

JURISDICTION = "casablancacity.ma"
CONTACT = "https://www.casablancacity.ma"
_MAX_BODY = 64 * 1024
_STATUSES = {
    "open": [state.value for state in RequestState if state in OPEN],
    "closed": [state.value for state in RequestState if state not in OPEN],
}
_HEADERS = {"Access-Control-Allow-Origin": "*"}


@dataclass(frozen=True, slots=True)
class Call:
    """One call: who makes it, in which notation it is answered, and the transaction it runs in."""

    parameters: Parameters
    notation: str
    session: AsyncSession
    key: ApiKeyRow | None
    path: dict[str, str]
    now: datetime
    url: str
    """Where this interface is."""
    filing: bool
    """Whether something is to be stored (POST)."""

    def answer(self, root: str, value: Any, *, status: int = 200, charset: bool = True) -> Response:
        body = markup.as_json(value) if self.notation == "json" else markup.as_xml(root, value)
        return Response(body, status, {**_HEADERS, "Content-Type": _content_type(self.notation, charset=charset)})


Handler = Callable[[Call], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Open311:
    """The routes and what they need.

    `public_url`: where the outside world finds us, without a slash at the end; empty where nobody said: then the address of the
    call itself, and discovery says "test".
    """

    database: Database
    desk: Callable[[], Desk]
    texts: Texts
    clock: Callable[[], datetime]
    public_url: str
    photo: Callable[[str], Path | None]
    """Where a stored photo lies."""

    def routes(self) -> list[Route]:
        reading: Sequence[tuple[str, Handler]] = (
            ("/discovery", self._discovery),
            (f"{ROOT}/discovery", self._discovery),
            (f"{ROOT}/services", self._services),
            (f"{ROOT}/services/{{code}}", self._definition),
            (f"{ROOT}/requests/{{id}}", self._request),
            (f"{ROOT}/tokens/{{token}}", self._token),
            (f"{ROOT}/servicerequestupdates", self._updates),
        )
        served = [
            Route(f"{path}.{notation}", self._endpoint(handler, notation), methods=["GET"])
            for path, handler in reading
            for notation in markup.MEDIA_TYPES
        ]
        both = [
            Route(f"{ROOT}/requests.{notation}", self._endpoint(self._read_or_file, notation), methods=["GET", "POST"])
            for notation in markup.MEDIA_TYPES
        ]
        return [*both, *served, photo_route(self.photo), Route(f"{ROOT}/openapi.json", self._openapi)]

    def _endpoint(self, handler: Handler, notation: str) -> Callable[[Request], Awaitable[Response]]:
        async def serve(request: Request) -> Response:
            try:
                parameters = Parameters(await _fields(request))
                if parameters.text("jurisdiction_id") not in (None, JURISDICTION):
                    raise Refused(404, f"unknown jurisdiction_id; this server is {JURISDICTION}")
                filing = request.method == "POST"
                async with self.database.transaction() if filing else self.database.reading() as session:
                    key = await _key(session, parameters)
                    call = Call(
                        parameters=parameters,
                        notation=notation,
                        session=session,
                        key=key,
                        path=dict(request.path_params),
                        now=self.clock(),
                        url=self._url(request),
                        filing=filing,
                    )
                    return await handler(call)
            except Refused as refused:
                return _error(notation, refused)

        return serve

    async def _openapi(self, request: Request) -> Response:
        return JSONResponse(describe(self._url(request)), headers=_HEADERS)

    def _url(self, request: Request) -> str:
        return (self.public_url or str(request.base_url).rstrip("/")) + ROOT

    async def _discovery(self, call: Call) -> Response:
        found = documents.discovery(call.url, contact=CONTACT, production=bool(self.public_url))
        return call.answer("discovery", found, charset=False)

    async def _services(self, call: Call) -> Response:
        desk, language = self.desk(), call.parameters.language()
        return call.answer(
            "services", [documents.service(desk, category, language) for category in desk.categories.values()]
        )

    async def _definition(self, call: Call) -> Response:
        category = documents.by_code(self.desk().categories).get(call.path["code"])
        if category is None:
            raise Refused(404, "unknown service_code; see services")
        return call.answer("service_definition", documents.definition(category, call.parameters.language()))

    async def _read_or_file(self, call: Call) -> Response:
        return await (self._file(call) if call.filing else self._requests(call))

    async def _requests(self, call: Call) -> Response:
        rows = await self._listed(call)
        return call.answer("service_requests", await self._documents(call, rows))

    async def _request(self, call: Call) -> Response:
        number = read_number(call.path["id"])
        rows = await open311_store.requests_by_numbers(call.session, [number], self._visible(call)) if number else []
        if not rows:
            raise Refused(404, "unknown service_request_id")
        return call.answer("service_requests", await self._documents(call, rows))

    async def _token(self, call: Call) -> Response:
        every = list(self.desk().categories)
        row = await open311_store.request_of_token(call.session, call.path["token"], every)
        if row is None:
            raise Refused(404, "unknown token")
        return call.answer("service_requests", [{"service_request_id": row.number, "token": call.path["token"]}])

    async def _updates(self, call: Call) -> Response:
        start, end = call.parameters.span(call.now)
        page, number = call.parameters.page(), call.parameters.text("service_request_id")
        steps = await open311_store.listed_events(
            call.session,
            categories=self._visible(call),
            number=(read_number(number) or "unknown") if number else None,
            start=start,
            end=end,
            first=page.first,
            count=page.count,
        )
        reader = _reader(call)
        return call.answer(
            "service_request_updates", [documents.update(row, event, reader, self.texts) for event, row in steps]
        )

    async def _file(self, call: Call) -> Response:
        if call.key is None:
            raise Refused(403, "api_key is missing; ask the city's operators for one (casa open311 add-key)")
        draft = self._draft(call.parameters)
        actor = Actor(Who.PARTNER, call.key.name)
        row = await file_request(call.session, self.desk(), draft, now=call.now, actor=actor)
        if media := call.parameters.text("media_url"):
            # For staff to open: a server that fetched addresses of strangers would be a way into the city's network.
            await add_note(
                call.session,
                self.desk(),
                row,
                f"media_url: {clean(media)[:500]}",
                actor=actor,
                now=call.now,
                public=False,
            )
        category = self.desk().category(row)
        notice = category.deadline.said[draft.language] if category.deadline else None
        if call.key.answers_with_token:
            token = secrets.token_hex(12)
            open311_store.add_token(call.session, token, row.id)
            return call.answer("service_requests", [documents.filed_with_token(token, notice)], status=201)
        return call.answer("service_requests", [documents.filed(row, notice)], status=201)

    def _draft(self, fields: Parameters) -> Draft:
        """What is to be filed. Names, addresses and phones of the reporter are not taken over: nobody here needs them."""
        code = fields.text("service_code")
        if code is None:
            raise Refused(400, "service_code is missing")
        category = documents.by_code(self.desk().categories).get(code)
        if category is None:
            raise Refused(404, "unknown service_code; see services")
        position, place = fields.position(), fields.text("address_string") or fields.text("address_id")
        if position is None and place is None:
            raise Refused(400, "say where: lat and long, address_string, or address_id")
        arrondissement = self.desk().city.arrondissement_at(*position) if position else None
        if position and arrondissement is None:
            raise Refused(400, "lat and long are not within the 16 arrondissements of Casablanca")
        description = clean(fields.text("description") or "")
        if len(description) > MAX_DESCRIPTION:
            raise Refused(400, f"description has more than {MAX_DESCRIPTION} characters")
        return Draft(
            category=category.intent,
            description=description,
            language=fields.language(),
            place_text=clean(place or "")[:300],
            arrondissement=arrondissement.id if arrondissement else None,
            lat=position[0] if position else None,
            lon=position[1] if position else None,
            answers=_answers(category, fields),
        )

    async def _listed(self, call: Call) -> Sequence[ServiceRequestRow]:
        """A list of ids overrides everything else, as the specification has it."""
        wanted = call.parameters.values("service_request_id")
        if wanted:
            numbers = [number for written in wanted if (number := read_number(written))]
            return await open311_store.requests_by_numbers(call.session, numbers, self._visible(call))
        start, end = call.parameters.span(call.now)
        page = call.parameters.page()
        window = open311_store.Window(
            categories=self._wanted_categories(call),
            states=_states(call.parameters.values("status")),
            start=start,
            end=end,
            first=page.first,
            count=page.count,
        )
        return await open311_store.listed_requests(call.session, window)

    def _wanted_categories(self, call: Call) -> list[str]:
        visible = self._visible(call)
        codes = call.parameters.values("service_code")
        if not codes:
            return visible
        known = documents.by_code(self.desk().categories)
        if unknown := [code for code in codes if code not in known]:
            raise Refused(404, f"unknown service_code {unknown[0][:60]!r}; see services")
        return [known[code].intent for code in codes if known[code].intent in visible]

    def _visible(self, call: Call) -> list[str]:
        """The categories that this asker may see at all."""
        return [c.intent for c in self.desk().categories.values() if call.key is not None or not c.private]

    async def _documents(self, call: Call, rows: Iterable[ServiceRequestRow]) -> list[dict[str, Any]]:
        rows = list(rows)
        notes = await open311_store.latest_public_notes(call.session, [row.id for row in rows])
        reader = _reader(call)
        return [
            documents.request(
                self.desk(),
                row,
                reader,
                note=notes.get(row.id),
                photo_url=photo_url(call.url, row.photos[0]) if row.photos else None,
            )
            for row in rows
        ]


async def _fields(request: Request) -> dict[str, str]:
    """The fields of the form of a POST, else those of the query."""
    if request.method != "POST":
        return dict(request.query_params)
    if int(request.headers.get("content-length") or 0) > _MAX_BODY:
        raise Refused(400, f"the form is larger than {_MAX_BODY} bytes")
    try:
        form = await request.form(max_files=0, max_fields=200)
    except Exception:  # The parser raises several kinds for broken forms; all mean the same to the sender.
        raise Refused(400, "the body is no form (application/x-www-form-urlencoded)") from None
    return {name: value for name, value in form.items() if isinstance(value, str)}


async def _key(session: AsyncSession, parameters: Parameters) -> ApiKeyRow | None:
    written = parameters.text("api_key")
    if written is None:
        return None
    key = await open311_store.api_key(session, keys.hash_of(written))
    if key is None:
        raise Refused(403, "api_key is not known")
    return key


def _reader(call: Call) -> documents.Reader:
    wanted = call.parameters.text("extensions") == "true"
    return documents.Reader(call.parameters.language(), trusted=call.key is not None, extensions=wanted)


def _states(statuses: Sequence[str]) -> list[str]:
    if unknown := [status for status in statuses if status not in _STATUSES]:
        raise Refused(400, f"unknown status {unknown[0][:60]!r}; there are open and closed")
    return [state for status in statuses or _STATUSES for state in _STATUSES[status]]


def _answers(category: Category, fields: Parameters) -> dict[str, str]:
    """Answers to the category's questions, from `attribute[CODE]`; a key that the list does not have is refused."""
    found = {}
    for question in category.questions:
        answer = fields.text(f"attribute[{question.id}]")
        if answer is None:
            continue
        if question.choices and answer not in question.choices:
            raise Refused(400, f"attribute[{question.id}] must be one of {', '.join(question.choices)}")
        found[question.id] = clean(answer)[:200]
    return found


def _error(notation: str, refused: Refused) -> Response:
    found = [{"code": str(refused.status), "description": refused.description}]
    body = markup.as_json(found) if notation == "json" else markup.as_xml("errors", found)
    return Response(body, refused.status, {**_HEADERS, "Content-Type": _content_type(notation, charset=True)})


def _content_type(notation: str, *, charset: bool) -> str:
    return markup.MEDIA_TYPES[notation] + ("; charset=utf-8" if charset else "")
