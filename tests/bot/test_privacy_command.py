"""What people said goes when its time has passed, on their wish, and where they stayed anonymous; every byte is searched."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from actions.requests import changes
from actions.requests.life import Actor, RequestState, Who
from actions.turn import House
from bot.cli import app
from store import requests as requests_store
from store.tables import ConversationRow, InboxRow, OutboxRow, ServiceRequestRow
from tests.conftest import NOON, Person, Talk, payloads_of, text_of

SAMIRA = Actor(Who.STAFF, "samira")
REPORT = "nid de poule énorme chez Zoubida Benkirane, rue 14 à Sidi Othmane, 0661 23 45 67"
TRACES = (b"Zoubida", b"Benkirane", b"0661", b"45 67")


def bytes_on_disk(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


async def file_it(person: Person) -> str:
    await person.says("il y a un nid de poule énorme")
    await person.says(REPORT)
    await person.sends(choice="r:photo:no")
    filed = await person.sends(choice="r:send")
    return next(payload[2:] for payload in payloads_of(filed) if payload.startswith("s:"))


async def purge(at: str, *options: str) -> str:
    result = await asyncio.to_thread(CliRunner().invoke, app, ["privacy", "purge", "--at", at, *options])
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture
def same_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite+aiosqlite:///{tmp_path}/casa.sqlite3")
    monkeypatch.setenv("DATA_DIR", str(tmp_path))


@pytest.mark.usefixtures("same_database")
async def test_an_open_request_of_somebody_forgotten_keeps_the_street_but_no_name_or_phone(
    talk: Talk, tmp_path: Path
) -> None:
    async with talk() as person:
        await file_it(person)
        assert all(trace in bytes_on_disk(tmp_path) for trace in TRACES)
        await person.says("quelles données avez-vous sur moi ?")
        await person.sends(choice="forget:yes")
        async with person.database.transaction() as session:
            row = (await session.scalars(select(ServiceRequestRow))).one()
        assert (row.status, row.conversation_id, row.description) == ("received", None, "")
        assert "rue 14 à Sidi Othmane" in row.place_text
        assert [trace for trace in TRACES if trace in bytes_on_disk(tmp_path)] == []
        await purge("2026-11-25T12:00")
        async with person.database.transaction() as session:
            assert (await session.scalars(select(ConversationRow))).all() == []


async def test_an_anonymous_report_leaves_nothing_that_leads_to_the_person(talk: Talk) -> None:
    async with talk() as person:
        await person.says("des rats partout rue 8 à Sidi Moumen, anonyme")
        await person.sends(choice="r:photo:no")
        filed = text_of(await person.sends(choice="r:send"))
        assert "sans lien avec vous" in filed
        async with person.database.transaction() as session:
            row = (await session.scalars(select(ServiceRequestRow))).one()
            assert row.conversation_id is None
            assert list(await requests_store.followers_of(session, row.id)) == []
            assert {str(payload) for payload in (await session.scalars(select(InboxRow.payload))).all()} == {"{}"}
            replies = (await session.scalars(select(OutboxRow.parts))).all()
        assert [("rats" in str(parts)) for parts in replies] == [False]


@pytest.mark.usefixtures("same_database")
async def test_a_purge_follows_the_settings_and_a_dry_run_only_says_so(
    talk: Talk, house: House, tmp_path: Path
) -> None:
    async with talk() as person:
        number = await file_it(person)
        async with person.database.transaction() as session:
            row = await requests_store.request_by_number(session, number)
            assert row
            for state in (RequestState.FIXED, RequestState.CLOSED):
                await changes.change_state(session, house.desk, row, state, actor=SAMIRA, now=NOON)
        assert (await purge("2027-02-01T12:00", "--dry-run")).startswith("Would delete 0 message(s)")
        assert (await purge("2027-03-01T12:00", "--dry-run")).startswith("Would delete 4 message(s), 4 reply(ies)")
        assert b"Zoubida" in bytes_on_disk(tmp_path)
        assert (await purge("2027-03-01T12:00")).endswith("made 0 request(s) anonymous.\n")
        assert b"Zoubida" in bytes_on_disk(tmp_path)
        late = NOON + timedelta(days=366)
        assert f"made 1 request(s) anonymous: {number}" in await purge(late.isoformat())
        assert [trace for trace in TRACES if trace in bytes_on_disk(tmp_path)] == []
        async with person.database.transaction() as session:
            assert (await session.scalars(select(ConversationRow))).all() == []


async def test_fifty_requests_in_a_minute_are_limited_and_none_in_hand_is_lost(talk: Talk) -> None:
    async with talk() as person:
        for number in range(10, 60):
            await person.says(f"nid de poule énorme devant le numéro {number} rue {number} à Sidi Othmane")
            await person.sends(choice="r:photo:no")
            last = await person.sends(choice="r:send")
        assert "beaucoup de demandes" in text_of(last)
        async with person.database.transaction() as session:
            assert len((await session.scalars(select(ServiceRequestRow))).all()) == 10
        person.at = NOON + timedelta(minutes=11)
        assert "C'est enregistré" in text_of(await person.sends(choice="r:send"))


async def test_twelve_photos_at_once_are_taken_as_three(talk: Talk) -> None:
    async with talk() as person:
        await person.says("nid de poule énorme rue 14 à Sidi Othmane")
        replies = [text_of(await person.sends(photo=f"{number}.jpg")) for number in range(12)]
        assert "C'est bon ?" in replies[0]
        assert all("C'est bon ?" not in reply for reply in replies[1:])
        assert "3 photos suffisent" in replies[11]
        assert "y est déjà" in text_of(await person.sends(photo="1.jpg"))
