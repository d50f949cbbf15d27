"""Words that people add to a filed request: where they are kept, who reads them, and when no more are taken."""

from pathlib import Path

import pytest
from sqlalchemy import select

from actions.phrases import read_phrases
from actions.requests.additions import LONGEST, MOST_NOTES
from actions.requests.words import ReportWords
from bot.settings import PROJECT
from store.tables import RequestEventRow
from tests.conftest import Person, Talk, payloads_of, text_of

WORDS = read_phrases(PROJECT / "data" / "city" / "report_words.yml", ReportWords)


async def _filed(person: Person) -> str:
    await person.says("il y a un nid de poule énorme devant l'école Ibn Sina à Sbata")
    await person.sends(choice="r:photo:no")
    filed = await person.sends(choice="r:send")
    return next(payload[2:] for payload in payloads_of(filed) if payload.startswith("s:"))


async def _notes(person: Person) -> list[RequestEventRow]:
    async with person.database.transaction() as session:
        return list((await session.scalars(select(RequestEventRow).filter_by(kind="note"))).all())


async def test_a_note_is_kept_as_written_and_is_not_public(talk: Talk) -> None:
    async with talk() as person:
        number = await _filed(person)
        await person.sends(choice=f"ad:{number}")
        await person.says("  C'est juste devant le n° 12.  ")
        (note,) = await _notes(person)
        assert (note.note, note.actor, note.public) == ("C'est juste devant le n° 12.", "citizen", False)
        assert note.conversation_id is not None
        # Its own author is not told of it as news.
        assert "12" not in text_of(await person.sends(choice=f"s:{number}"))


async def test_a_note_goes_when_the_person_is_forgotten(talk: Talk) -> None:
    async with talk() as person:
        await _filed(person)
        await person.says("j'ai oublié de dire que ma tante Zineb habite au 12")
        await person.says("efface mes données")
        await person.sends(choice="forget")
        assert [note.note for note in await _notes(person)] == [None]


async def test_there_is_an_end_to_what_is_taken(talk: Talk) -> None:
    async with talk() as person:
        number = await _filed(person)
        for count in range(MOST_NOTES):
            assert number in text_of(await person.says(f"j'ai oublié de dire que le trou {count} " + "x" * 2_000))
        assert "déjà beaucoup" in text_of(await person.says("j'ai oublié de dire que c'est profond"))
        notes = await _notes(person)
        assert len(notes) == MOST_NOTES
        assert max(len(note.note or "") for note in notes) == LONGEST


async def test_nothing_is_added_to_what_is_closed_or_not_ones_own(talk: Talk) -> None:
    async with talk() as person:
        number = await _filed(person)
        async with talk(name="somebody-else") as stranger:
            assert "ne trouve pas" in text_of(await stranger.sends(choice=f"ad:{number}"))
        await person.sends(choice=f"w:{number}")
        await person.sends(choice=f"wy:{number}")
        assert "close" in text_of(await person.sends(choice=f"ad:{number}"))
        await person.says("j'ai oublié de dire que c'est profond")
        assert await _notes(person) == []


async def test_a_request_that_closes_while_words_are_awaited_takes_none(talk: Talk) -> None:
    async with talk() as person:
        number = await _filed(person)
        await person.sends(choice=f"ad:{number}")
        await person.sends(choice=f"wy:{number}")
        await person.says("c'est devant le numéro 12")
        assert await _notes(person) == []


def test_a_list_of_words_that_is_missing_is_named_with_its_file(tmp_path: Path) -> None:
    content = (PROJECT / "data" / "city" / "report_words.yml").read_text(encoding="utf-8")
    broken = tmp_path / "report_words.yml"
    broken.write_text(content.replace("\nagrees:", "\nyes:"), encoding="utf-8")
    with pytest.raises(ValueError, match=r"report_words\.yml: add the list agrees"):
        read_phrases(broken, ReportWords)


def test_the_words_behind_a_phrase_are_as_they_were_typed() -> None:
    assert WORDS.forgot_to_say.behind("Ah, J'ai OUBLIÉ de dire : Mme Ben Ali, au 12 !") == "Mme Ben Ali, au 12"
    assert WORDS.forgot_to_say.behind("نسيت نقول ليكم بلي قدام الحمام") == "ليكم بلي قدام الحمام"
    assert WORDS.say_links.not_first("ليكم بلي قدام الحمام") == "قدام الحمام"
    assert WORDS.forgot_to_say.behind("j'ai oublié mon badge") is None
    assert WORDS.say_links.not_first("que") == ""
