"""Works through the inbox: each message is handled in one transaction; one that cannot be is parked with an apology."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

import structlog

from bot.attachments import Attachments
from bot.conversation import Clock, Conversations
from store import inbox, outbox
from store.database import Database
from store.tables import ConversationRow, InboxRow

log = structlog.get_logger()


def wall_clock() -> datetime:
    return datetime.now(UTC)


class Worker:
    """Handles messages one after another, in the order they were accepted, until it is stopped."""

    def __init__(
        self,
        database: Database,
        conversations: Conversations,
        attachments: Attachments,
        *,
        clock: Clock = wall_clock,
        on_reply: Callable[[int], None] = lambda conversation_id: None,
    ) -> None:
        self._database = database
        self._conversations = conversations
        self._attachments = attachments
        self._clock = clock
        self._on_reply = on_reply
        self._wake = asyncio.Event()
        self._stopping = False

    def stop(self) -> None:
        """Lets `run` end after the message it is handling: a turn is never cut in the middle."""
        self._stopping = True
        self._wake.set()

    def wake(self) -> None:
        """Tells that a message was stored."""
        self._wake.set()

    async def run(self) -> None:
        """Works until stopped."""
        while not self._stopping:
            self._wake.clear()
            while not self._stopping and await self.handle_next():
                pass
            if self._stopping:
                return
            try:
                await asyncio.wait_for(self._wake.wait(), timeout=1.0)
            except TimeoutError:
                continue

    async def handle_next(self) -> bool:
        """Handles the oldest waiting message; false when there is none."""
        async with self._database.transaction() as session:
            message = await inbox.next_unhandled(session)
            if message is None:
                return False
            message_id, conversation_id = message.id, message.conversation_id
        try:
            async with self._database.transaction() as session:
                message = await session.get_one(InboxRow, message_id)
                conversation = await session.get_one(ConversationRow, conversation_id)
                forgotten = await self._conversations.handle(session, message, conversation, now=self._clock())
            if forgotten is not None:
                self._attachments.delete(forgotten)
                await self._database.scrub()
        except Exception as error:
            # The text of an exception may quote the person, so only its kind is logged.
            log.error("turn failed", error=type(error).__name__, message=message_id)
            log.debug("turn failed", exc_info=error)
            await self._after_failure(message_id)
        self._on_reply(conversation_id)
        return True

    async def _after_failure(self, message_id: int) -> None:
        async with self._database.transaction() as session:
            message = await session.get_one(InboxRow, message_id)
            message.attempts += 1
            if message.attempts >= inbox.MAX_ATTEMPTS:
                message.state = "parked"
                conversation = await session.get_one(ConversationRow, message.conversation_id)
                parts = self._conversations.apology(conversation)
                outbox.put(session, conversation.id, message.id, parts, now=self._clock())
