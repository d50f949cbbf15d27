"""Queries on the outbox: replies are stored in the transaction of the turn that made them, and sent in their order."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, Row, and_, bindparam, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from store.conversations import CHANGE, CONVERSATIONS
from store.database import may_have_changed
from store.inbox import next_cursor
from store.processes import Holder, may_take
from store.tables import ConversationRow, DeliveryRow, OutboxRow, UtcDateTime, plain

FETCHED_CHANNELS = ("phone", "terminal", "demo")
"""They fetch their replies themselves; nothing is sent. Invented conversations of the demonstration are among them."""

_OUTBOX, _DELIVERIES = plain(OutboxRow), plain(DeliveryRow)
_REPLY = _OUTBOX.c["id", "push_key", "parts", "outgoing", "position", "attempts", "created_at"]
_DUE = (
    select(
        *_REPLY,
        _OUTBOX.c.conversation_id,
        *CONVERSATIONS.c["channel", "address", "blocked", "send_pace"],
        CONVERSATIONS.c.state.label("conversation_state"),
    )
    .join_from(CONVERSATIONS, _OUTBOX)
    .where(
        _OUTBOX.c.state == "new",
        CONVERSATIONS.c.channel.in_(bindparam("channels", expanding=True)),
        may_take(CONVERSATIONS.c.send_holder),
        or_(CONVERSATIONS.c.send_after.is_(None), CONVERSATIONS.c.send_after <= bindparam("now", type_=UtcDateTime)),
    )
    .order_by(_OUTBOX.c.id)
    .limit(1)
    .with_for_update(of=CONVERSATIONS, key_share=True, skip_locked=True)
)
_OLDEST_OF = (
    select(*_REPLY)
    .where(_OUTBOX.c.conversation_id == bindparam("conversation"), _OUTBOX.c.state == "new")
    .order_by(_OUTBOX.c.id)
    .limit(1)
)
_CHANGE_MINE = CHANGE.where(CONVERSATIONS.c.send_holder == bindparam("mine"))
_CHANGE_REPLY = update(_OUTBOX).where(_OUTBOX.c.id == bindparam("reply"))
_DELIVERIES_OF = select(_DELIVERIES).where(
    or_(
        _DELIVERIES.c.outbox_id == bindparam("reply"),
        # NULL is equal to nothing: without a number of the provider these are the reply's own.
        and_(_DELIVERIES.c.channel == bindparam("channel_name"), _DELIVERIES.c.provider_id == bindparam("number")),
    )
)
_CHANGE_DELIVERY = update(_DELIVERIES).where(_DELIVERIES.c.id == bindparam("delivery"))
_ADD_DELIVERY = insert(_DELIVERIES)


def put(
    session: AsyncSession,
    conversation: ConversationRow,
    inbox_id: int | None,
    parts: list[dict[str, Any]],
    *,
    now: datetime,
    push_key: str | None = None,
) -> None:
    """Adds a reply to be delivered; `push_key` for one that nobody has just asked for."""
    session.add(
        OutboxRow(
            conversation_id=conversation.id,
            inbox_id=inbox_id,
            push_key=push_key,
            parts=parts,
            state="kept" if conversation.channel in FETCHED_CHANNELS else "new",
            cursor=next_cursor(),
            created_at=now,
        )
    )


@dataclass(frozen=True, slots=True)
class Claim:
    """A reply that this process alone sends now; `outgoing` is None until it was rendered."""

    outbox_id: int
    conversation_id: int
    channel: str
    address: str
    language: str | None
    occasion: str | None
    """The push key of what nobody has just asked for."""
    parts: list[dict[str, Any]]
    outgoing: list[dict[str, Any]] | None
    position: int
    attempts: int
    created_at: datetime
    pace: datetime | None


async def claim_next(session: AsyncSession, holder: Holder, *, channels: Collection[str]) -> Claim | None:
    """Takes the oldest reply among the conversations to which nobody sends and which are due; None when there is none.

    Replies to somebody who cannot be reached are put aside. What the session changed before must be flushed.
    """
    while (found := (await session.execute(_DUE, holder.asks | {"channels": sorted(channels)})).first()) is not None:
        if found.blocked:
            await put_aside(session, found.conversation_id)
            continue
        row: Any = found
        if may_have_changed(session):
            row = (await session.execute(_OLDEST_OF, {"conversation": found.conversation_id})).first()
        if row is not None:
            await session.execute(CHANGE, {"conversation": found.conversation_id, "send_holder": holder.id})
            return Claim(
                outbox_id=row.id,
                conversation_id=found.conversation_id,
                channel=found.channel,
                address=found.address,
                language=(found.conversation_state or {}).get("language"),
                occasion=row.push_key,
                parts=row.parts,
                outgoing=row.outgoing,
                position=row.position,
                attempts=row.attempts,
                created_at=row.created_at,
                pace=found.send_pace,
            )
    return None


async def advance(
    session: AsyncSession,
    claim: Claim,
    *,
    outgoing: list[dict[str, Any]],
    provider_id: str | None,
    state: str,
    now: datetime,
) -> None:
    """Stores what became of the message at the claim's position (`accepted`, `uncertain`) and goes on to the next one."""
    known = await _deliveries(session, claim, provider_id)
    change: dict[str, Any] = {"outgoing": outgoing, "position": claim.position + 1, "attempts": 0, "reason": None}
    if claim.position + 1 >= len(outgoing):
        others = (delivery for delivery in known if delivery.position != claim.position)
        doubtful = state == "uncertain" or any(delivery.state == "uncertain" for delivery in others)
        change["state"] = "uncertain" if doubtful else "sent"
    stored = await session.execute(_CHANGE_REPLY, {"reply": claim.outbox_id, **change})
    if cast("CursorResult[Any]", stored).rowcount:  # None where the person asked to be forgotten meanwhile.
        await _note_delivery(session, claim, known, provider_id=provider_id, state=state, now=now)


