"""Talking with a draft: a turn like any other, in a corner of a transaction that is rolled back."""

from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from actions.texts import Texts
from actions.turn import House, Incoming
from bot.conversation import Clock, Conversations
from store import history
from store.conversations import conversation_of
from store.inbox import next_cursor
from store.tables import InboxRow

CHANNEL = "trial"


class Trial:
    """Answers as the assistant would; nothing of it is stored, sent or counted."""

    def __init__(self, texts: Texts, clock: Clock) -> None:
        self._texts = texts
        self._clock = clock

    async def __call__(
        self, session: AsyncSession, house: House, state: dict[str, Any], incoming: Incoming
    ) -> tuple[list[dict[str, Any]], dict[str, Any]]:
        """The parts of the reply, and the state of the conversation after it."""
        now: datetime = self._clock()
        corner = await session.begin_nested()
        try:
            conversation = await conversation_of(session, CHANNEL, "somebody", now=now)
            conversation.state = state
            message = InboxRow(
                channel=CHANNEL,
                message_id="trial",
                conversation_id=conversation.id,
                payload=incoming.as_dict(),
                state="done",
                attempts=0,
                cursor=next_cursor(),
                received_at=now,
            )
            session.add(message)
            await session.flush()
            conversations = Conversations(house, self._texts)
            (meaning,) = conversations.understand([incoming])
            await conversations.handle(session, message, conversation, incoming, meaning=meaning, now=now)
            await session.flush()
            replies = (await history.newest(session, conversation.id)).replies
            return [part for row in replies for part in row.parts], dict(conversation.state)
        finally:
            await corner.rollback()
