"""One's own account: language, password, codes."""

import asyncio

import pyotp
from starlette.responses import Response

from staff.accounts import AccountError, hash_password, password_is_right, provisioning_uri
from staff.visit import Visit
from staff.words import LANGUAGES
from store import staff as staff_store


async def show(visit: Visit) -> Response:
    return visit.page("account.html", problem=None, uri=None)


async def language(visit: Visit) -> Response:
    asked = visit.field("language")
    if asked in LANGUAGES:
        visit.account.language = asked
    back = visit.field("back")
    return visit.go(back if back.startswith("/staff") else "/staff")


async def password(visit: Visit) -> Response:
    """A new password needs the old one: an unattended browser must not be enough."""
    if not await asyncio.to_thread(password_is_right, visit.account, visit.field("old")):
        return visit.page(
            "account.html", status=400, problem=visit.say("Le mot de passe actuel n’est pas le bon."), uri=None
        )
    try:
        visit.account.password_hash = await asyncio.to_thread(hash_password, visit.field("new"))
    except AccountError:
        problem = visit.say("Le nouveau mot de passe doit avoir au moins {count} caractères.", count=10)
        return visit.page("account.html", status=400, problem=problem, uri=None)
    if visit.signed:
        await staff_store.end_sessions_of(visit.db, visit.account.id, except_for=visit.signed.session.token_hash)
    return visit.go("/staff/account", visit.say("Mot de passe changé."))


async def codes(visit: Visit) -> Response:
    """Switches six-digit codes on (the secret is shown once) or off."""
    if not await asyncio.to_thread(password_is_right, visit.account, visit.field("old")):
        return visit.page(
            "account.html", status=400, problem=visit.say("Le mot de passe actuel n’est pas le bon."), uri=None
        )
    if visit.account.totp_secret:
        visit.account.totp_secret, visit.account.totp_used = None, None
        return visit.go("/staff/account", visit.say("Codes désactivés."))
    visit.account.totp_secret = pyotp.random_base32()
    return visit.page("account.html", problem=None, uri=provisioning_uri(visit.account))
