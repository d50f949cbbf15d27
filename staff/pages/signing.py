"""Signing in by name and password or by a one-time link, and out again."""

from starlette.responses import Response

from staff import signing_in
from staff.accounts import token_hash
from staff.keeping import FIELD, HOME, Kept, inside
from staff.visit import NotHere, Visit
from store import staff as staff_store
from store.tables import StaffAccountRow


async def ask(visit: Visit) -> Response:
    to = inside(visit.query("to"))
    return visit.go(to) if visit.signed else _door(visit, to=to)


def ask_again(visit: Visit, kept: Kept) -> Response:
    """The form of somebody whose session has ended waits in the page that asks for the password."""
    return _door(visit, kept=kept, status=401)


async def sign_in(visit: Visit) -> Response:
    name, to, kept = visit.field("name", longest=40), inside(visit.field("to")), Kept.read(str(visit.form.get(FIELD)))
    if visit.field("only_language"):
        return _door(visit, name=name, to=to, kept=kept)
    client = visit.request.client
    try:
        account = await signing_in.sign_in(
            visit.db,
            name=name,
            password=visit.field("password"),
            code=visit.field("code", longest=10),
            address=client.host if client else "",
            now=visit.now,
        )
    except signing_in.TooManyTries:
        problem = visit.say("Trop d’essais. Attendez {minutes} minutes, puis réessayez.", minutes=15)
        return _door(visit, status=429, name=name, problem=problem, to=to, kept=kept)
    if account is None:
        problem = visit.say("Nom, mot de passe ou code incorrect.")
        return _door(visit, status=401, name=name, problem=problem, to=to, kept=kept)
    return await _enter(visit, account, to=to, kept=kept)


async def offer_link(visit: Visit) -> Response:
    """A page with one button: a link that is only looked at (by a preview, by a prefetch) is not used up."""
    return visit.page("enter.html")


async def take_link(visit: Visit) -> Response:
    account_id = await staff_store.take_link(
        visit.db, token_hash(str(visit.request.path_params["token"])), now=visit.now
    )
    account = await visit.db.get(StaffAccountRow, account_id) if account_id else None
    if account is None or account.disabled_at:
        problem = visit.say("Ce lien a déjà servi ou il est trop ancien. Demandez-en un autre.")
        return _door(visit, status=401, problem=problem)
    return await _enter(visit, account)


async def sign_out(visit: Visit) -> Response:
    if visit.signed is None:
        raise NotHere
    await staff_store.end_session(visit.db, visit.signed.session.token_hash)
    response = visit.go("/staff/login")
    response.delete_cookie(signing_in.COOKIE, path="/staff")
    return response


def _door(
    visit: Visit,
    *,
    status: int = 200,
    name: str = "",
    problem: str | None = None,
    to: str = HOME,
    kept: Kept | None = None,
) -> Response:
    return visit.page("login.html", status=status, name=name, problem=problem, to=to, kept=kept)


async def _enter(visit: Visit, account: StaffAccountRow, *, to: str = HOME, kept: Kept | None = None) -> Response:
    visit.detail["who"] = account.name
    token, visit.signed = await signing_in.open_session(visit.db, account, now=visit.now)
    response = visit.page("kept.html", kept=kept) if kept else visit.go(to)
    response.set_cookie(
        signing_in.COOKIE,
        token,
        path="/staff",
        max_age=int(signing_in.LONGEST.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=visit.request.url.scheme == "https",
    )
    return response
