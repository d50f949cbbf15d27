"""Filing and following service requests, beyond what the golden conversations show."""

import pytest
from sqlalchemy import select

from store.tables import InboxRow, ServiceRequestRow
from tests.conftest import Talk, payloads_of, text_of

SBATA = (33.5355, -7.5564)
RABAT = (34.02, -6.83)


async def test_nothing_is_stored_before_the_yes(talk: Talk) -> None:
    async with talk() as person:
        for text in ("il y a un nid de poule devant l'école Ibn Sina à Sbata", "non, sans photo"):
            await person.says(text)
        async with person.database.transaction() as session:
            assert (await session.scalars(select(ServiceRequestRow))).all() == []


async def test_what_is_stored_is_what_was_said(talk: Talk) -> None:
    async with talk() as person:
        await person.says("il y a un nid de poule énorme")
        await person.sends(location=SBATA)
        await person.sends(choice="r:photo:no")
        await person.says("oui")
        async with person.database.transaction() as session:
            row = (await session.scalars(select(ServiceRequestRow))).one()
        assert (row.category, row.description, row.arrondissement, row.status, row.language) == (
            "report/road",
            "il y a un nid de poule énorme",
            "sbata",
            "received",
            "fr",
        )
        assert (row.lat, row.lon) == SBATA


async def test_a_location_outside_is_refused_and_the_question_stays(talk: Talk) -> None:
    async with talk() as person:
        await person.says("il y a un nid de poule énorme")
        reply = await person.sends(location=RABAT)
        assert "16 arrondissements" in text_of(reply)
        reply = await person.sends(location=SBATA)
        assert "r:photo:no" in payloads_of(reply)


@pytest.mark.parametrize("steps", [0, 1, 2, 3])
async def test_cancel_works_at_every_step(talk: Talk, steps: int) -> None:
    async with talk() as person:
        await person.says("je veux signaler un problème")
        for text in ("une benne à ordures cassée", "rue Ibn Batouta à Sbata", "non")[:steps]:
            await person.says(text)
        assert "j'ai tout annulé" in text_of(await person.says("annule tout"))
        assert "Vous n'avez pas encore de demande" in text_of(await person.sends(choice="i:request/list"))


async def test_nobody_sees_a_request_by_its_number(talk: Talk) -> None:
    async with talk() as owner:
        await owner.says("il y a un nid de poule énorme devant l'école Ibn Sina à Sbata")
        await owner.sends(choice="r:photo:no")
        filed = await owner.sends(choice="r:send")
        number = next(payload[2:] for payload in payloads_of(filed) if payload.startswith("s:"))
        async with talk(name="somebody-else") as stranger:
            assert "ne trouve pas" in text_of(await stranger.sends(choice=f"s:{number}"))
            await stranger.sends(choice=f"w:{number}")
            await stranger.sends(choice=f"wy:{number}")
        assert "reçue" in text_of(await owner.sends(choice=f"s:{number}"))


async def test_a_tap_on_send_outside_the_summary_files_nothing(talk: Talk) -> None:
    async with talk() as person:
        await person.says("il y a un nid de poule")
        await person.sends(choice="r:send")
        async with person.database.transaction() as session:
            assert (await session.scalars(select(ServiceRequestRow))).all() == []


async def test_being_forgotten_leaves_no_trace_of_the_person(talk: Talk) -> None:
    async with talk() as person:
        await person.says("il y a un nid de poule énorme devant l'école Ibn Sina à Sbata")
        await person.sends(choice="r:photo:no")
        await person.sends(choice="r:send")
        held = await person.says("quelles données avez-vous sur moi ?")
        assert "forget:yes" in payloads_of(held)
        await person.sends(choice="forget:yes")
        async with person.database.transaction() as session:
            row = (await session.scalars(select(ServiceRequestRow))).one()
            assert (row.conversation_id, row.description, row.arrondissement) == (None, "", "sbata")
            assert (await session.scalars(select(InboxRow.payload))).all() == []
