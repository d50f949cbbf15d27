"""Queries on the inbox: every message is accepted once and handled once, those of a conversation in their order."""

import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any

from sqlalchemy import Row, bindparam, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from store.conversations import CHANGE, CONVERSATIONS, conversations_of
from store.database import may_have_changed
from store.insert import insert_new
from store.processes import Holder, may_take
from store.tables import ConversationRow, InboxRow, UtcDateTime, plain

MAX_ATTEMPTS = 3
ALBUM_SETTLES = timedelta(seconds=1.5)
"""After its last photo an album is complete: services hand over photos that were sent together one by one."""
_LONGEST_ALBUM = 30

_INBOX = plain(InboxRow)
_WAITING = (
    select(
        *_INBOX.c["id", "conversation_id", "channel", "payload", "attempts"],
        CONVERSATIONS.c.address,
    )
    .join_from(CONVERSATIONS, _INBOX)
    .where(
        _INBOX.c.state == "new",
        may_take(CONVERSATIONS.c.turn_holder),
        or_(CONVERSATIONS.c.turn_after.is_(None), CONVERSATIONS.c.turn_after <= bindparam("now", type_=UtcDateTime)),
    )
    .order_by(_INBOX.c.id)
    .limit(1)
    .with_for_update(of=CONVERSATIONS, key_share=True, skip_locked=True)
)
_IN_CHANNELS = CONVERSATIONS.c.channel.in_(bindparam("channels", expanding=True))
_NEW_OF = (
    select(*_INBOX.c["id", "payload", "attempts"])
    .where(_INBOX.c.conversation_id == bindparam("conversation"), _INBOX.c.state == "new")
    .order_by(_INBOX.c.id)
    .limit(_LONGEST_ALBUM)
)
_CLAIMED = (
    select(InboxRow, ConversationRow)
    .join(ConversationRow)
    .where(InboxRow.id == bindparam("message"))
    .with_for_update(of=ConversationRow, key_share=True)
    .execution_options(populate_existing=True)
)