async def _deliveries(session: AsyncSession, claim: Claim, provider_id: str | None) -> Sequence[Row[Any]]:
    """Those of the reply, and the one that the provider has reported before its answer to the call."""
    reported = {"channel_name": claim.channel, "number": provider_id}
    return (await session.execute(_DELIVERIES_OF, {"reply": claim.outbox_id, **reported})).all()


async def _note_delivery(
    session: AsyncSession,
    claim: Claim,
    known: Sequence[Row[Any]],
    *,
    provider_id: str | None,
    state: str,
    now: datetime,
) -> None:
    here = (claim.outbox_id, claim.position)
    delivery = next((row for row in known if (row.outbox_id, row.position) == here), None)
    reported = next((row for row in known if provider_id is not None and row.provider_id == provider_id), None)
    place = {"outbox_id": claim.outbox_id, "position": claim.position}
    if reported is not None and reported is not delivery:
        if delivery is not None:
            await session.execute(delete(_DELIVERIES).where(_DELIVERIES.c.id == delivery.id))
        await session.execute(_CHANGE_DELIVERY, {"delivery": reported.id, **place})
        return
    outcome = {"provider_id": provider_id, "state": state, "updated_at": now}
    if delivery is None:
        await session.execute(_ADD_DELIVERY, {"channel": claim.channel, **place, **outcome})
    else:
        await session.execute(_CHANGE_DELIVERY, {"delivery": delivery.id, **outcome})


async def settle_doubt(session: AsyncSession, claim: Claim, *, provider_id: str | None, now: datetime) -> None:
    """Stores that a message that was uncertain did arrive."""
    known = await _deliveries(session, claim, provider_id)
    await _note_delivery(session, claim, known, provider_id=provider_id, state="accepted", now=now)
    doubtful = await session.scalar(
        select(func.count()).select_from(DeliveryRow).filter_by(outbox_id=claim.outbox_id, state="uncertain")
    )
    row = await session.get(OutboxRow, claim.outbox_id)
    if row is not None and row.state == "uncertain" and not doubtful:
        row.state = "sent"


