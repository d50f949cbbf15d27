"""Deleting what the demonstration desk made: it all hangs on accounts that are marked so, and on the channel "demo"."""

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from store.tables import StaffAccountRow, StaffLinkRow, StaffSessionRow

CHANNEL = "demo"
"""The channel of invented conversations; nothing is ever sent there."""


TRIED_BY_ANYBODY = ("phone", CHANNEL)
"""Channels whose conversations the demonstration's account may see and answer: no messaging service is among them."""


async def remove(session: AsyncSession) -> None:
    demo_accounts = select(StaffAccountRow.id).filter_by(demo=True).scalar_subquery()
    for table in (StaffSessionRow, StaffLinkRow):
        await session.execute(delete(table).where(table.account_id.in_(demo_accounts)))
    await session.execute(delete(StaffAccountRow).filter_by(demo=True))
