"""Signing in and staying so: a cookie of 256 random bits whose hash is a row, throttled guesses, an end after some hours."""

import asyncio
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from staff.accounts import password_is_right, token_hash, totp_step
from store import staff as staff_store
from store.tables import StaffAccountRow, StaffLoginRow, StaffSessionRow

COOKIE = "casa_staff"
IDLE = timedelta(hours=2)
LONGEST = timedelta(hours=12)
_SEEN_EVERY = timedelta(minutes=1)
WINDOW = timedelta(minutes=15)
MAX_PER_NAME = 5
MAX_PER_ADDRESS = 30
"""Failed sign-ins within the window; an office shares one address, so it gets more."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A browser that has a session, and the account behind it."""

    session: StaffSessionRow
    account: StaffAccountRow


async def sign_in(
    session: AsyncSession, *, name: str, password: str, code: str, address: str, now: datetime
) -> StaffAccountRow | None:
    """The account that name, password and code belong to. Raises `TooManyTries` before looking at them."""
    name = name.strip().lower()[:40]
    by_name, by_address = await staff_store.failed_logins(session, name=name, address=address, since=now - WINDOW)
    if by_name >= MAX_PER_NAME or by_address >= MAX_PER_ADDRESS:
        raise TooManyTries
    account = await staff_store.account_named(session, name)
    right = await asyncio.to_thread(password_is_right, account, password)
    if account and right and account.disabled_at is None and await _code_is_right(session, account, code, now=now):
        await staff_store.forget_failed_logins(session, name=name, before=now - WINDOW)
        return account
    session.add(StaffLoginRow(name=name, address=address[:64], at=now))
    return None


class TooManyTries(Exception):
    """Sign-in failed too often with this name or from this address; it is open again after `WINDOW`."""


async def _code_is_right(session: AsyncSession, account: StaffAccountRow, code: str, *, now: datetime) -> bool:
    if account.totp_secret is None:
        return True
    step = totp_step(account.totp_secret, code, now=now)
    return step is not None and await staff_store.use_totp_step(session, account.id, step)


async def open_session(session: AsyncSession, account: StaffAccountRow, *, now: datetime) -> tuple[str, SignedIn]:
    """Signs an account in; the value of the cookie, and the session that it opens."""
    await staff_store.end_old_sessions(session, created_before=now - LONGEST)
    token = secrets.token_urlsafe(32)
    opened = StaffSessionRow(
        token_hash=token_hash(token),
        account_id=account.id,
        csrf=secrets.token_urlsafe(24),
        created_at=now,
        seen_at=now,
    )
    session.add(opened)
    return token, SignedIn(opened, account)


async def present(session: AsyncSession, cookie: str | None, *, now: datetime) -> SignedIn | None:
    """Who this cookie belongs to, unless the session was idle for too long."""
    if not cookie:
        return None
    found = await staff_store.signed_in(session, token_hash(cookie), seen_after=now - IDLE, created_after=now - LONGEST)
    if found is None:
        return None
    return SignedIn(*found)


def is_stale(signed: SignedIn, *, now: datetime) -> bool:
    """Whether it is to be stored that somebody is still here; not at every look."""
    return now - signed.session.seen_at > _SEEN_EVERY
