"""Queries of the WhatsApp channel."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from store.conversations import conversation_of, known_conversation
from store.insert import insert_once
from store.tables import (
    ConversationRow,
    WhatsAppContactRow,
    WhatsAppMediaRow,
    WhatsAppReconciledRow,
    WhatsAppSeenRow,
    WhatsAppTemplateRow,
)

CHANNEL = "whatsapp"
USABLE = ("ready", "approved")
"""States of a template that may be sent."""


async def note_inbound(
    session: AsyncSession, address: str, *, reply_to: str, sid: str, written_at: datetime, now: datetime
) -> None:
    """Notes that the person at `address` wrote: the session is open, and this is where answers go.

    A person known by their phone number so far, whose messages now bear an id of their own, keeps their conversation.
    """
    if not await insert_once(session, WhatsAppSeenRow, sid=sid, at=now):
        return
    contact = await contact_of(session, address)
    if contact is None:
        contact = await _new_contact(session, address, reply_to=reply_to, now=now)
    contact.reply_to = reply_to
    contact.last_inbound_at = max(written_at, contact.last_inbound_at or written_at)
    contact.knocked_at = None


async def _new_contact(session: AsyncSession, address: str, *, reply_to: str, now: datetime) -> WhatsAppContactRow:
    phone = reply_to.partition(":")[2]
    if phone != address and await known_conversation(session, CHANNEL, address) is None:
        known = await known_conversation(session, CHANNEL, phone)
        if known is not None:
            known.address = address
            await session.flush()
    conversation = await conversation_of(session, CHANNEL, address, now=now)
    await insert_once(session, WhatsAppContactRow, conversation_id=conversation.id, reply_to=reply_to)
    return await session.get_one(WhatsAppContactRow, conversation.id)


async def contact_of(session: AsyncSession, address: str) -> WhatsAppContactRow | None:
    """How the person of a conversation is reached."""
    query = select(WhatsAppContactRow).join(ConversationRow).filter_by(channel=CHANNEL, address=address)
    return (await session.scalars(query)).one_or_none()


async def address_of(session: AsyncSession, reply_to: str) -> str | None:
    """The conversation of the person who wrote from `reply_to`, where there is one."""
    query = select(ConversationRow.address).join(WhatsAppContactRow).where(WhatsAppContactRow.reply_to == reply_to)
    return (await session.scalars(query.limit(1))).first()


async def unseen(session: AsyncSession, sids: Sequence[str]) -> set[str]:
    """Those of the messages that were never accepted."""
    seen = await session.scalars(select(WhatsAppSeenRow.sid).where(WhatsAppSeenRow.sid.in_(sids)))
    return set(sids) - set(seen)


async def reconciled_up_to(session: AsyncSession, sender: str) -> datetime | None:
    """Until when all messages to `sender` are here. Before the first round that is not known: since the first message
    that is remembered, some may be missing; None where there never was one."""
    row = await session.get(WhatsAppReconciledRow, sender)
    return row.up_to if row else await session.scalar(select(func.min(WhatsAppSeenRow.at)))


async def note_reconciled(session: AsyncSession, sender: str, up_to: datetime) -> None:
    if not await insert_once(session, WhatsAppReconciledRow, sender=sender, up_to=up_to):
        row = await session.get_one(WhatsAppReconciledRow, sender)
        row.up_to = up_to


async def copied_media(session: AsyncSession, url: str) -> WhatsAppMediaRow | None:
    return await session.get(WhatsAppMediaRow, url)


async def media_to_delete(session: AsyncSession) -> Sequence[str]:
    """URLs of media that are copied but still at Twilio."""
    query = select(WhatsAppMediaRow.url).where(WhatsAppMediaRow.deleted_at.is_(None))
    return (await session.scalars(query.order_by(WhatsAppMediaRow.copied_at).limit(100))).all()


async def forget_before(session: AsyncSession, moment: datetime) -> None:
    """Drops what was only needed to recognise a message that comes again."""
    await session.execute(delete(WhatsAppSeenRow).where(WhatsAppSeenRow.at < moment))
    old = (WhatsAppMediaRow.copied_at < moment, WhatsAppMediaRow.deleted_at.is_not(None))
    await session.execute(delete(WhatsAppMediaRow).where(*old))


@dataclass(frozen=True, slots=True)
class KnownTemplate:
    """A template at Twilio, as it was found last."""

    sid: str
    status: str


async def templates(session: AsyncSession) -> dict[str, KnownTemplate]:
    """All templates by name."""
    rows = await session.scalars(select(WhatsAppTemplateRow))
    return {row.name: KnownTemplate(row.sid, row.status) for row in rows}


async def keep_templates(session: AsyncSession, found: Mapping[str, KnownTemplate], *, now: datetime) -> None:
    """Makes the table hold just these."""
    await session.execute(delete(WhatsAppTemplateRow))
    session.add_all(
        WhatsAppTemplateRow(name=name, sid=template.sid, status=template.status, checked_at=now)
        for name, template in found.items()
    )
