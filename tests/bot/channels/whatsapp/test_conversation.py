"""Conversations over WhatsApp: what people send arrives, what they get is right, at the limits of the session too."""

import asyncio
import io
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from PIL import Image
from sqlalchemy import select

from actions.push import Push
from actions.reply import say
from actions.texts import Texts
from bot.pushes import put
from bot.worker import wall_clock
from nlu.understanding import Language
from store import whatsapp as store
from store.conversations import known_conversation
from store.tables import InboxRow
from tests.bot.channels.whatsapp.conftest import Connected, Line
from tests.bot.pictures import forty_megapixels, pdf, small_photo

SAMIRA = "whatsapp:+212600000001"


def photo() -> bytes:
    content = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    Image.new("RGB", (640, 480), "grey").save(content, "JPEG", exif=exif)
    return content.getvalue()


async def test_a_message_is_answered_once_with_buttons(connected: Connected) -> None:
    async with connected() as line:
        _, status = await line.twilio.receive(SAMIRA, "bonjour")
        assert status == 200
        (reply,) = await line.sent(1)
        assert reply["to"] == SAMIRA
        assert reply["status"] == "delivered"
        assert reply["template"]["kind"] in ("twilio/quick-reply", "twilio/list-picker")
        assert reply["body"].startswith("Bonjour")
    assert line.twilio.violations == []


async def test_the_same_webhook_again_is_not_answered_again(connected: Connected) -> None:
    async with connected() as line:
        sid, _ = await line.twilio.receive(SAMIRA, "bonjour")
        again = {"MessageSid": sid, "SmsMessageSid": sid, "SmsSid": sid}
        assert (await line.twilio.receive(SAMIRA, "bonjour", **again))[1] == 200
        await line.twilio.receive(SAMIRA, "merci")
        assert len(await line.sent(2)) == 2


async def test_a_report_from_the_first_word_to_the_number(connected: Connected) -> None:
    async with connected() as line:
        await line.twilio.receive(SAMIRA, "kayn wa7ed l7ofra kbira f zen9a")
        asked = (await line.sent(1))[-1]
        assert "« Localisation »" in asked["body"]
        await line.twilio.receive(SAMIRA, "", MessageType="location", Latitude="33.5892", Longitude="-7.6039")
        await line.sent(2)
        await line.twilio.receive(SAMIRA, "", media=[("image/jpeg", photo())], MessageType="image")
        summary = (await line.sent(3))[-1]
        ids = [action["id"] for action in summary["template"]["actions"]]
        await line.twilio.receive(SAMIRA, "", MessageType="button", ButtonPayload=ids[0], ButtonText="x")
        done = (await line.sent(4))[-1]
        assert "37" in done["body"] or "-" in done["body"]
    assert line.twilio.violations == []
    assert line.twilio.media.items == {}  # Copied, then deleted at Twilio.


async def test_a_typed_number_is_a_choice(connected: Connected) -> None:
    async with connected(with_templates=False) as line:
        await line.twilio.receive(SAMIRA, "bonjour")
        (greeting,) = await line.bodies(1)
        assert "\n1. " in greeting
        await line.twilio.receive(SAMIRA, "1")
        first = (await line.bodies(2))[1]
        assert first != greeting
        await line.twilio.receive("whatsapp:+212600000002", "salam, chnou kadir?")
        assert "Jaweb b nnemra" in (await line.bodies(3))[2]
    assert line.twilio.violations == []


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"MessageType": "audio"}, "audio/ogg"),
        ({"MessageType": "sticker"}, "image/webp"),
        ({"MessageType": "document"}, "application/pdf"),
        ({"MessageType": "contacts"}, "text/vcard"),
        ({"MessageType": "image"}, "image/jpeg"),
    ],
)
async def test_every_kind_of_medium_gets_an_answer_and_is_deleted(
    connected: Connected, fields: dict[str, str], kind: str
) -> None:
    async with connected() as line:
        await line.twilio.receive(SAMIRA, "", media=[(kind, b"no picture at all")], **fields)
        assert (await line.bodies(1))[0]
    assert line.twilio.media.items == {}


@pytest.mark.parametrize("status", [503, 401])
async def test_a_photo_that_cannot_be_had_at_first_stays_at_twilio_until_it_is_copied(
    connected: Connected, status: int
) -> None:
    async with connected() as line:
        line.twilio.media.status = status
        await line.twilio.receive(SAMIRA, " un trou ", media=[("image/jpeg", photo())], MessageType="image")
        await _asked_for_media(line, "GET")
        assert len(line.twilio.media.items) == 1
        line.twilio.media.status = 307
        await line.sent(1)
        assert line.twilio.media.items == {}
        async with line.database.reading() as session:
            (message,) = (await session.scalars(select(InboxRow))).all()
        assert (message.state, message.attempts, message.payload["text"]) == ("done", 1, "un trou")
        path = line.attachments.path(message.payload["photo"])
        assert path is not None
        assert b"SecretCamera" not in path.read_bytes()
    assert [method for method, _ in _media_requests(line)] == ["GET", "GET", "DELETE"]


