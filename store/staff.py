"""Queries on the staff of the city: who may sign in, who is signed in, and what they did."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from store.tables import StaffAccountRow, StaffAuditRow, StaffLinkRow, StaffLoginRow, StaffSessionRow


async def account_named(session: AsyncSession, name: str) -> StaffAccountRow | None:
    return (await session.scalars(select(StaffAccountRow).filter_by(name=name))).one_or_none()


async def accounts(session: AsyncSession) -> Sequence[StaffAccountRow]:
    """All accounts, also disabled ones, by name."""
    return (await session.scalars(select(StaffAccountRow).order_by(StaffAccountRow.name))).all()


async def real_account_exists(session: AsyncSession) -> bool:
    """Whether the city has a desk of its own, so that there is no demonstration."""
    return (await session.scalars(select(StaffAccountRow.id).filter_by(demo=False).limit(1))).first() is not None


async def may_answer(session: AsyncSession, roles: Sequence[str], *, demo: bool) -> bool:
    """Whether somebody of these roles could take a conversation over; the demonstration's account only counts with `demo`."""
    query = select(StaffAccountRow.id).where(StaffAccountRow.disabled_at.is_(None), StaffAccountRow.role.in_(roles))
    if not demo:
        query = query.where(StaffAccountRow.demo.is_(False))
    return (await session.scalars(query.limit(1))).first() is not None


async def signed_in(
    session: AsyncSession, token_hash: str, *, seen_after: datetime, created_after: datetime
) -> tuple[StaffSessionRow, StaffAccountRow] | None:
    """The session behind a cookie and its account, unless it is too old or the account was disabled."""
    query = (
        select(StaffSessionRow, StaffAccountRow)
        .join(StaffAccountRow, StaffAccountRow.id == StaffSessionRow.account_id)
        .where(
            StaffSessionRow.token_hash == token_hash,
            StaffSessionRow.seen_at > seen_after,
            StaffSessionRow.created_at > created_after,
            StaffAccountRow.disabled_at.is_(None),
        )
    )
    found = (await session.execute(query)).one_or_none()
    return (found[0], found[1]) if found else None


async def end_session(session: AsyncSession, token_hash: str) -> None:
    await session.execute(delete(StaffSessionRow).filter_by(token_hash=token_hash))


async def end_sessions_of(session: AsyncSession, account_id: int, *, except_for: str = "") -> None:
    """Signs an account out everywhere, but for the session whose hash is given."""
    query = delete(StaffSessionRow).where(
        StaffSessionRow.account_id == account_id, StaffSessionRow.token_hash != except_for
    )
    await session.execute(query)


async def was_here(session: AsyncSession, token_hash: str, *, told: str | None, now: datetime) -> None:
    """Moves the end of an idle session on, and takes back what a page has `told`, unless there is something newer to tell."""
    mine = update(StaffSessionRow).where(StaffSessionRow.token_hash == token_hash)
    await session.execute(mine.values(seen_at=now))
    if told:
        await session.execute(mine.where(StaffSessionRow.said == told).values(said=None))


async def take_link(session: AsyncSession, token_hash: str, *, now: datetime) -> int | None:
    """Uses a one-time link up; the id of its account, None where it was used or is too old."""
    query = (
        delete(StaffLinkRow)
        .where(StaffLinkRow.token_hash == token_hash, StaffLinkRow.expires_at > now)
        .returning(StaffLinkRow.account_id)
    )
    return (await session.scalars(query)).one_or_none()


async def failed_logins(session: AsyncSession, *, name: str, address: str, since: datetime) -> tuple[int, int]:
    """How often sign-in failed lately: with this name, and from this address."""
    counted = []
    for condition in (StaffLoginRow.name == name, StaffLoginRow.address == address):
        query = select(func.count()).select_from(StaffLoginRow).where(condition, StaffLoginRow.at > since)
        counted.append(int(await session.scalar(query) or 0))
    return counted[0], counted[1]


async def forget_failed_logins(session: AsyncSession, *, name: str | None = None, before: datetime) -> None:
    """Drops failed logins of a name (after a good one), and for all names those that are too old to count."""
    await session.execute(delete(StaffLoginRow).where(StaffLoginRow.at < before))
    if name is not None:
        await session.execute(delete(StaffLoginRow).filter_by(name=name))


async def end_old_sessions(session: AsyncSession, *, created_before: datetime) -> None:
    await session.execute(delete(StaffSessionRow).where(StaffSessionRow.created_at < created_before))


def note(
    session: AsyncSession,
    *,
    who: str,
    action: str,
    subject: str = "",
    detail: dict[str, Any] | None = None,
    now: datetime,
) -> None:
    """Adds to the audit log."""
    session.add(StaffAuditRow(at=now, who=who, action=action, subject=subject[:200], detail=detail or {}))


async def audit(session: AsyncSession, *, before: int | None = None, limit: int = 100) -> Sequence[StaffAuditRow]:
    """The newest entries of the audit log, or those before an id."""
    query = select(StaffAuditRow).order_by(StaffAuditRow.id.desc()).limit(limit)
    return (await session.scalars(query.where(StaffAuditRow.id < before) if before else query)).all()


async def use_totp_step(session: AsyncSession, account_id: int, step: int) -> bool:
    """Marks a code's time step as used; false where it, or a later one, was used before."""
    query = (
        update(StaffAccountRow)
        .where(
            StaffAccountRow.id == account_id,
            (StaffAccountRow.totp_used.is_(None)) | (StaffAccountRow.totp_used < step),
        )
        .values(totp_used=step)
        .returning(StaffAccountRow.id)
    )
    return (await session.scalars(query)).one_or_none() is not None
