"""The Twilio client over our transport: what its failures mean, and where media and secrets may go."""

import contextlib
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from twilio.rest import Client

from bot.channels.channel import Failure, SendFailed
from bot.channels.whatsapp.api import (
    MediaRefused,
    TwilioHttp,
    failure_of,
    failure_of_code,
    fetch_media,
    is_api_url,
    open_client,
)
from tests.bot.fake_twilio import ACCOUNT, SENDER, TOKEN, FakeTwilio, Faults
from tests.listening import free_port

SAMIRA = "whatsapp:+212600000001"
MEDIA = f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}/Messages"


@contextlib.asynccontextmanager
async def client_of(url: str, *, token: str = TOKEN) -> AsyncIterator[tuple[Client, TwilioHttp]]:
    client, http = open_client(ACCOUNT, token, base_url=url, read_seconds=0.5)
    try:
        yield client, http
    finally:
        await http.close()


async def failure(client: Client, **fields: Any) -> SendFailed:
    """What a send that goes wrong is called."""
    with pytest.raises(Exception) as caught:  # noqa: PT011
        await client.messages.create_async(**{"to": SAMIRA, "from_": SENDER, "body": "Bonjour"} | fields)
    return failure_of(caught.value)


@pytest.fixture
def closed_port() -> str:
    """An address where nobody listens."""
    return f"http://127.0.0.1:{free_port()}"


async def test_a_message_reaches_twilio_once() -> None:
    async with FakeTwilio.running() as twilio, client_of(twilio.url) as (client, _):
        await twilio.receive(SAMIRA, "salam")
        message = await client.messages.create_async(to=SAMIRA, from_=SENDER, body="مرحبا 👋")
        await twilio.settled()
    assert [(sent["sid"], sent["body"], sent["status"]) for sent in twilio.sent] == [
        (message.sid, "مرحبا 👋", "delivered")
    ]


@pytest.mark.parametrize(
    ("fault", "expected", "wait", "accepted"),
    [
        ("too_many", Failure.RETRY, 1.0, 0),
        ("server_error", Failure.RETRY, None, 0),
        ("lost_request", Failure.UNCERTAIN, None, 0),
        ("lost_answer", Failure.UNCERTAIN, None, 1),
    ],
)
async def test_what_a_failed_send_means(fault: str, expected: Failure, wait: float | None, accepted: int) -> None:
    faults = Faults(hang=2, **{fault: 1.0})
    async with FakeTwilio.running(faults=faults) as twilio, client_of(twilio.url) as (client, _):
        failed = await failure(client)
    assert (failed.failure, failed.wait, len(twilio.sent)) == (expected, wait, accepted)


async def test_nobody_listening_is_tried_again(closed_port: str) -> None:
    async with client_of(closed_port) as (client, _):
        assert (await failure(client)).failure is Failure.RETRY


async def test_a_wrong_token_waits_for_the_settings_to_be_mended() -> None:
    async with FakeTwilio.running() as twilio, client_of(twilio.url, token="other") as (client, _):
        failed = await failure(client)
    assert (failed.failure, failed.wait) == (Failure.RETRY, 60.0)


async def test_a_body_that_is_too_long_is_refused_for_good() -> None:
    async with FakeTwilio.running() as twilio, client_of(twilio.url) as (client, _):
        failed = await failure(client, body="x" * 1601)
    assert (failed.failure, failed.reason) == (Failure.REFUSED, "http 400, twilio 21617")


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        (400, 63016, Failure.CLOSED),
        (400, 21610, Failure.UNREACHABLE),
        (400, 63003, Failure.UNREACHABLE),
        (400, 63018, Failure.RETRY),
        (400, 63007, Failure.RETRY),
        (404, 20404, Failure.RETRY),
        (502, 502, Failure.RETRY),
        (504, 504, Failure.UNCERTAIN),
        (400, 21656, Failure.REFUSED),
    ],
)
def test_codes_of_twilio(status: int, code: int, expected: Failure) -> None:
    assert failure_of_code(status, code).failure is expected


async def test_media_come_without_showing_the_token_to_the_media_host() -> None:
    async with FakeTwilio.running() as twilio, client_of(twilio.url) as (client, http):
        await twilio.receive(SAMIRA, media=[("image/jpeg", b"12345")])
        sid = next(iter(twilio.media.items))
        url = f"{MEDIA}/{twilio.messages[0]['sid']}/Media/{sid}"
        assert await fetch_media(client, http, url, max_bytes=5) == b"12345"
        with pytest.raises(MediaRefused, match="too large"):
            await fetch_media(client, http, url, max_bytes=4)
        with pytest.raises(MediaRefused, match="404"):
            await fetch_media(client, http, f"{MEDIA}/SM1/Media/ME404", max_bytes=5)
    assert twilio.violations == []


@pytest.mark.parametrize(
    ("url", "is_twilio"),
    [
        (f"{MEDIA}/SM1/Media/ME1", True),
        ("https://api.dublin.ie1.twilio.com/2010-04-01/x", True),
        ("http://api.twilio.com/x", False),
        ("https://api.twilio.com.evil.example/x", False),
        ("https://evil.example/api.twilio.com", False),
        ("https://api.twilio.com@evil.example/x", False),
        ("https://user@api.twilio.com/x", False),
        ("http://169.254.169.254/latest/meta-data", False),
    ],
)
async def test_the_token_goes_to_twilios_api_host_only(url: str, is_twilio: bool) -> None:
    assert is_api_url(url) is is_twilio
    if not is_twilio:
        async with client_of("") as (client, http):
            with pytest.raises(MediaRefused):
                await fetch_media(client, http, url, max_bytes=5)


async def test_a_server_error_of_the_media_host_may_be_tried_again() -> None:
    async with FakeTwilio.running() as twilio, client_of(twilio.url) as (client, http):
        twilio.media.status = 503
        with pytest.raises(httpx.HTTPStatusError):
            await fetch_media(client, http, f"{MEDIA}/SM1/Media/ME1", max_bytes=5)