def next_cursor() -> int:
    """A number that grows with time: messages and replies of a conversation are read in its order."""
    return time.time_ns() // 1_000


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message that came in."""

    channel: str
    address: str
    message_id: str
    payload: dict[str, Any]
    album: str | None = None
    """What photos that were sent together have in common: they wait for one another and are answered once."""


async def accept(
    session: AsyncSession, channel: str, address: str, message_id: str, payload: dict[str, Any], *, now: datetime
) -> bool:
    """Stores a message; false when this message of the channel was stored before."""
    accepted = await accept_all(session, [Arrival(channel, address, message_id, payload)], now=now)
    return accepted[0] is not None


async def accept_all(session: AsyncSession, arrivals: Sequence[Arrival], *, now: datetime) -> list[int | None]:
    """Stores messages in their order, by as few statements as one takes; whoever wrote can be reached again.

    The conversation of each; None for a message that was stored before.
    """
    people = await conversations_of(session, {(arrival.channel, arrival.address) for arrival in arrivals}, now=now)
    back = [person.id for person in people.values() if person.blocked]
    if back:
        await session.execute(update(ConversationRow).where(ConversationRow.id.in_(back)).values(blocked=False))
    first = next_cursor()
    rows = [
        {
            "channel": arrival.channel,
            "message_id": arrival.message_id,
            "conversation_id": people[arrival.channel, arrival.address].id,
            "payload": {**arrival.payload, "album": arrival.album} if arrival.album else arrival.payload,
            "state": "new",
            "attempts": 0,
            "cursor": first + number,
            "received_at": now,
        }
        for number, arrival in enumerate(arrivals)
    ]
    stored = await insert_new(session, InboxRow, rows, returning=(InboxRow.channel, InboxRow.message_id))
    new = {(str(row.channel), str(row.message_id)) for row in stored}
    await _let_albums_settle(session, {people[a.channel, a.address].id for a in arrivals if a.album}, now=now)
    accepted: list[int | None] = []
    for arrival in arrivals:
        key = (arrival.channel, arrival.message_id)
        accepted.append(people[arrival.channel, arrival.address].id if key in new else None)
        new.discard(key)  # The same message twice in one go: the second is a repetition.
    return accepted


async def _let_albums_settle(session: AsyncSession, conversations: Collection[int], *, now: datetime) -> None:
    """No turn before the rest of an album can have come; a message that waits longer, after a failure, goes on waiting."""
    if conversations:
        turn_after = ConversationRow.turn_after
        sooner = (ConversationRow.id.in_(conversations), or_(turn_after.is_(None), turn_after < now + ALBUM_SETTLES))
        await session.execute(update(ConversationRow).where(*sooner).values(turn_after=now + ALBUM_SETTLES))


@dataclass(frozen=True, slots=True)
class Claim:
    """A message that this process alone handles now."""

    message_id: int
    conversation_id: int
    channel: str
    address: str
    payload: dict[str, Any]
    together: tuple[tuple[int, dict[str, Any]], ...] = ()
    """Id and payload of the further photos of its album: one turn handles them all."""

    @property
    def person(self) -> str:
        return f"{self.channel}:{self.address}"


async def claim_next(session: AsyncSession, holder: Holder, *, channels: Collection[str] | None = None) -> Claim | None:
    """Takes the oldest waiting message among the conversations that nobody handles; None when there is none.

    `channels`: only these. What the session changed before must be flushed.
    """
    waiting = _WAITING if channels is None else _WAITING.where(_IN_CHANNELS)
    among = {} if channels is None else {"channels": sorted(channels)}
    while (found := (await session.execute(waiting, holder.asks | among)).first()) is not None:
        messages: Sequence[Any] = [found]
        if may_have_changed(session) or found.payload.get("album"):
            messages = (await session.execute(_NEW_OF, {"conversation": found.conversation_id})).all()
        if messages:
            await session.execute(CHANGE, {"conversation": found.conversation_id, "turn_holder": holder.id})
            first, *others = messages
            together = tuple((row.id, row.payload) for row in _rest_of_album(first, others))
            return Claim(first.id, found.conversation_id, found.channel, found.address, first.payload, together)
    return None


def _rest_of_album(first: Row[Any], others: Sequence[Row[Any]]) -> Iterator[Row[Any]]:
    """After a failure each photo is tried alone: one that cannot be had does not cost the others."""
    album = None if first.attempts else first.payload.get("album")
    return takewhile(lambda row: album is not None and row.payload.get("album") == album, others)


async def claimed(session: AsyncSession, claim: Claim, holder: str) -> tuple[InboxRow, ConversationRow] | None:
    """The rows of a claim, locked until the transaction ends; None when another process took it over meanwhile."""
    # Where we waited for the lock, the holder is read anew under it; the message is nobody's but the holder's.
    found = (await session.execute(_CLAIMED, {"message": claim.message_id})).first()
    if found is None:
        return None
    message, conversation = found
    return (message, conversation) if conversation.turn_holder == holder and message.state == "new" else None


async def album_of(session: AsyncSession, claim: Claim) -> Sequence[InboxRow]:
    """The rows of the further photos of a claim."""
    if not claim.together:
        return ()
    ids = [message_id for message_id, _ in claim.together]
    return (await session.scalars(select(InboxRow).where(InboxRow.id.in_(ids)).order_by(InboxRow.id))).all()


async def wrote_since(session: AsyncSession, conversation_id: int, moment: datetime) -> bool:
    """Whether the person wrote at or after `moment`."""
    query = select(InboxRow.id).where(InboxRow.conversation_id == conversation_id, InboxRow.received_at >= moment)
    return (await session.scalars(query.limit(1))).first() is not None


async def has_voice(session: AsyncSession, conversation_id: int, reference: str) -> bool:
    """Whether the person sent this voice note."""
    said = InboxRow.payload["voice"].as_string() == reference
    query = select(InboxRow.id).where(InboxRow.conversation_id == conversation_id, said)
    return (await session.scalars(query.limit(1))).first() is not None


async def is_waiting(session: AsyncSession, conversation_id: int) -> bool:
    """Whether a message of this conversation has not been handled yet."""
    query = select(InboxRow.id).filter_by(conversation_id=conversation_id, state="new").limit(1)
    return (await session.scalars(query)).first() is not None
