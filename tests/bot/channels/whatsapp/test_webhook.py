"""Twilio's webhooks: signed over the public address and every field, or refused."""

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest
from starlette.applications import Starlette
from starlette.datastructures import ImmutableMultiDict
from twilio.request_validator import RequestValidator

from bot.channels.whatsapp.files import FOR_TWILIO, Files
from bot.channels.whatsapp.webhook import MAX_BYTES, Signatures, Webhook

PUBLIC = "https://casa.example/bot"
TOKEN, BEFORE = "new-token", "old-token"
MESSAGE = {
    "MessageSid": "SM1",
    "From": "whatsapp:+212600000001",
    "To": "whatsapp:+212520000000",
    "Body": "",
    "ProfileName": "سميرة & fils",
    "AFieldOfNextYear": "ça alors",
    "Latitude": "33.5731",
}


class Received:
    """What the webhook handed on."""

    def __init__(self) -> None:
        self.messages: list[dict[str, str]] = []
        self.statuses: list[dict[str, str]] = []
        self.rejected = 0
        self.fails = False

    async def message(self, form: dict[str, str], at: datetime) -> None:
        if self.fails:
            raise OSError("disk full")
        self.messages.append(form)

    async def status(self, form: dict[str, str]) -> None:
        self.statuses.append(form)

    def reject(self) -> None:
        self.rejected += 1


@pytest.fixture
def received() -> Received:
    return Received()


@pytest.fixture
async def client(received: Received) -> AsyncIterator[httpx.AsyncClient]:
    webhook = Webhook(
        Signatures(PUBLIC, [TOKEN, BEFORE]),
        on_message=received.message,
        on_status=received.status,
        on_rejected=received.reject,
    )
    transport = httpx.ASGITransport(app=Starlette(routes=webhook.routes()), raise_app_exceptions=False)
    # The address inside the house is not the public one: only the configured one counts.
    async with httpx.AsyncClient(transport=transport, base_url="http://10.0.0.7:8311") as opened:
        yield opened


def signature(form: dict[str, str], *, url: str = f"{PUBLIC}/whatsapp/messages", token: str = TOKEN) -> dict[str, str]:
    return {"X-Twilio-Signature": RequestValidator(token).compute_signature(url, form)}


async def test_a_signed_message_is_handed_on_with_blank_and_unknown_fields(
    client: httpx.AsyncClient, received: Received
) -> None:
    answer = await client.post("/whatsapp/messages", data=MESSAGE, headers=signature(MESSAGE))
    assert (answer.status_code, answer.text) == (200, "<Response/>")
    assert received.messages == [MESSAGE]


async def test_the_token_before_is_accepted_while_it_is_replaced(client: httpx.AsyncClient, received: Received) -> None:
    answer = await client.post("/whatsapp/messages", data=MESSAGE, headers=signature(MESSAGE, token=BEFORE))
    assert (answer.status_code, received.messages) == (200, [MESSAGE])


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Twilio-Signature": ""},
        {"X-Twilio-Signature": "é"},
        signature(MESSAGE, token="a third token"),
        signature(MESSAGE, url="http://10.0.0.7:8311/whatsapp/messages"),
        signature(MESSAGE, url=f"{PUBLIC}/whatsapp/status"),
        signature({**MESSAGE, "Body": "changed"}),
        signature({name: value for name, value in MESSAGE.items() if value}),
    ],
)
async def test_what_twilio_has_not_signed_is_refused(
    client: httpx.AsyncClient, received: Received, headers: dict[str, str]
) -> None:
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    answer = await client.post("/whatsapp/messages", data=MESSAGE, headers=raw)
    assert (answer.status_code, answer.content, received.messages, received.rejected) == (403, b"", [], 1)


async def test_the_fragment_of_the_retry_settings_may_be_signed(client: httpx.AsyncClient) -> None:
    headers = signature(MESSAGE, url=f"{PUBLIC}/whatsapp/messages#rc=5&rp=all")
    assert (await client.post("/whatsapp/messages", data=MESSAGE, headers=headers)).status_code == 200


