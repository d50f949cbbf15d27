"""Pushes by the clock: once each, in the language of the conversation, and one broken chore holds up nobody."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from actions.push import Push
from actions.reply import say
from actions.texts import Texts
from actions.turn import House
from bot.chores import Chores
from store import history
from store.conversations import conversation_of
from store.database import Database
from tests.conftest import NOON, Talk


async def test_a_push_is_said_once_in_the_language_of_its_conversation(talk: Talk, texts: Texts, house: House) -> None:
    async with talk() as person:
        await person.says("واش كاين شي واحد")
        conversation_id, before = await _outbox_of(person.database)

        async def greets(session: AsyncSession, house: House, now: datetime) -> list[Push]:
            return [Push(conversation_id, "greeting", say("smalltalk.thanks"))]

        async def fails(session: AsyncSession, house: House, now: datetime) -> list[Push]:
            raise RuntimeError("broken")

        chores = Chores(person.database, house, texts, clock=lambda: NOON, chores=(fails, greets))
        assert [await chores.run_once(), await chores.run_once()] == [1, 0]
        _, after = await _outbox_of(person.database)
        said = after[len(before) :]
        assert [part["language"] for parts in said for part in parts] == ["ary"]


async def test_a_push_to_nobody_is_dropped(talk: Talk, texts: Texts, house: House) -> None:
    async def greets(session: AsyncSession, house: House, now: datetime) -> list[Push]:
        return [Push(4_711, "greeting", say("smalltalk.thanks"))]

    async with talk() as person:
        assert await Chores(person.database, house, texts, clock=lambda: NOON, chores=(greets,)).run_once() == 0


async def _outbox_of(database: Database) -> tuple[int, list[list[dict[str, object]]]]:
    async with database.transaction() as session:
        conversation = await conversation_of(session, "terminal", "person", now=NOON)
        rows = (await history.newest(session, conversation.id)).replies
        return conversation.id, [row.parts for row in rows]