async def stumble(
    session: AsyncSession, claim: Claim, *, outgoing: list[dict[str, Any]], state: str, reason: str
) -> None:
    """Stores that the message at the claim's position was certainly not delivered: `new` to try again, `waiting` or `failed`."""
    row = await session.get(OutboxRow, claim.outbox_id)
    if row is None:
        return
    doubtful = select(DeliveryRow).filter_by(outbox_id=row.id, position=claim.position)
    for delivery in (await session.scalars(doubtful)).all():
        await session.delete(delivery)
    row.outgoing, row.position, row.attempts, row.reason = outgoing, claim.position, claim.attempts + 1, reason[:200]
    row.state = state


async def release(
    session: AsyncSession, claim: Claim, holder: str, *, after: datetime | None, pace: datetime | None
) -> None:
    """Lets others send to the conversation from `after` on."""
    mine = {"conversation": claim.conversation_id, "mine": holder}
    await session.execute(_CHANGE_MINE, mine | {"send_holder": None, "send_after": after, "send_pace": pace})


async def put_aside(session: AsyncSession, conversation_id: int) -> None:
    """Gives up what waits for somebody who cannot be reached; from now on nothing is sent until they write."""
    await session.execute(update(ConversationRow).filter_by(id=conversation_id).values(blocked=True))
    await session.execute(
        update(OutboxRow).filter_by(conversation_id=conversation_id, state="new").values(state="blocked")
    )


async def resume(
    session: AsyncSession, conversations: Collection[int], *, kinds: Mapping[str, datetime], since: datetime
) -> None:
    """These people wrote again, so what waited for that is sent, unless it is too old.

    `kinds` gives by the first word of a push key from when on such a push is still worth saying; `since` is for all others.
    """
    waiting = select(OutboxRow).where(OutboxRow.conversation_id.in_(conversations), OutboxRow.state == "waiting")
    for row in (await session.scalars(waiting)).all():
        oldest = kinds.get((row.push_key or "").partition(":")[0], since)
        row.state, row.reason = (
            ("new", None) if row.created_at >= oldest else ("dropped", "too old once it could be sent")
        )


async def take_up(session: AsyncSession, outbox_id: int, position: int) -> None:
    """A message that the provider had accepted was not delivered after all: the reply goes on from there."""
    row = await session.get(OutboxRow, outbox_id)
    if row is not None:
        row.position = min(position, row.position) if row.state in ("new", "waiting") else position
        row.state, row.reason, row.attempts = "new", None, 0


async def move(session: AsyncSession, claim: Claim, address: str, *, now: datetime) -> None:
    """The chat has a new address; if it is known already, what waits goes there."""
    there = (await session.scalars(select(ConversationRow).filter_by(channel=claim.channel, address=address))).first()
    if there is None:
        await session.execute(update(ConversationRow).filter_by(id=claim.conversation_id).values(address=address))
        return
    waiting = update(OutboxRow).filter_by(conversation_id=claim.conversation_id, state="new")
    await session.execute(waiting.values(conversation_id=there.id, push_key=None))


async def was_pushed(session: AsyncSession, conversation_id: int, push_key: str) -> bool:
    """Whether this conversation was told of this occasion before."""
    query = select(OutboxRow.id).filter_by(conversation_id=conversation_id, push_key=push_key)
    return (await session.scalars(query)).first() is not None


async def delivery_states(session: AsyncSession, conversation_id: int) -> dict[int, str]:
    """What the provider says of replies of this conversation: by the reply's id the state of its last message."""
    query = (
        select(DeliveryRow.outbox_id, DeliveryRow.state)
        .join(OutboxRow, OutboxRow.id == DeliveryRow.outbox_id)
        .where(OutboxRow.conversation_id == conversation_id)
        .order_by(DeliveryRow.position)
    )
    return {outbox_id: state for outbox_id, state in (await session.execute(query)).all() if outbox_id is not None}
