"""The demonstration desk: while the city has no account of its own, one account and some invented cases to try it on."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from staff import accounts
from staff.roles import Role
from store import demo as demo_store
from store import staff as staff_store

NAME = "demo"
LINK_LASTS = timedelta(hours=12)


async def prepare(session: AsyncSession, *, now: datetime) -> str | None:
    """Makes what is missing of the demonstration; the token of a one-time link to it, None where there are real accounts."""
    if await staff_store.real_account_exists(session):
        await remove(session)
        return None
    account = await staff_store.account_named(session, NAME)
    if account is None:
        account = await accounts.add(
            session,
            NAME,
            full_name="Samira (démo)",
            role=Role.SUPERVISOR,
            password=secrets.token_urlsafe(24),
            demo=True,
            now=now,
        )
    return accounts.new_link(session, account, lasts=LINK_LASTS, now=now)


async def remove(session: AsyncSession) -> None:
    """Deletes the account and the invented cases."""
    await demo_store.remove(session)
