"""What was said in a conversation, by the person and to them, in one order."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from store.tables import InboxRow, OutboxRow

Row = TypeVar("Row", InboxRow, OutboxRow)

LONGEST = 500
LAST_CURSOR = 2**63 - 1
"""No cursor can be greater."""


@dataclass(frozen=True, slots=True)
class History:
    """A stretch of a conversation, the oldest first. `earlier`: there is more before it."""

    said: Sequence[InboxRow | OutboxRow]
    earlier: bool

    @property
    def replies(self) -> list[OutboxRow]:
        """Without what the person said."""
        return [row for row in self.said if isinstance(row, OutboxRow)]


async def newest(
    session: AsyncSession, conversation_id: int, *, after: int = 0, before: int | None = None, most: int = LONGEST
) -> History:
    """The last `most` messages and replies between two cursors: of a long conversation its end matters."""
    received = await _last(session, InboxRow, conversation_id, after=after, before=before, most=most + 1)
    replies = await _last(session, OutboxRow, conversation_id, after=after, before=before, most=most + 1)
    said: list[InboxRow | OutboxRow] = [*received, *replies]
    said.sort(key=lambda row: row.cursor)
    return History(said[-most:], earlier=len(said) > most)


async def _last(
    session: AsyncSession, table: type[Row], conversation_id: int, *, after: int, before: int | None, most: int
) -> Sequence[Row]:
    query = select(table).where(table.conversation_id == conversation_id, table.cursor > after)
    if before is not None:
        query = query.where(table.cursor < before)
    return (await session.scalars(query.order_by(table.cursor.desc()).limit(most))).all()


async def last_reply(session: AsyncSession, conversation_id: int) -> int:
    """The cursor of the last reply; 0 where there is none."""
    query = select(func.max(OutboxRow.cursor)).where(OutboxRow.conversation_id == conversation_id)
    return int(await session.scalar(query) or 0)
