"""Conversations from end to end: the whole service, the real `Bot`, a local Telegram."""

import asyncio
import contextlib
import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from PIL import ExifTags, Image
from pydantic import SecretStr

from bot.settings import Settings
from bot.web import create_app
from tests.bot.fake_telegram import BOT_NAME, TOKEN, FakeTelegram
from tests.bot.pictures import forty_megapixels, pdf, small_photo
from tests.listening import listener

SAMIRA, GROUP, YOUSSEF = 42, -100_500, 43


@contextlib.asynccontextmanager
async def service(telegram: FakeTelegram, folder: Path, model: Path, **more: Any) -> AsyncIterator[None]:
    settings = Settings(
        _env_file=None,
        database_url=f"sqlite+aiosqlite:///{folder}/casa.sqlite3",
        data_dir=folder / "var",
        telegram_token=SecretStr(TOKEN),
        telegram_api_url=telegram.url,
        **more,
    )
    app = create_app(settings, model=model)
    async with app.router.lifespan_context(app):
        yield


@pytest.fixture
async def polled(telegram: FakeTelegram, tmp_path: Path, model: Path) -> AsyncIterator[FakeTelegram]:
    """The service, which asks for updates."""
    async with service(telegram, tmp_path, model):
        yield telegram
    assert telegram.violations == []


def buttons(entry: dict[str, Any]) -> list[str]:
    markup = entry["reply_markup"]
    rows = markup.get("inline_keyboard") or markup["keyboard"]
    return [button["text"] for row in rows for button in row]


def jpeg(*, lat: float | None = None, lon: float = 0.0) -> bytes:
    exif = Image.Exif()
    if lat is not None:
        place = exif.get_ifd(ExifTags.IFD.GPSInfo)
        place[ExifTags.GPS.GPSLatitudeRef], place[ExifTags.GPS.GPSLatitude] = "N", (lat, 0.0, 0.0)
        place[ExifTags.GPS.GPSLongitudeRef], place[ExifTags.GPS.GPSLongitude] = "W", (-lon, 0.0, 0.0)
    out = io.BytesIO()
    Image.new("RGB", (640, 480), "#806030").save(out, "JPEG", exif=exif)
    return out.getvalue()


async def test_a_request_is_filed_with_photo_buttons_and_location(polled: FakeTelegram) -> None:
    await polled.sends_photo(SAMIRA, jpeg(), caption="lampadaire éteint depuis une semaine")
    sent = await polled.wait_for(1)
    assert sent[0]["reply_markup"]["keyboard"][0] == [{"text": "📍 Envoyer ma position", "request_location": True}]
    await polled.posts(SAMIRA, location={"latitude": 33.5905, "longitude": -7.6187})
    sent = await polled.wait_for(2)
    send = next(
        button["callback_data"]
        for row in sent[1]["reply_markup"]["inline_keyboard"]
        for button in row
        if button["callback_data"] == "r:send"
    )
    await polled.taps(SAMIRA, send, message_id=sent[1]["message_id"])
    sent = await polled.wait_for(3)
    assert "<code>" in sent[2]["text"]
    assert "1 photo" in sent[1]["shown"]
    assert polled.answered == ["q0"]


async def test_the_place_in_a_pictures_file_is_used_only_after_a_yes(polled: FakeTelegram) -> None:
    await polled.sends_file(
        SAMIRA, "document", jpeg(lat=33.59, lon=-7.6), mime_type="image/jpeg", caption="poubelles qui débordent"
    )
    sent = await polled.wait_for(1)
    assert "Lieu de la photo" in buttons(sent[0])
    await polled.says(SAMIRA, "Lieu de la photo")
    sent = await polled.wait_for(2)
    assert buttons(sent[1]) == ["Oui, envoyer", "Corriger", "Annuler"]


async def test_start_speaks_the_language_of_the_phone(polled: FakeTelegram) -> None:
    await polled.says(SAMIRA, "/start", language="ar")
    sent = await polled.wait_for(1)
    assert sent[0]["shown"].startswith("\u200f")
    await polled.says(YOUSSEF, "/start porte-12", language="en")
    sent = await polled.wait_for(2)
    assert "Salam Casa" in sent[1]["shown"]