async def test_a_photo_that_cannot_be_written_here_stays_at_twilio(connected: Connected, tmp_path: Path) -> None:
    (tmp_path / "attachments").touch()  # Where the folder should be.
    async with connected() as line:
        await line.twilio.receive(SAMIRA, "", media=[("image/jpeg", photo())], MessageType="image")
        await _asked_for_media(line, "GET")
        await line.sent(1)  # After all attempts, the apology.
        assert len(line.twilio.media.items) == 1


async def test_a_message_that_is_parsed_again_finds_its_photo_here(connected: Connected) -> None:
    async with connected() as line:
        await line.twilio.receive(SAMIRA, "", media=[("image/jpeg", photo())], MessageType="image")
        raw = {
            "Body": " un trou ",
            "MediaUrl0": _media_url(line),
            "MediaContentType0": "image/jpeg",
            "MessageType": "image",
        }
        incoming = await line.channel.parse(raw)
        assert line.twilio.media.items == {}
        assert await line.channel.parse(raw) == incoming
        assert incoming.text == "un trou"


def _media_requests(line: Line) -> list[tuple[str, str]]:
    return [(method, path) for method, path in line.twilio.requests if "/Media/" in path]


async def _asked_for_media(line: Line, method: str) -> None:
    for _ in range(1_000):
        if any(asked == method for asked, _ in _media_requests(line)):
            await asyncio.sleep(0.05)  # For what is done upon the answer.
            return
        await asyncio.sleep(0.005)
    raise AssertionError(f"no {method} of a medium")


def _media_url(line: Line) -> str:
    message = line.twilio.messages[0]["sid"]
    return f"https://api.twilio.com/2010-04-01/Accounts/AC{'0' * 32}/Messages/{message}/Media/{next(iter(line.twilio.media.items))}"


async def test_somebody_without_a_phone_number_is_known_by_the_business_scoped_id(connected: Connected) -> None:
    async with connected() as line:
        await line.twilio.receive(SAMIRA, "bonjour")
        await line.sent(1)
        identity = "MA.13491208655302741918"
        await line.twilio.receive(SAMIRA, "merci", ExternalUserId=identity)
        await line.sent(2)
        hidden = f"whatsapp:{identity}"
        await line.twilio.receive(hidden, "bonjour", ExternalUserId=identity)
        assert [message["to"] for message in await line.sent(3)] == [SAMIRA, SAMIRA, hidden]
        async with line.database.transaction() as session:
            assert await known_conversation(session, "whatsapp", "+212600000001") is None
            assert await known_conversation(session, "whatsapp", identity) is not None


async def push(line: Line, texts: Texts, key: str) -> None:
    """The city tells Samira something she has not just asked for."""
    async with line.database.transaction() as session:
        conversation = await known_conversation(session, "whatsapp", "+212600000001")
        assert conversation is not None
        reply = say("request.news.in_progress", number="7K3-42R", what="nid-de-poule")
        await put(session, texts, Push(conversation.id, key, reply), now=wall_clock())


async def yesterday(line: Line) -> None:
    """A day and an hour pass, for both sides."""
    line.twilio.hours_ahead += 25
    async with line.database.transaction() as session:
        contact = await store.contact_of(session, "+212600000001")
        assert contact is not None
        assert contact.last_inbound_at is not None
        contact.last_inbound_at -= timedelta(hours=25)


async def test_news_of_a_request_goes_as_a_template_outside_of_the_session(connected: Connected, texts: Texts) -> None:
    async with connected() as line:
        await line.twilio.receive(SAMIRA, "bonjour")
        await line.sent(1)
        await yesterday(line)
        await push(line, texts, "request:7K3-42R:in_progress:1")
        news = (await line.sent(2))[1]
    assert (news["template"]["name"], news["status"]) == ("casa_request_fr", "delivered")
    assert "7K3-42R" in news["body"]


async def test_other_pushes_wait_for_the_next_message_behind_one_knock(connected: Connected, texts: Texts) -> None:
    async with connected() as line:
        await line.twilio.receive(SAMIRA, "bonjour")
        await line.sent(1)
        await yesterday(line)
        await push(line, texts, "reminder:1")
        await push(line, texts, "reminder:2")
        assert (await line.sent(2))[1]["template"]["name"] == "casa_waiting_fr"
        await line.twilio.receive(
            SAMIRA, "", ButtonPayload="waiting", ButtonText="Lire le message", MessageType="button"
        )
        sent = await line.sent(4)
    assert len(sent) == 4
    assert ["7K3-42R" in message["body"] for message in sent] == [False, False, True, True]
    assert {message["status"] for message in sent} == {"delivered"}