async def test_a_query_is_signed_over(client: httpx.AsyncClient) -> None:
    headers = signature(MESSAGE, url=f"{PUBLIC}/whatsapp/messages?a=1&b=%C3%A9")
    assert (await client.post("/whatsapp/messages?a=1&b=%C3%A9", data=MESSAGE, headers=headers)).status_code == 200
    assert (await client.post("/whatsapp/messages?a=2", data=MESSAGE, headers=headers)).status_code == 403


async def test_a_message_that_cannot_be_stored_is_not_confirmed(client: httpx.AsyncClient, received: Received) -> None:
    received.fails = True
    answer = await client.post("/whatsapp/messages", data=MESSAGE, headers=signature(MESSAGE))
    assert answer.status_code == 500


async def test_an_sms_to_the_same_number_is_no_message_of_whatsapp(
    client: httpx.AsyncClient, received: Received
) -> None:
    sms = {**MESSAGE, "From": "+212600000001"}
    answer = await client.post("/whatsapp/messages", data=sms, headers=signature(sms))
    assert (answer.status_code, received.messages) == (200, [])


async def test_a_status_is_handed_on(client: httpx.AsyncClient, received: Received) -> None:
    status = {"MessageSid": "SM9", "MessageStatus": "failed", "ErrorCode": "63016"}
    headers = signature(status, url=f"{PUBLIC}/whatsapp/status")
    answer = await client.post("/whatsapp/status", data=status, headers=headers)
    assert (answer.status_code, received.statuses) == (204, [status])


@pytest.mark.parametrize("body", [b"\xff\xfe=1", b"a=%ff" * 3, b"x" * (MAX_BYTES + 1), b"&".join([b"a=1"] * 300)])
async def test_broken_bodies_are_refused(client: httpx.AsyncClient, body: bytes) -> None:
    headers = {"X-Twilio-Signature": "x", "Content-Type": "application/x-www-form-urlencoded"}
    assert (await client.post("/whatsapp/messages", content=body, headers=headers)).status_code == 403


@pytest.mark.parametrize("url", ["https://mycompany.com/myapp.php?foo=1&bar=2"])
def test_the_published_vector_of_twilio(url: str) -> None:
    """The example of Twilio's documentation for checking signatures."""
    form = ImmutableMultiDict(
        {
            "CallSid": "CA1234567890ABCDE",
            "Caller": "+14158675309",
            "Digits": "1234",
            "From": "+14158675309",
            "To": "+18005551212",
        }
    )
    signatures = Signatures("https://mycompany.com", ["12345"])
    assert signatures.is_valid("/myapp.php", "foo=1&bar=2", form, "RSOYDt4T1cUTdK1PDd93/VVr8B8=")
    assert not signatures.is_valid("/myapp.php", "foo=1&bar=3", form, "RSOYDt4T1cUTdK1PDd93/VVr8B8=")
    assert not Signatures("https://mycompany.com", ["12346"]).is_valid(
        "/myapp.php", "foo=1&bar=2", form, "RSOYDt4T1cUTdK1PDd93/VVr8B8="
    )


async def test_a_link_to_a_file_is_good_for_an_hour_and_for_that_file_only(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"picture")
    (tmp_path / "b.jpg").write_bytes(b"secret")
    now = 1_000_000.0
    files = Files("http://casa.example", "token", lambda name: tmp_path / name, clock=lambda: now)
    app = Starlette(routes=files.routes())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app)) as client:
        link = files.url("a.jpg")
        assert (await client.get(link)).content == b"picture"
        assert (await client.get(link.replace("a.jpg", "b.jpg"))).status_code == 404
        assert (await client.get(link.replace("until=1", "until=2"))).status_code == 404
        assert (
            await client.get(f"http://casa.example/whatsapp/files/a.jpg?{urlencode({'until': '²'})}")
        ).status_code == 404
        now += FOR_TWILIO + 1
        assert (await client.get(link)).status_code == 404