async def test_darija_gets_darija_and_commands_do_what_they_say(polled: FakeTelegram) -> None:
    await polled.says(SAMIRA, "بغيت نجدد لاكارط ناسيونال")
    await polled.wait_for(1)
    await polled.says(SAMIRA, "/langue")
    sent = await polled.wait_for(2)
    assert [word.strip("\u200f\u2066\u2069") for word in buttons(sent[1])] == [
        "Français",
        "الدارجة",
        "Darija",
        "English",
    ]
    await polled.says(SAMIRA, "/aide")
    sent = await polled.wait_for(3)
    assert all(entry["chat_id"] == str(SAMIRA) for entry in sent)


async def test_in_a_group_only_what_is_addressed_is_answered(polled: FakeTelegram) -> None:
    await polled.says(GROUP, "bonjour tout le monde", sender=SAMIRA)
    await polled.says(GROUP, f"@{BOT_NAME} prix du tram ?", sender=SAMIRA, message_id=900)
    sent = await polled.wait_for(1)
    assert '"message_id": 900' in str(sent[0]["reply_parameters"]).replace("'", '"')
    await polled.says(GROUP, "et les horaires ?", sender=SAMIRA, reply_to_message=polled.bot_message())
    sent = await polled.wait_for(2)
    await polled.says(GROUP, "/aide@AutreBot", sender=YOUSSEF)
    await polled.says(GROUP, f"/aide@{BOT_NAME}", sender=YOUSSEF)
    sent = await polled.wait_for(3)
    await asyncio.sleep(0.2)
    assert [entry["chat_id"] for entry in sent] == [str(GROUP)] * 3


async def test_every_kind_of_message_gets_an_answer(polled: FakeTelegram) -> None:
    contact = {"phone_number": "+212600000000", "first_name": "Samira"}
    sticker = {"file_id": "s", "file_unique_id": "s", "type": "regular", "width": 1, "height": 1}
    await polled.posts(SAMIRA, contact=contact)
    await polled.posts(SAMIRA, sticker=sticker | {"is_animated": False, "is_video": False})
    await polled.sends_file(SAMIRA, "voice", b"OggS...", mime_type="audio/ogg")
    await polled.sends_file(SAMIRA, "video", b"....")
    await polled.sends_file(SAMIRA, "document", b"%PDF-1.4", mime_type="application/pdf")
    await polled.sends_file(SAMIRA, "document", b"no picture", mime_type="image/heic")
    sent = await polled.wait_for(6, seconds=40)
    texts = [entry["shown"] for entry in sent]
    assert "vocaux" in texts[2]
    assert "JPEG" in texts[5]
    assert all(entry["reply_markup"]["inline_keyboard"] for entry in sent)


async def test_a_blocked_chat_gets_nothing_until_the_person_writes_again(polled: FakeTelegram) -> None:
    polled.blocked.add(SAMIRA)
    await polled.says(SAMIRA, "bonjour")
    await polled.says(YOUSSEF, "bonjour")
    await polled.wait_for(1)
    polled.blocked.clear()
    await polled.says(SAMIRA, "merci")
    sent = await polled.wait_for(2)
    assert sent[-1]["chat_id"] == str(SAMIRA)


async def test_a_group_that_moved_is_answered_at_its_new_address(polled: FakeTelegram) -> None:
    polled.moved[GROUP] = -100_777
    await polled.says(GROUP, f"/aide@{BOT_NAME}", sender=SAMIRA)
    sent = await polled.wait_for(1)
    assert sent[0]["chat_id"] == "-100777"


async def test_one_unreadable_update_does_not_hold_up_the_others(polled: FakeTelegram) -> None:
    await polled.update({"message": {"message_id": "x", "chat": {"id": YOUSSEF, "type": "private"}, "date": "never"}})
    await polled.update({"something_new": {}})
    await polled.says(SAMIRA, "bonjour")
    sent = await polled.wait_for(1)
    assert sent[0]["chat_id"] == str(SAMIRA)