async def test_a_closed_session_that_only_whatsapp_knows_of(connected: Connected, texts: Texts) -> None:
    """Error 63016 comes by status callback after the message was accepted."""
    async with connected() as line:
        await line.twilio.receive(SAMIRA, "bonjour")
        await line.sent(1)
        line.twilio.hours_ahead += 25
        await push(line, texts, "request:7K3-42R:in_progress:1")
        failed, again = (await line.sent(3))[1:]
    assert (failed["template"], failed["status"], failed["error_code"]) == (None, "failed", 63016)
    assert (again["template"]["name"], again["status"]) == ("casa_request_fr", "delivered")


async def test_missed_messages_are_found_in_twilios_list(connected: Connected) -> None:
    async with connected() as line:
        await line.twilio.receive(SAMIRA, "bonjour")
        await line.sent(1)
        await line.twilio.receive(SAMIRA, "", media=[("image/jpeg", photo())], deliver=False)
        for message in line.twilio.messages:
            message["at"] -= 60
        assert await line.reconciliation.run_once() == 1
        await line.sent(2)
        assert await line.reconciliation.run_once() == 0
        assert len(line.twilio.sent) == 2
    assert line.twilio.media.items == {}


async def test_stop_ends_pushes_and_start_begins_them_again(connected: Connected, texts: Texts) -> None:
    async with connected() as line:
        await line.twilio.receive(SAMIRA, "bonjour")
        await line.sent(1)
        await line.twilio.receive(SAMIRA, "STOP")
        assert "START" in (await line.bodies(2))[1]
        await push(line, texts, "request:7K3-42R:in_progress:1")
        await line.twilio.receive(SAMIRA, "merci")
        assert "7K3-42R" not in (await line.bodies(3))[2]
        await line.twilio.receive(SAMIRA, "start")
        await line.sent(4)
        await push(line, texts, "request:7K3-42R:fixed:2")
        assert "7K3-42R" in (await line.bodies(5))[4]


async def test_pictures_and_files_are_fetched_by_twilio_or_opened_by_a_link(connected: Connected) -> None:
    async with connected() as line:
        await line.twilio.receive(SAMIRA, "bonjour")
        await line.sent(1)
        picture = line.attachments.store_generated(b"picture", "png")
        dates = line.attachments.store_generated(b"BEGIN:VCALENDAR", "ics")
        parts = [
            {"type": "picture", "reference": picture, "alt": "Plan"},
            {"type": "file", "reference": dates, "name": "expo.ics", "media_type": "text/calendar"},
        ]
        for message in line.channel.render(parts, language=Language.FRENCH):
            await line.channel.send("+212600000001", message)
        shown, link = (await line.sent(3))[1:]
        assert list(line.twilio.fetched.values()) == [b"picture"]
        assert (shown["body"], link["body"].splitlines()[0]) == ("Plan", "📎 expo.ics")
        async with httpx.AsyncClient() as phone:
            opened = await phone.get(link["body"].splitlines()[1])
        assert (opened.content, opened.headers["content-type"].partition(";")[0]) == (
            b"BEGIN:VCALENDAR",
            "text/calendar",
        )


async def test_a_template_deleted_at_twilio_gives_way_to_numbers(connected: Connected) -> None:
    async with connected() as line:
        line.twilio.content.templates.clear()
        await line.twilio.receive(SAMIRA, "bonjour")
        (reply,) = await line.sent(1)
        assert reply["template"] is None
        assert "\n1. " in reply["body"]


async def test_photos_sent_together_get_one_reply(connected: Connected) -> None:
    async with connected() as line:
        for number in range(12):
            words = "زبل بزاف حدا الجامع فسباتة" if number == 0 else ""
            await line.twilio.receive(
                SAMIRA, words, media=[("image/jpeg", small_photo(number * 20))], MessageType="image"
            )
        (reply,) = await line.bodies(1)
        assert "تصاور" in reply
        await line.twilio.receive(SAMIRA, "شكرا")
        assert len(await line.bodies(2)) == 2
    assert line.twilio.media.items == {}


async def test_a_huge_photo_and_a_document_with_words_under_it(connected: Connected) -> None:
    async with connected() as line:
        words = "7ofra kbira 9dam madrassat Ibn Sina f Sbata"
        await line.twilio.receive(SAMIRA, words, media=[("image/jpeg", forty_megapixels())], MessageType="image")
        assert "Tswira we7da" in (await line.bodies(1))[0]
        fields = {"media": [("application/pdf", pdf())], "MessageType": "document"}
        await line.twilio.receive("whatsapp:+212600000002", "lma kaysil f zen9a 4 f Sbata", **fields)
        asked = (await line.bodies(2))[1]
        assert asked.startswith("Had lfichier ma kan3refch n7ellou")
        assert "Tswira kat3awen" in asked
        await line.twilio.receive("whatsapp:+212600000002", media=[("image/jpeg", pdf())], MessageType="image")
        assert "machi tswira" in (await line.bodies(3))[2]
