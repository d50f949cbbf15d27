"""Keys of applications that file requests: shown once, kept as a hash, compared by it."""

import hashlib
import secrets
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from store import open311 as open311_store
from store.tables import ApiKeyRow


def hash_of(key: str) -> str:
    """Keys are long and random, so a plain hash is as safe as a slow one."""
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()


async def make(session: AsyncSession, name: str, *, answers_with_token: bool = False, now: datetime) -> str:
    """A new key; raises `ValueError` where the name is taken."""
    if await open311_store.api_key_named(session, name) is not None:
        raise ValueError(f"there is a key named {name!r} already; disable it or choose another name")
    key = secrets.token_urlsafe(24)
    open311_store.add_key(
        session, ApiKeyRow(name=name, key_hash=hash_of(key), answers_with_token=answers_with_token, created_at=now)
    )
    return key


async def disable(session: AsyncSession, name: str, *, now: datetime) -> None:
    """Raises `ValueError` for a name that no key has."""
    row = await open311_store.api_key_named(session, name)
    if row is None:
        raise ValueError(f"there is no key named {name!r}; see `casa open311 keys`")
    row.disabled_at = row.disabled_at or now