async def test_old_buttons_get_the_menu(polled: FakeTelegram) -> None:
    await polled.taps(SAMIRA, "r:send")
    await polled.taps(SAMIRA, "#0123456789")
    sent = await polled.wait_for(2)
    assert all(buttons(entry) for entry in sent)


async def test_too_many_and_errors_are_waited_out(telegram: FakeTelegram, tmp_path: Path, model: Path) -> None:
    telegram.faults.too_many, telegram.faults.server_error = 0.25, 0.25
    async with service(telegram, tmp_path, model):
        for _ in range(3):
            await telegram.says(SAMIRA, "bonjour")
        await telegram.wait_for(3, seconds=60)
    assert [entry["chat_id"] for entry in telegram.sent] == [str(SAMIRA)] * 3


async def test_by_webhook_a_duplicate_is_answered_once(telegram: FakeTelegram, tmp_path: Path, model: Path) -> None:
    settings = Settings(
        _env_file=None,
        database_url=f"sqlite+aiosqlite:///{tmp_path}/casa.sqlite3",
        data_dir=tmp_path / "var",
        telegram_token=SecretStr(TOKEN),
        telegram_api_url=telegram.url,
    )
    with listener() as listening:
        settings.public_url = f"http://127.0.0.1:{listening.getsockname()[1]}/"
        app = create_app(settings, model=model)
        config = uvicorn.Config(app, log_config=None, timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        telegram.faults.duplicate_webhook = 1.0
        async with asyncio.timeout(30):
            while not telegram.webhook:
                await asyncio.sleep(0.05)
        await telegram.says(SAMIRA, "bonjour")
        await telegram.says(SAMIRA, "merci")
        await telegram.wait_for(2)
        await asyncio.sleep(0.3)
        server.should_exit = True
        await serving
    assert len(telegram.sent) == 2
    assert set(telegram.webhook_answers) == {200}
    assert telegram.pending == []


async def test_an_album_gets_one_reply(polled: FakeTelegram) -> None:
    for number in range(12):
        words = {"caption": "les poubelles débordent rue 12 à Sbata"} if number == 0 else {}
        await polled.sends_photo(SAMIRA, small_photo(number * 20), media_group_id="album-1", **words)
    (reply,) = await polled.wait_for(1)
    assert "3 photos" in reply["shown"]
    assert "rue 12 à Sbata" in reply["shown"]
    await polled.says(SAMIRA, "oui")
    assert "C'est enregistré" in (await polled.wait_for(2))[1]["shown"]
    for number in range(2):
        await polled.sends_photo(SAMIRA, small_photo(100 + number), media_group_id="album-2")
    sent = await polled.wait_for(3)
    await polled.says(SAMIRA, "merci")
    sent = await polled.wait_for(4)
    assert len(sent) == 4  # The second album got one reply, too.


async def test_a_huge_photo_and_a_document_with_words_under_it(polled: FakeTelegram) -> None:
    await polled.sends_photo(SAMIRA, forty_megapixels(), caption="nid de poule devant l'école Ibn Sina à Sbata")
    assert "1 photo" in (await polled.wait_for(1))[0]["shown"]
    await polled.sends_file(
        YOUSSEF, "document", pdf(), mime_type="application/pdf", caption="fuite d'eau rue 4 à Sbata"
    )
    asked = (await polled.wait_for(2))[1]["shown"]
    assert asked.startswith("Je n'ouvre pas ce type de fichier")
    assert "Une photo aide" in asked
    await polled.sends_file(YOUSSEF, "document", pdf(), mime_type="image/jpeg")
    assert "n'est pas une photo" in (await polled.wait_for(3))[2]["shown"]
    await polled.says(YOUSSEF, "sans photo")
    assert "rue 4 à Sbata" in (await polled.wait_for(4))[3]["shown"]
