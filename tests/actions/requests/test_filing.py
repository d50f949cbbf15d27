"""Filing and following service requests, beyond what the golden conversations show."""

from pathlib import Path

import pytest
from sqlalchemy import select

from actions.requests.numbers import with_check_letter
from store.tables import ServiceRequestRow
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
        assert "c'est annulé" in text_of(await person.says("annule tout"))
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


async def test_being_forgotten_leaves_no_trace_of_the_person(talk: Talk, tmp_path: Path) -> None:
    """A request under way keeps its place, which is the city's; the person's words go from every byte on disk."""
    async with talk() as person:
        await person.says("il y a un nid de poule énorme devant l'école Ibn Sina à Sbata, ma voisine Aïcha est tombée")
        await person.sends(choice="r:photo:no")
        await person.sends(choice="r:send")
        held = await person.says("quelles données avez-vous sur moi ?")
        assert "forget:yes" in payloads_of(held)
        assert "Aïcha".encode() in _bytes_on_disk(tmp_path)
        await person.sends(choice="forget:yes")
        async with person.database.transaction() as session:
            row = (await session.scalars(select(ServiceRequestRow))).one()
        assert (row.conversation_id, row.description, row.arrondissement) == (None, "", "sbata")
        assert "Aïcha".encode() not in _bytes_on_disk(tmp_path)
        assert b"A\\u00efcha" not in _bytes_on_disk(tmp_path)


def _bytes_on_disk(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


async def test_every_photo_of_a_form_is_kept_up_to_the_limit(talk: Talk) -> None:
    async with talk() as person:
        await person.says("il y a un nid de poule énorme devant l'école Ibn Sina à Sbata")
        replies = [text_of(await person.sends(photo=f"{number}.jpg")) for number in range(4)]
        assert "3 photos" in replies[2]
        assert "3 photos suffisent" in replies[3]


async def test_words_of_darija_are_no_request_numbers(talk: Talk) -> None:
    async with talk() as person:
        reply = await person.says("fin weslat chikaya dyali 3la zbel li dert lbare7")
        assert "i:report/other" in payloads_of(reply)


async def test_a_bare_number_gives_its_state(talk: Talk) -> None:
    async with talk() as person:
        await person.says("il y a un nid de poule énorme devant l'école Ibn Sina à Sbata")
        await person.sends(choice="r:photo:no")
        filed = await person.sends(choice="r:send")
        number = next(payload[2:] for payload in payloads_of(filed) if payload.startswith("s:"))
        assert "reçue" in text_of(await person.says(number.lower()))
        assert "n'est pas correct" in text_of(await person.says(f"où en est ma demande {number[:-1]}1"))


@pytest.mark.parametrize("number", ["MFF-5ND", "DCE-4FE", "72T-DGH", "3NG-34T", "36C-DBC"])
async def test_a_number_that_sounds_like_an_emergency_is_a_number(talk: Talk, number: str) -> None:
    async with talk() as person:
        assert number in text_of(await person.says(number.lower()))


async def test_a_number_with_a_single_letter_is_read(talk: Talk) -> None:
    """One in some two hundred: five digits and the check letter."""
    number = with_check_letter("23456")
    async with talk() as person:
        assert number in text_of(await person.says(number.lower()))


async def test_no_photo_is_no_part_of_the_report(talk: Talk) -> None:
    async with talk() as person:
        await person.says("kayna 7ofra kbira 9dam madrassa f Sbata")
        assert "ma 3ndich" not in text_of(await person.says("ma 3ndich tswira"))


async def test_a_street_named_after_a_city_is_in_casablanca(talk: Talk) -> None:
    async with talk() as person:
        await person.says("il y a un nid de poule énorme")
        assert "n'est pas dans Casablanca" in text_of(await person.says("à Marrakech, avenue Mohammed VI"))
        assert "arrondissement" in text_of(await person.says("rue de Marrakech, près du four"))
