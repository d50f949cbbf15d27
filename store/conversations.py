"""Queries on conversations."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from store.insert import insert_new, insert_once
from store.tables import ConversationRow, plain

CONVERSATIONS = plain(ConversationRow)
CHANGE = update(CONVERSATIONS).where(CONVERSATIONS.c.id == bindparam("conversation"))
"""Run with the number of the conversation as `conversation` and the columns to change."""


async def conversation_of(session: AsyncSession, channel: str, address: str, *, now: datetime) -> ConversationRow:
    """The conversation with this person, made when it is the first message."""
    query = select(ConversationRow).filter_by(channel=channel, address=address)
    row = (await session.scalars(query)).one_or_none()
    if row is None:
        values = {"channel": channel, "address": address, "state": {}, "blocked": False}
        await insert_once(session, ConversationRow, **values, created_at=now, updated_at=now)
        row = (await session.scalars(query)).one()
    return row


async def known_conversation(session: AsyncSession, channel: str, address: str) -> ConversationRow | None:
    """The conversation with this person, if there ever was one."""
    return (await session.scalars(select(ConversationRow).filter_by(channel=channel, address=address))).one_or_none()


async def locked(session: AsyncSession, conversation_id: int) -> ConversationRow | None:
    """The conversation as it is now, nobody else's to change until the transaction ends: its state is written as a whole."""
    await session.flush()  # What this transaction changed of it before is not to be read over.
    return await session.get(
        ConversationRow, conversation_id, with_for_update={"key_share": True}, populate_existing=True
    )


@dataclass(frozen=True, slots=True)
class Known:
    """A conversation without its state."""

    id: int
    blocked: bool


async def conversations_of(
    session: AsyncSession, people: Collection[tuple[str, str]], *, now: datetime
) -> dict[tuple[str, str], Known]:
    """The conversations with people, by channel and address; made for those who never wrote."""
    found = await _known(session, people)
    strangers = sorted(set(people) - set(found))
    if strangers:
        rows = [
            {
                "channel": channel,
                "address": address,
                "state": {},
                "blocked": False,
                "created_at": now,
                "updated_at": now,
            }
            for channel, address in strangers
        ]
        await insert_new(session, ConversationRow, rows, returning=(ConversationRow.id,))
        found |= await _known(session, strangers)
    return found


async def _known(session: AsyncSession, people: Collection[tuple[str, str]]) -> dict[tuple[str, str], Known]:
    row = ConversationRow
    query = select(row.channel, row.address, row.id, row.blocked).where(tuple_(row.channel, row.address).in_(people))
    return {
        (channel, address): Known(number, blocked) for channel, address, number, blocked in await session.execute(query)
    }
