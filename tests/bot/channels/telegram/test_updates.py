"""What each kind of update says; aiogram's types read the same updates, so that they are Telegram's and not ours."""

import io
from typing import Any

import pytest
from aiogram.types import Update as SecondReading
from PIL import ExifTags, Image

from actions.turn import Incoming
from bot.channels.telegram import keyboard
from bot.channels.telegram.channel import Telegram
from bot.channels.telegram.updates import address_of, moved_address
from nlu.understanding import Language
from tests.bot.fake_telegram import BOT_ID, BOT_NAME, FakeTelegram
from tests.bot.fake_telegram import updates as made
from tests.bot.pictures import voice_note

SAMIRA, GROUP = 42, -100_500


async def said(telegram: FakeTelegram, channel: Telegram) -> Incoming | None:
    """What the newest update says, which must also be one for a second library."""
    raw = telegram.pending[-1]
    SecondReading.model_validate(raw, strict=False)
    return await channel.parse(raw)


def without_language(incoming: Incoming | None) -> dict[str, Any]:
    assert incoming is not None
    return {name: value for name, value in incoming.as_dict().items() if value is not None and name != "language"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("prix du tram", {"text": "prix du tram"}),
        ("/aide", {"choice": "i:help"}),
        ("/HELP", {"choice": "i:help"}),
        ("/langue", {"choice": "i:change_language"}),
        ("/signaler lampadaire éteint", {"text": "lampadaire éteint"}),
        ("/suivi", {"choice": "i:request/list"}),
        ("/tram sbata", {"text": "tram sbata"}),
        ("/start", {"choice": "i:greet"}),
        ("/start porte-12", {"choice": "start:porte-12"}),
        ("/start pas un paramètre", {"choice": "i:greet"}),
        (f"/aide@{BOT_NAME}", {"choice": "i:help"}),
        ("nul\x00 octet", {"text": "nul octet"}),
    ],
)
async def test_texts_and_commands(
    telegram: FakeTelegram, channel: Telegram, text: str, expected: dict[str, Any]
) -> None:
    await telegram.says(SAMIRA, text)
    assert without_language(await said(telegram, channel)) == expected


@pytest.mark.parametrize(
    ("code", "language"),
    [("fr", Language.FRENCH), ("ar", Language.DARIJA), ("en-GB", Language.ENGLISH), ("es", None), (None, None)],
)
async def test_the_phones_language_is_told(
    telegram: FakeTelegram, channel: Telegram, code: str | None, language: Language | None
) -> None:
    await telegram.says(SAMIRA, "/start", language=code)
    incoming = await said(telegram, channel)
    assert incoming is not None
    assert incoming.language is language


async def test_locations_and_venues_are_places(telegram: FakeTelegram, channel: Telegram) -> None:
    place = {"latitude": 33.59, "longitude": -7.61}
    await telegram.posts(SAMIRA, location=place)
    assert without_language(await said(telegram, channel)) == {"location": [33.59, -7.61]}
    await telegram.posts(SAMIRA, location=place, venue={"location": place, "title": "Marché", "address": "Casablanca"})
    assert without_language(await said(telegram, channel)) == {"location": [33.59, -7.61]}


async def test_a_location_that_moves_is_taken_once(telegram: FakeTelegram, channel: Telegram) -> None:
    place = {"latitude": 33.59, "longitude": -7.61, "live_period": 900}
    await telegram.posts(SAMIRA, kind="edited_message", location=place, edit_date=2_000_000_000)
    assert await said(telegram, channel) is None


@pytest.mark.parametrize(("seconds", "counts"), [(1, True), (300, True), (301, False)])
async def test_an_edited_text_counts_for_five_minutes(
    telegram: FakeTelegram, channel: Telegram, seconds: int, counts: bool
) -> None:
    date = 1_790_000_000
    await telegram.posts(SAMIRA, kind="edited_message", text="prix du tram", date=date, edit_date=date + seconds)
    incoming = await said(telegram, channel)
    assert (incoming is not None) is counts


async def test_a_photo_is_kept_without_its_metadata_and_with_its_words(
    telegram: FakeTelegram, channel: Telegram
) -> None:
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    picture = io.BytesIO()
    Image.new("RGB", (900, 600), "green").save(picture, "JPEG", exif=exif)
    await telegram.sends_photo(SAMIRA, picture.getvalue(), caption="un trou")
    incoming = await said(telegram, channel)
    assert incoming is not None
    assert incoming.photo is not None
    path = channel.attachments.path(incoming.photo)
    assert path is not None
    assert (incoming.text, b"SecretCamera" in path.read_bytes()) == ("un trou", False)


