"""Accounts of the staff: made, disabled, given a new password; passwords as argon2 hashes, codes by TOTP."""

import hashlib
import re
import secrets
from datetime import datetime, timedelta
from functools import cache

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy.ext.asyncio import AsyncSession

from staff.roles import Role
from store import staff as staff_store
from store.tables import StaffAccountRow, StaffLinkRow

MIN_PASSWORD = 10
MAX_PASSWORD = 200
"""Characters; hashing something endless would be a way to keep the server busy."""
_NAME = re.compile(r"[a-z][a-z0-9._-]{1,39}")
_TOTP_SECONDS = 30
_hasher = PasswordHasher()


class AccountError(ValueError):
    """An account that cannot be made or changed so; the message says what to do."""


def hash_password(password: str) -> str:
    """The argon2id hash; raises `AccountError` for a password that is too short or too long."""
    if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
        raise AccountError(f"a password has {MIN_PASSWORD} to {MAX_PASSWORD} characters; choose another one")
    return _hasher.hash(password)


def password_is_right(account: StaffAccountRow | None, password: str) -> bool:
    """Takes the same time whether or not there is such an account; about 50 ms, so call it in a thread."""
    nobodys = _hash_of_nobody()  # Made before it is needed: the first unknown name must not take longer than others.
    try:
        return _hasher.verify(account.password_hash if account else nobodys, password[:MAX_PASSWORD]) and bool(account)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _hash_of_nobody() -> str:
    """Checked when nobody has the name, so that the time taken does not tell."""
    return _hasher.hash(secrets.token_hex(16))


def totp_step(secret: str, code: str, *, now: datetime) -> int | None:
    """The time step that a six-digit code belongs to, of the present one and its neighbours; None where it fits none."""
    totp = pyotp.TOTP(secret, interval=_TOTP_SECONDS)
    present = int(now.timestamp()) // _TOTP_SECONDS
    digits = code.replace(" ", "")
    for step in (present, present - 1, present + 1):
        if secrets.compare_digest(totp.at(step * _TOTP_SECONDS).encode(), digits.encode()):
            return step
    return None


async def add(
    session: AsyncSession,
    name: str,
    *,
    full_name: str,
    role: Role,
    password: str,
    totp: bool = False,
    language: str = "fr",
    demo: bool = False,
    now: datetime,
) -> StaffAccountRow:
    """A new account; raises `AccountError` where the name is taken or none."""
    if not _NAME.fullmatch(name):
        raise AccountError(f"{name!r} is no account name; use 2 to 40 of a-z, 0-9, dot, dash, beginning with a letter")
    if await staff_store.account_named(session, name):
        raise AccountError(f"there is an account {name} already; `casa staff password {name}` gives it a new password")
    account = StaffAccountRow(
        name=name,
        full_name=full_name[:80] or name,
        role=role.value,
        language=language,
        password_hash=hash_password(password),
        totp_secret=pyotp.random_base32() if totp else None,
        demo=demo,
        created_at=now,
    )
    session.add(account)
    await session.flush()
    return account


async def disable(session: AsyncSession, name: str, *, now: datetime) -> None:
    """Ends an account and its sessions at once; what it did stays in the log."""
    account = await _existing(session, name)
    account.disabled_at = account.disabled_at or now
    await staff_store.end_sessions_of(session, account.id)


async def set_password(session: AsyncSession, name: str, password: str) -> None:
    """A new password; signs the account out everywhere and opens it again where it was disabled."""
    account = await _existing(session, name)
    account.password_hash, account.disabled_at = hash_password(password), None
    await staff_store.end_sessions_of(session, account.id)


def provisioning_uri(account: StaffAccountRow) -> str | None:
    """What an authenticator app takes (as text or as a QR code); None for an account without codes."""
    if account.totp_secret is None:
        return None
    return key_uri(account.name, account.totp_secret)


def key_uri(name: str, secret: str) -> str:
    """The address that authenticator applications open."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name="Salam Casa")


def new_link(session: AsyncSession, account: StaffAccountRow, *, lasts: timedelta, now: datetime) -> str:
    """The token of a link that signs this account in once."""
    token = secrets.token_urlsafe(32)
    session.add(StaffLinkRow(token_hash=token_hash(token), account_id=account.id, expires_at=now + lasts))
    return token


def token_hash(token: str) -> str:
    """What is stored of a token of 256 random bits; nothing slower is needed for those."""
    return hashlib.sha256(token.encode()).hexdigest()


async def _existing(session: AsyncSession, name: str) -> StaffAccountRow:
    account = await staff_store.account_named(session, name)
    if account is None:
        raise AccountError(f"there is no account {name}; `casa staff list` shows all")
    return account
