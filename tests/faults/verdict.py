"""What the database and the two providers say after a trial."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from store.database import Database
from store.tables import ConversationRow, DeliveryRow, InboxRow, OutboxRow, ProcessRow, ServiceRequestRow

DELIVERING = ("telegram", "whatsapp")


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message that a provider took, in the order it was taken."""

    channel: str
    provider_id: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """Figures of a trial."""

    messages: int
    unanswered: int
    """Messages without a reply that was sent (an uncertain one counts as sent)."""
    requests: int
    filed_twice: int
    chats_out_of_order: int
    sent: int
    lost: int
    """Messages that we believe sent and the provider never saw."""
    uncertain: int
    doubled: int
    """Messages that the provider took although they were sent again."""


async def judge(database: Database, arrivals: Sequence[Arrival]) -> Verdict:
    async with database.reading() as session:
        ours = select(ConversationRow.id).where(ConversationRow.channel.in_(DELIVERING))
        inbox = (await session.scalars(_of(InboxRow, ours).order_by(InboxRow.id))).all()
        outbox = (await session.scalars(_of(OutboxRow, ours).order_by(OutboxRow.id))).all()
        deliveries = (
            await session.scalars(select(DeliveryRow).order_by(DeliveryRow.outbox_id, DeliveryRow.position))
        ).all()
        requests = (await session.scalars(_of(ServiceRequestRow, ours))).all()
    filed = Counter(row.conversation_id for row in requests)
    answered = {row.inbox_id for row in outbox if row.state in ("sent", "uncertain")}
    chat_of = {row.id: row.conversation_id for row in outbox}
    noted: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for row in deliveries:
        if row.outbox_id is not None and row.provider_id is not None:
            noted[chat_of[row.outbox_id]].append((row.channel, row.provider_id))
    known = {one for ids in noted.values() for one in ids}
    arrived = {(arrival.channel, arrival.provider_id) for arrival in arrivals}
    uncertain = sum(row.state == "uncertain" for row in deliveries)
    return Verdict(
        messages=len(inbox),
        unanswered=sum(row.state != "done" or row.id not in answered for row in inbox),
        requests=sum(filed.values()),
        filed_twice=sum(count > 1 for count in filed.values()),
        chats_out_of_order=_out_of_order(noted, arrivals) + _handled_out_of_order(inbox, outbox),
        sent=len(arrivals),
        lost=len(known - arrived),
        uncertain=uncertain,
        doubled=len(arrived - known) - uncertain,
    )


def _of(table: Any, conversations: Any) -> Any:
    """The rows of these conversations; the service keeps a demonstration desk with talks of its own."""
    return select(table).where(table.conversation_id.in_(conversations))


def _out_of_order(noted: Mapping[int, list[tuple[str, str]]], arrivals: Sequence[Arrival]) -> int:
    """Chats in which the provider took our messages in another order than they were written."""
    position = {(arrival.channel, arrival.provider_id): number for number, arrival in enumerate(arrivals)}
    places = ([position[one] for one in ids if one in position] for ids in noted.values())
    return sum(place != sorted(place) for place in places)


def _handled_out_of_order(inbox: Sequence[InboxRow], outbox: Sequence[OutboxRow]) -> int:
    """Chats whose messages were accepted or answered in another order than they were written."""
    written: dict[int, list[int]] = defaultdict(list)
    accepted: dict[int, list[int]] = defaultdict(list)
    for row in inbox:
        digits = row.message_id.rpartition(":")[2]
        written[row.conversation_id].append(int(digits.removeprefix("SM"), 16 if digits.startswith("SM") else 10))
        accepted[row.conversation_id].append(row.id)
    answered: dict[int, list[int]] = defaultdict(list)
    for reply in outbox:
        if reply.inbox_id is not None:
            answered[reply.conversation_id].append(reply.inbox_id)
    return sum(ids != sorted(ids) or answered[chat] != accepted[chat] for chat, ids in written.items())


async def waiting(database: Database) -> int:
    """Messages and replies that are not done yet."""
    async with database.reading() as session:
        messages = select(func.count()).select_from(InboxRow).where(InboxRow.state == "new")
        replies = select(func.count()).select_from(OutboxRow).where(OutboxRow.state == "new")
        # Killed while it waits for a slow answer, a process leaves its name at a chat to which nothing is to be sent.
        alive = ConversationRow.send_holder.in_(select(ProcessRow.id))
        under_way = select(func.count()).select_from(ConversationRow).where(alive)
        return sum([int(await session.scalar(query) or 0) for query in (messages, replies, under_way)])


async def accepted(database: Database) -> int:
    async with database.reading() as session:
        query = select(func.count()).select_from(InboxRow).where(InboxRow.channel.in_(DELIVERING))
        return int(await session.scalar(query) or 0)