async def test_the_place_of_a_picture_sent_as_a_file_is_told(telegram: FakeTelegram, channel: Telegram) -> None:
    exif = Image.Exif()
    place = exif.get_ifd(ExifTags.IFD.GPSInfo)
    place[ExifTags.GPS.GPSLatitudeRef], place[ExifTags.GPS.GPSLatitude] = "N", (33.0, 30.0, 36.0)
    place[ExifTags.GPS.GPSLongitudeRef], place[ExifTags.GPS.GPSLongitude] = "W", (7.0, 36.0, 0.0)
    picture = io.BytesIO()
    Image.new("RGB", (90, 60)).save(picture, "JPEG", exif=exif)
    await telegram.sends_file(SAMIRA, "document", picture.getvalue(), mime_type="image/jpeg")
    incoming = await said(telegram, channel)
    assert incoming is not None
    assert incoming.photo_location == pytest.approx((33.51, -7.6))


async def test_a_file_over_the_limit_is_refused_kindly(telegram: FakeTelegram, channel: Telegram) -> None:
    await telegram.sends_file(SAMIRA, "document", b"x" * (10 * 1024 * 1024 + 1), mime_type="image/png")
    assert without_language(await said(telegram, channel)) == {"other": "too_large"}
    await telegram.sends_file(SAMIRA, "voice", b"x" * 20_000_001, mime_type="audio/ogg")
    assert without_language(await said(telegram, channel)) == {"other": "too_large"}


async def test_a_voice_note_is_kept(telegram: FakeTelegram, channel: Telegram) -> None:
    await telegram.sends_file(SAMIRA, "voice", voice_note(), mime_type="audio/ogg")
    incoming = await said(telegram, channel)
    assert incoming is not None
    assert incoming.voice is not None
    path = channel.attachments.path(incoming.voice)
    assert path is not None
    assert path.read_bytes() == voice_note()


async def test_what_is_no_recording_is_answered_as_a_voice_note_and_not_kept(
    telegram: FakeTelegram, channel: Telegram
) -> None:
    await telegram.sends_file(SAMIRA, "voice", b"anything", mime_type="audio/ogg")
    assert without_language(await said(telegram, channel)) == {"other": "voice"}
    assert channel.attachments.used() == 0


async def test_a_tap_says_its_payload(telegram: FakeTelegram, channel: Telegram) -> None:
    await telegram.taps(SAMIRA, "r:send")
    assert without_language(await said(telegram, channel)) == {"choice": "r:send"}


async def test_a_tap_on_a_long_payload_says_the_buttons_words(telegram: FakeTelegram, channel: Telegram) -> None:
    long = "expo:" + "م" * 50
    call = {
        "method": "sendMessage",
        "text": "?",
        "buttons": {"inline": keyboard.inline([{"label": "المعرض", "payload": long}])},
    }
    sent = await channel.send(str(SAMIRA), call)
    await telegram.taps(SAMIRA, keyboard.data_of(long), message_id=int(sent or 0))
    assert without_language(await said(telegram, channel)) == {"text": "المعرض"}
    await telegram.taps(SAMIRA, keyboard.data_of(long))
    assert without_language(await said(telegram, channel)) == {"choice": "stale"}


async def test_service_messages_and_bots_need_no_answer(telegram: FakeTelegram, channel: Telegram) -> None:
    await telegram.posts(GROUP, sender=SAMIRA, new_chat_members=[made.user(7)])
    assert await said(telegram, channel) is None
    await telegram.posts(GROUP, sender=SAMIRA, migrate_to_chat_id=-100_600)
    assert await said(telegram, channel) is None
    await telegram.posts(GROUP, text="salut", **{"from": made.bot()})
    assert await said(telegram, channel) is None


async def test_being_brought_into_a_group_is_greeted(telegram: FakeTelegram, channel: Telegram) -> None:
    member = {"user": made.bot()}
    change = {"chat": made.chat(GROUP), "from": made.user(SAMIRA), "date": 1_790_000_000}
    joined = change | {"old_chat_member": member | {"status": "left"}, "new_chat_member": member | {"status": "member"}}
    await telegram.update({"my_chat_member": joined})
    assert without_language(await said(telegram, channel)) == {"choice": "i:greet"}


async def test_the_name_is_left_out_of_what_is_said_in_a_group(telegram: FakeTelegram, channel: Telegram) -> None:
    await telegram.says(GROUP, f"@{BOT_NAME.lower()}, prix du tram", sender=SAMIRA)
    assert without_language(await said(telegram, channel)) == {"text": "prix du tram"}


@pytest.mark.parametrize(
    "raw", [{"update_id": 1}, {"update_id": 1, "message": {"chat": {"id": 5}}}, {"update_id": 1, "poll": {}}]
)
async def test_what_is_no_update_is_an_error(channel: Telegram, raw: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="update"):
        await channel.parse(raw)


def test_a_conversation_is_a_private_chat_or_a_person_in_a_group() -> None:
    private = {"update_id": 1, "message": made.message(SAMIRA, 1, text="x")}
    group = {"update_id": 2, "callback_query": made.tap(GROUP, "q", "d", sender=SAMIRA)}
    assert (address_of(private), address_of(group), address_of({"update_id": 3})) == ("42", "-100500:42", "")
    assert (moved_address("-5:42", "-1009"), moved_address("-5", "-1009")) == ("-1009:42", "-1009")
    assert BOT_ID != SAMIRA
