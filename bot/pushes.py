"""Storing what nobody has just asked for: a push becomes a reply in the outbox, once a conversation."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from actions.push import Push
from actions.state import State
from actions.texts import Texts
from nlu.understanding import Language
from store import outbox
from store.conversations import locked
from store.tables import ConversationRow

MAX_OFFERED = 10
_FORGOTTEN = timedelta(minutes=30)
"""Who has said nothing for so long will answer the push, not a question from before it."""


async def put_all(session: AsyncSession, texts: Texts, pushes: Iterable[Push], *, now: datetime) -> list[Push]:
    """Stores pushes; those that were. Transactions that write to the same people lock them in the same order."""
    in_order = sorted(pushes, key=lambda push: push.conversation_id)
    return [push for push in in_order if await put(session, texts, push, now=now)]


async def put(session: AsyncSession, texts: Texts, push: Push, *, now: datetime) -> bool:
    """Stores a push in the outbox, in the language of its conversation; false where it was said before or nobody is there."""
    conversation = await _addressed(session, push)
    if conversation is None or await outbox.was_pushed(session, conversation.id, push.key):
        return False
    state = State.from_dict(conversation.state or {})
    if state.no_pushes:
        return False
    parts = texts.render(push.reply, state.language or Language.FRENCH)
    outbox.put(session, conversation, None, parts, now=now, push_key=push.key)
    forgotten = now - conversation.updated_at > _FORGOTTEN
    if push.awaiting and state.form is None and (state.awaiting is None or forgotten):
        # Never in the middle of something else, where a yes or a "1" means that.
        conversation.state = {**conversation.state, "awaiting": push.awaiting, "offered": offered(parts)}
    return True


async def _addressed(session: AsyncSession, push: Push) -> ConversationRow | None:
    """Locked where the push changes what a yes or a "1" means: a turn that ends meanwhile would be undone."""
    if push.awaiting:
        return await locked(session, push.conversation_id)
    return await session.get(ConversationRow, push.conversation_id)


def offered(parts: list[dict[str, Any]]) -> list[list[str]]:
    """Labels and payloads of the choices under a reply, so that a typed "2" can count as a tap."""
    for part in parts:
        if part["type"] == "choices":
            return [[choice["label"], choice["payload"]] for choice in part["choices"][:MAX_OFFERED]]
    return []
