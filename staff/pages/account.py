"""One's own account: language, password, codes."""

import asyncio
import re

import pyotp
from starlette.responses import Response

from staff.accounts import AccountError, hash_password, key_uri, password_is_right, totp_step
from staff.visit import NotHere, Visit
from staff.words import LANGUAGES
from store import staff as staff_store

_KEY = re.compile(r"[A-Z2-7]{32}")


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
    """Switches six-digit codes off, or on once a code shows that the key has arrived: nobody locks themselves out."""
    secret, problem = visit.field("secret", longest=64), None
    if not visit.account.totp_secret and not secret:
        return _offer_key(visit, pyotp.random_base32())
    if not await asyncio.to_thread(password_is_right, visit.account, visit.field("old")):
        problem = visit.say("Le mot de passe actuel n’est pas le bon.")
        if secret:
            return _offer_key(visit, secret, problem=problem)
        return visit.page("account.html", status=400, problem=problem, uri=None)
    if visit.account.totp_secret:
        visit.account.totp_secret, visit.account.totp_used = None, None
        return visit.go("/staff/account", visit.say("Codes désactivés."))
    step = totp_step(secret, visit.field("code", longest=10), now=visit.now) if _KEY.fullmatch(secret) else None
    if step is None:
        return _offer_key(
            visit, secret, problem=visit.say("Ce code n’est pas le bon : entrez celui que l’application montre.")
        )
    visit.account.totp_secret, visit.account.totp_used = secret, step
    return visit.go("/staff/account", visit.say("Un code est demandé à chaque entrée."))


def _offer_key(visit: Visit, secret: str, *, problem: str | None = None) -> Response:
    """The key for the application; nothing is stored before it is confirmed."""
    if not _KEY.fullmatch(secret):
        raise NotHere
    uri = key_uri(visit.account.name, secret)
    return visit.page("account.html", status=400 if problem else 200, problem=problem, uri=uri, secret=secret)
