"""An answer in the editor looks as each service shows it: signs, lengths, splits, buttons and direction."""

from datetime import UTC, datetime

import pytest

from actions.reply import Choice, Reply, Words
from actions.texts import Texts
from bot.channels.whatsapp.templates import name_of
from bot.previews import Previews
from nlu.understanding import Language
from staff.previews import Preview, Shown
from store import whatsapp as whatsapp_store
from store.database import Database

CHOICES = tuple(Choice(Words(label), f"i:faq/{label}") for label in ("Un parc", "Une fuite", "Le tramway"))


async def shown(
    database: Database, texts: Texts, text: str, *, language: Language = Language.FRENCH, choices: int = 0
) -> list[Preview]:
    async with database.transaction() as session:
        return list(await Previews(texts)(session, Reply((Words(text),), CHOICES[:choices]), language))


async def approve(database: Database, *names: str) -> None:
    async with database.transaction() as session:
        known = {name: whatsapp_store.KnownTemplate(f"HX-{name}", "ready") for name in names}
        await whatsapp_store.keep_templates(session, known, now=datetime.now(UTC))


async def test_signs_that_whatsapp_would_format_are_shown_as_they_arrive(database: Database, texts: Texts) -> None:
    telegram, whatsapp = await shown(database, texts, "*Ouvert* de 7 h à 21 h")
    assert telegram == Preview("Telegram", (Shown("*Ouvert* de 7 h à 21 h", 22, 4_096),))
    assert whatsapp == Preview("WhatsApp", (Shown("∗Ouvert∗ de 7 h à 21 h", 22, 1_600),))


async def test_a_long_text_is_split_where_the_service_splits_it(database: Database, texts: Texts) -> None:
    telegram, whatsapp = await shown(database, texts, "\n\n".join(["x" * 900] * 3))
    assert [len(preview.messages) for preview in (telegram, whatsapp)] == [1, 3]
    assert [message.length for message in whatsapp.messages] == [900, 900, 900]


async def test_neighbours_are_a_keyboard_there_and_numbers_here(database: Database, texts: Texts) -> None:
    telegram, whatsapp = await shown(database, texts, "Bonjour.", choices=3)
    assert [label for row in telegram.messages[0].rows for label in row] == ["Un parc", "Une fuite", "Le tramway"]
    assert whatsapp.messages[0].text.startswith("Bonjour.\n\n1. Un parc\n2. Une fuite\n3. Le tramway")


@pytest.mark.parametrize(("kind", "opens"), [("buttons", ""), ("list", "Choisir")])
async def test_with_templates_they_are_buttons_or_a_list(
    database: Database, texts: Texts, kind: str, opens: str
) -> None:
    await approve(database, name_of(kind, Language.FRENCH, 3))
    _, whatsapp = await shown(database, texts, "Bonjour.", choices=3)
    rows = (("Un parc",), ("Une fuite",), ("Le tramway",))
    assert whatsapp.messages == (Shown("Bonjour.", 8, 1_024, rows, opens),)


async def test_arabic_is_shown_with_the_marks_that_it_is_sent_with(database: Database, texts: Texts) -> None:
    for preview in await shown(database, texts, "عيط ل 37 37", language=Language.DARIJA):
        assert preview.messages[0].text == "\u200fعيط ل \u206637 37\u2069"
