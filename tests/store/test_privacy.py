"""What is stored about a person, and its deletion, on both databases."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from store import inbox, privacy
from store.conversations import conversation_of
from store.database import Database
from store.tables import ConversationRow, InboxRow, OutboxRow, ServiceRequestRow

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=400)
SHARED, AMINA_S, YOUNES_S = "5ha2ed.jpg", "a314a.jpg", "70435.jpg"


async def sends_and_files(database: Database, person: str, number: str, *photos: str) -> int:
    """A person sends photos and files a request with them; the id of the conversation."""
    async with database.transaction() as session:
        conversation = await conversation_of(session, "phone", person, now=NOW)
        for photo in photos:
            await inbox.accept(session, "phone", person, f"{number}-{photo}", {"photo": photo}, now=NOW)
        for row in (await session.scalars(select(InboxRow).filter_by(conversation_id=conversation.id))).all():
            row.state = "done"
        session.add(OutboxRow(conversation_id=conversation.id, parts=[], state="sent", cursor=1, created_at=NOW))
        session.add(
            ServiceRequestRow(
                number=number,
                conversation_id=conversation.id,
                category="report/road",
                description="une 7ofra",
                place_text="rue 14",
                arrondissement=None,
                lat=None,
                lon=None,
                photos=list(photos),
                status="closed",
                status_since=NOW,
                language="fr",
                created_at=NOW,
                updated_at=NOW,
            )
        )
        return conversation.id


async def test_a_photo_that_somebody_else_sent_as_well_outlives_who_is_forgotten(database: Database) -> None:
    amina = await sends_and_files(database, "amina", "7K3-42R", SHARED, AMINA_S)
    younes = await sends_and_files(database, "younes", "7K3-43T", SHARED, YOUNES_S)
    async with database.transaction() as session:
        assert await privacy.forget_person(session, amina) == [AMINA_S]
    async with database.transaction() as session:
        assert await privacy.forget_person(session, younes) == sorted([SHARED, YOUNES_S])


async def test_a_photo_in_a_message_alone_is_needed_too(database: Database) -> None:
    amina = await sends_and_files(database, "amina", "7K3-42R", SHARED)
    async with database.transaction() as session:
        await inbox.accept(session, "phone", "younes", "m1", {"photo": SHARED}, now=NOW)
    async with database.transaction() as session:
        assert await privacy.forget_person(session, amina) == []


async def test_a_purge_deletes_what_is_old_and_the_files_that_nothing_needs(database: Database) -> None:
    await sends_and_files(database, "amina", "7K3-42R", SHARED, AMINA_S)
    async with database.transaction() as session:
        await inbox.accept(session, "phone", "younes", "m1", {"photo": SHARED}, now=LATER)
        ended = await privacy.requests_to_purge(session, ["closed"], LATER)
        purged = await privacy.purge(
            session, ended, messages_before=LATER - timedelta(days=90), forgotten_before=LATER - timedelta(days=1)
        )
    assert purged == privacy.Purged(messages=2, replies=1, requests=("7K3-42R",), conversations=1, files=(AMINA_S,))
    async with database.transaction() as session:
        row = (await session.scalars(select(ServiceRequestRow))).one()
        assert (row.conversation_id, row.description, row.photos) == (None, "", [])
        assert await session.scalar(select(func.count()).select_from(ConversationRow)) == 1
