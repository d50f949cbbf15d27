"""What was said, in one order: of a long conversation its end, and the way back to its beginning."""

from datetime import UTC, datetime, timedelta

from store import history
from store.conversations import conversation_of
from store.database import Database
from store.tables import InboxRow, OutboxRow

AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


async def _spoken(database: Database, count: int) -> int:
    """A conversation in which each message, of an odd cursor, got a reply of the next even one."""
    async with database.transaction() as session:
        conversation = await conversation_of(session, "phone", "somebody", now=AT)
        for number in range(1, count + 1):
            at, parts = AT + timedelta(minutes=number), [{"type": "text", "text": f"reply {number}"}]
            message = InboxRow(
                channel="phone",
                message_id=f"m{number}",
                conversation_id=conversation.id,
                payload={"text": f"message {number}"},
                state="done",
                cursor=2 * number - 1,
                received_at=at,
            )
            reply = OutboxRow(
                conversation_id=conversation.id, parts=parts, state="kept", cursor=2 * number, created_at=at
            )
            session.add_all([message, reply])
        return conversation.id


async def test_the_end_of_a_long_conversation_is_what_is_read(database: Database) -> None:
    number = await _spoken(database, 10)
    async with database.reading() as session:
        end = await history.newest(session, number, most=5)
        last = await history.last_reply(session, number)
    assert [row.cursor for row in end.said] == [16, 17, 18, 19, 20]
    assert [row.parts[0]["text"] for row in end.replies] == ["reply 8", "reply 9", "reply 10"]
    assert (end.earlier, last) == (True, 20)


async def test_page_by_page_to_the_beginning(database: Database) -> None:
    number = await _spoken(database, 4)
    pages, before = [], None
    async with database.reading() as session:
        while True:
            page = await history.newest(session, number, before=before, most=3)
            pages.append([row.cursor for row in page.said])
            if not page.earlier:
                break
            before = page.said[0].cursor
    assert pages == [[6, 7, 8], [3, 4, 5], [1, 2]]


async def test_news_since_a_cursor(database: Database) -> None:
    number = await _spoken(database, 4)
    async with database.reading() as session:
        news = await history.newest(session, number, after=6)
        nothing = await history.newest(session, number, after=8)
        silent = await history.last_reply(session, number + 1)
    assert [row.cursor for row in news.said] == [7, 8]
    assert (list(nothing.said), nothing.earlier, silent) == ([], False, 0)
