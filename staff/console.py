"""The console as routes of the web application: finds out who it is, refuses or serves.

A POST is one transaction; a page that is only looked at holds up no writer.
"""

import secrets
from collections.abc import Awaitable, Callable
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from jinja2 import Environment
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from staff import signing_in
from staff.keeping import HOME, Kept
from staff.pages import signing
from staff.routes import PAGES, Page, may, menu
from staff.visit import Desk, NotHere, Visit, page_environment
from store import staff as staff_store

STATIC = Path(__file__).with_name("static")
BY_ITSELF = "X-By-Itself"
"""The header of a request that an open page makes while nobody touches it."""
_HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "same-origin"}


def routes(desk: Desk) -> list[Route | Mount]:
    """All pages of the desk, and its style and script."""
    pages = page_environment()
    served = [Route(page.path, _endpoint(desk, page, pages), methods=[page.method]) for page in PAGES]
    return [Mount("/staff/static", StaticFiles(directory=STATIC)), *served]


def _endpoint(desk: Desk, page: Page, pages: Environment) -> Callable[[Request], Awaitable[Response]]:
    async def serve(request: Request) -> Response:
        if page.method == "POST" and _comes_from_elsewhere(request):
            return Response("cross-site request refused", 403)
        form = await request.form(max_files=0, max_fields=3_000) if page.method == "POST" else FormData()
        begin = desk.database.transaction if page.method == "POST" else desk.database.reading
        async with begin() as session:
            now = desk.clock()
            signed = await signing_in.present(session, request.cookies.get(signing_in.COOKIE), now=now)
            visit = Visit(desk, request, session, form, signed, pages, menu, may, now)
            response = _refusal(page, visit)
            if response is None:
                try:
                    response = await page.handler(visit)
                except NotHere:
                    response = visit.page("not_here.html", status=404)
                if page.method == "POST" and response.status_code < 400 and not visit.refused:
                    _note(page, visit)
        await _remember(desk, visit)
        for step in visit.afterwards:
            await step()
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    return serve


async def _remember(desk: Desk, visit: Visit) -> None:
    """That somebody was here and has read what there was to tell; a page that looks for news by itself is nobody."""
    if BY_ITSELF in visit.request.headers:
        return
    if visit.signed and (visit.told or signing_in.is_stale(visit.signed, now=visit.now)):
        async with desk.database.transaction() as session:
            token_hash = visit.signed.session.token_hash
            await staff_store.was_here(session, token_hash, told=visit.told, now=visit.now)


def _refusal(page: Page, visit: Visit) -> Response | None:
    """Why this visitor may not enter, or None: not signed in, another role, a form that is not from our own page."""
    if not page.who:
        return None
    if visit.signed is None:
        kept = Kept.of(visit.request, visit.form)
        return signing.ask_again(visit, kept) if kept else RedirectResponse(_door(page, visit.request), 303)
    if visit.role not in page.who:
        return visit.page("forbidden.html", status=403)
    if page.method == "POST" and not secrets.compare_digest(
        visit.field("csrf").encode(), visit.signed.session.csrf.encode()
    ):
        # The same person in a session that began meanwhile: what they typed goes again with its token, once they say so.
        return visit.page("stale.html", status=403, kept=Kept.of(visit.request, visit.form))
    return None


def _door(page: Page, request: Request) -> str:
    """Where to sign in; a page that was asked for is opened afterwards."""
    path = f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path
    return "/staff/login" if page.method == "POST" or path == HOME else f"/staff/login?{urlencode({'to': path})}"


def _comes_from_elsewhere(request: Request) -> bool:
    """Whether a page of another site made the browser send this; the token in every form is the second lock."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = request.headers.get("origin")
    return origin not in (None, "null") and urlsplit(origin).netloc != request.headers.get("host")


def _note(page: Page, visit: Visit) -> None:
    # What a token opens must not stand in a log, and who signs in is known only afterwards.
    subject = "/".join(str(value) for name, value in visit.request.path_params.items() if name != "token")
    who = visit.detail.pop("who", None) or (visit.signed.account.name if visit.signed else "-")
    staff_store.note(visit.db, who=who, action=page.name, subject=subject, detail=visit.detail, now=visit.now)
