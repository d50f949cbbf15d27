"""What the real `Bot` sends, and what each failure means."""

import asyncio
import io

import pytest
from PIL import Image

from bot.channels.channel import Failure, Outgoing, SendFailed
from bot.channels.telegram.api import opened_bot
from bot.channels.telegram.channel import Telegram
from bot.channels.telegram.updates import Reader
from tests.bot.fake_telegram import TOKEN, FakeTelegram, Faults
from tests.bot.fake_telegram.methods import Refusal
from tests.bot.fake_telegram.updates import message
from tests.listening import free_port

HELLO: Outgoing = {"method": "sendMessage", "text": "Bonjour <vous> & merci", "buttons": None}


async def failure(channel: Telegram, address: str = "42") -> tuple[Failure, float | None, str | None]:
    with pytest.raises(SendFailed) as caught:
        await channel.send(address, HELLO)
    assert TOKEN not in str(caught.value)
    assert "Bonjour" not in str(caught.value)
    return caught.value.failure, caught.value.wait, caught.value.address


async def test_a_text_arrives_as_it_was_written(telegram: FakeTelegram, channel: Telegram) -> None:
    assert await channel.send("42", HELLO) == "1"
    assert [(entry["chat_id"], entry["shown"]) for entry in telegram.sent] == [("42", "Bonjour <vous> & merci")]
    assert telegram.sent[0]["reply_markup"] == {"remove_keyboard": True}
    assert telegram.violations == []


async def test_markup_that_telegram_cannot_read_goes_as_plain_text(telegram: FakeTelegram, channel: Telegram) -> None:
    telegram.refuse_next = [Refusal(400, "Bad Request: can't parse entities: whatever")]
    await channel.send("42", HELLO)
    assert [(entry.get("parse_mode"), entry["text"]) for entry in telegram.sent] == [(None, "Bonjour <vous> & merci")]


async def test_pictures_and_files_are_sent_from_the_shelf(telegram: FakeTelegram, channel: Telegram) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (300, 200)).save(picture, "PNG")
    map_ = channel.attachments.store_generated(picture.getvalue(), "png")
    dates = channel.attachments.store_generated(b"BEGIN:VCALENDAR", "ics")
    await channel.send("42", {"method": "sendPhoto", "photo": map_, "caption": "Plan"})
    await channel.send("42", {"method": "sendDocument", "document": dates, "filename": "agenda.ics"})
    assert [(entry["method"], entry["shown"]) for entry in telegram.sent] == [
        ("sendPhoto", "Plan"),
        ("sendDocument", ""),
    ]
    assert (telegram.sent[0]["photo"], telegram.sent[1]["document"]) == (picture.getvalue(), b"BEGIN:VCALENDAR")
    assert telegram.sent[1]["filename"] == "agenda.ics"


async def test_a_picture_that_is_no_photo_for_telegram_goes_as_a_file(
    telegram: FakeTelegram, channel: Telegram
) -> None:
    strip = io.BytesIO()
    Image.new("RGB", (2_500, 50)).save(strip, "PNG")
    reference = channel.attachments.store_generated(strip.getvalue(), "png")
    await channel.send("42", {"method": "sendPhoto", "photo": reference, "caption": "Ligne T1"})
    assert [(entry["method"], entry["shown"]) for entry in telegram.sent] == [("sendDocument", "Ligne T1")]


async def test_a_picture_that_is_gone_is_told_in_words(telegram: FakeTelegram, channel: Telegram) -> None:
    await channel.send("42", {"method": "sendPhoto", "photo": "gone.png", "caption": "Plan du trajet"})
    assert telegram.sent[0]["shown"] == "Plan du trajet"


async def test_groups_are_not_asked_for_their_location(telegram: FakeTelegram, channel: Telegram) -> None:
    inline = {"inline_keyboard": [[{"text": "Annuler", "callback_data": "r:cancel"}]]}
    asking = {"keyboard": [[{"text": "Position", "request_location": True}]], "one_time_keyboard": True}
    call = {"method": "sendMessage", "text": "Où ?", "buttons": {"inline": inline, "private": asking}}
    await channel.send("-100:42", call)
    await channel.send("42", call)
    assert [entry["reply_markup"] for entry in telegram.sent] == [inline, asking]


@pytest.mark.parametrize(
    ("refusal", "expected"),
    [
        (Refusal(429, "Too Many Requests: retry after 7", retry_after=7), (Failure.RETRY, 7.0, None)),
        (Refusal(403, "Forbidden: bot was blocked by the user"), (Failure.UNREACHABLE, None, None)),
        (Refusal(403, "Forbidden: user is deactivated"), (Failure.UNREACHABLE, None, None)),
        (Refusal(400, "Bad Request: chat not found"), (Failure.UNREACHABLE, None, None)),
        (Refusal(400, "Bad Request: message is too long"), (Failure.REFUSED, None, None)),
        (Refusal(400, "Bad Request: upgraded", migrate_to_chat_id=-100_9), (Failure.MOVED, None, "-1009:42")),
        (Refusal(401, "Unauthorized"), (Failure.RETRY, 60.0, None)),
        (Refusal(413, "Request Entity Too Large"), (Failure.REFUSED, None, None)),
        (Refusal(500, "Internal Server Error"), (Failure.RETRY, None, None)),
        (Refusal(502, "Bad Gateway"), (Failure.RETRY, None, None)),
        (Refusal(504, "Gateway Timeout"), (Failure.UNCERTAIN, None, None)),
    ],
    ids=lambda value: str(value) if isinstance(value, Refusal) else "",
)
async def test_each_refusal_has_its_meaning(
    telegram: FakeTelegram, channel: Telegram, refusal: Refusal, expected: tuple[Failure, float | None, str | None]
) -> None:
    telegram.refuse_next = [refusal]
    assert await failure(channel, "-5:42") == expected
    assert telegram.sent == []


async def test_an_answer_that_is_lost_leaves_doubt(telegram: FakeTelegram, channel: Telegram) -> None:
    telegram.faults = Faults(lost_answer=1.0, hang=1.0)
    assert await failure(channel) == (Failure.UNCERTAIN, None, None)
    assert len(telegram.sent) == 1


async def test_nobody_listening_is_tried_again(channel: Telegram) -> None:
    async with opened_bot(TOKEN, f"http://127.0.0.1:{free_port()}") as bot:
        reader = Reader(bot, channel.attachments, channel.reader.name)
        assert await failure(Telegram(bot, reader, channel.texts, channel.attachments)) == (Failure.RETRY, None, None)


@pytest.mark.parametrize("address", ["", "nobody", "0"])
async def test_what_has_no_chat_is_put_aside(channel: Telegram, address: str) -> None:
    assert (await failure(channel, address))[0] in (Failure.REFUSED, Failure.UNREACHABLE)


async def test_the_bots_description_never_shows_the_token(channel: Telegram) -> None:
    assert TOKEN not in repr(channel)


async def test_typing_is_shown_to_who_waits_and_to_few_at_once(telegram: FakeTelegram, channel: Telegram) -> None:
    def typed() -> list[str]:
        return [fields["chat_id"] for method, fields in telegram.calls if method == "sendChatAction"]

    for chat in (41, 42):
        await channel.parse({"update_id": chat, "message": message(chat, 1, text="salam")})
    await channel.send("41", HELLO)
    await asyncio.sleep(1.2)
    assert typed() == ["42"]
    for chat in range(100, 130):
        await channel.parse({"update_id": chat, "message": message(chat, 1, text="salam")})
    await asyncio.sleep(1.2)
    assert 1 < len(typed()) < 5
    assert telegram.violations == []
