"""Storing what nobody has just asked for: a push becomes a reply in the outbox, once a conversation."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from actions.push import Push
from actions.state import State
from actions.texts import Texts
from nlu.understanding import Language
from store import outbox
from store.tables import ConversationRow


async def put(session: AsyncSession, texts: Texts, push: Push, *, now: datetime) -> bool:
    """Stores a push in the outbox, in the language of its conversation; false where it was said before or nobody is there."""
    conversation = await session.get(ConversationRow, push.conversation_id)
    if conversation is None or await outbox.was_pushed(session, conversation.id, push.key):
        return False
    language = State.from_dict(conversation.state or {}).language or Language.FRENCH
    outbox.put(session, conversation.id, None, texts.render(push.reply, language), now=now, push_key=push.key)
    return True
