"""The web application over HTTP: stored once, answered in order, kind to broken input."""

import asyncio
import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from bot import allowance
from bot.attachments import Attachments
from bot.settings import Settings
from bot.web import create_app
from tests.bot.pictures import forty_megapixels, pdf, png_bomb, small_photo, voice_note
from tests.conftest import text_of

PHONE = "a" * 32


@pytest.fixture
async def client(tmp_path: Path, model: Path) -> AsyncIterator[httpx.AsyncClient]:
    settings = Settings(
        _env_file=None, database_url=f"sqlite+aiosqlite:///{tmp_path}/casa.sqlite3", data_dir=tmp_path / "var"
    )
    app = create_app(settings, model=model)
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as opened:
            yield opened


async def messages(client: httpx.AsyncClient, count: int, phone: str = PHONE) -> list[dict[str, Any]]:
    """All messages of a phone, once there are `count` of them."""
    seen: list[dict[str, Any]] = []
    cursor = 0
    for _ in range(50):
        page = (await client.get("/phone/messages", params={"phone": phone, "after": cursor, "wait": 2})).json()
        seen += page["messages"]
        cursor = page["cursor"]
        if len(seen) >= count:
            return seen
    raise AssertionError(f"only {len(seen)} messages came")


async def post(client: httpx.AsyncClient, id_: str, **fields: Any) -> httpx.Response:
    return await client.post("/phone/messages", json={"phone": PHONE, "id": id_, **fields})


async def test_a_message_is_answered(client: httpx.AsyncClient) -> None:
    assert (await post(client, "message-1", text="salam")).status_code == 202
    mine, reply = await messages(client, 2)
    assert (mine["from"], mine["id"], mine["parts"][0]["text"]) == ("person", "message-1", "salam")
    assert (reply["from"], reply["parts"][0]["language"]) == ("assistant", "ary-Latn")


async def test_the_same_message_twice_is_answered_once(client: httpx.AsyncClient) -> None:
    for _ in range(3):
        assert (await post(client, "message-1", text="bonjour")).status_code == 202
    await post(client, "message-2", text="merci")
    everything = await messages(client, 4)
    assert sorted(message["from"] for message in everything) == ["assistant", "assistant", "person", "person"]


async def test_two_phones_do_not_see_each_other(client: httpx.AsyncClient) -> None:
    await post(client, "message-1", text="bonjour")
    await messages(client, 2)
    page = (await client.get("/phone/messages", params={"phone": "b" * 32, "after": 0})).json()
    assert page == {"messages": [], "cursor": 0, "typing": False}


async def test_a_photo_loses_its_metadata(client: httpx.AsyncClient) -> None:
    picture = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    Image.new("RGB", (4000, 3000), "green").save(picture, "JPEG", exif=exif)
    data = {"phone": PHONE, "id": "message-1"}
    posted = await client.post(
        "/phone/messages", data=data, files={"photo": ("p.jpg", picture.getvalue(), "image/jpeg")}
    )
    assert posted.status_code == 202
    mine = (await messages(client, 2))[0]
    stored = await client.get(mine["parts"][0]["url"])
    assert (stored.headers["content-type"], b"SecretCamera" in stored.content) == ("image/jpeg", False)
    assert max(Image.open(io.BytesIO(stored.content)).size) == 2048


async def test_without_room_for_a_photo_people_are_told_to_go_on_in_words(
    client: httpx.AsyncClient, tmp_path: Path
) -> None:
    shelf = tmp_path / "var" / "attachments"
    shelf.mkdir(parents=True)
    with (shelf / "old.ogg").open("wb") as full:
        full.truncate(Settings(_env_file=None).attachments_max_mb * 1024 * 1024)
    picture = io.BytesIO()
    Image.new("RGB", (64, 64), "green").save(picture, "JPEG")
    data = {"phone": PHONE, "id": "message-1"}
    posted = await client.post(
        "/phone/messages", data=data, files={"photo": ("p.jpg", picture.getvalue(), "image/jpeg")}
    )
    assert (posted.status_code, posted.json()["error"]["code"]) == (413, "no_room")
    assert "Continuez sans elle" in posted.json()["error"]["message"]["fr"]


async def test_a_demonstration_message_is_answered_from_the_fictional_programme(client: httpx.AsyncClient) -> None:
    config = (await client.get("/phone/config")).json()
    assert "fictive" in config["demo"]["name"]["fr"]
    await post(client, "message-1", text="what is on now at the expo?", demo_at="2027-05-19T10:40:00+01:00")
    reply = (await messages(client, 2))[1]
    assert "fictional" in " ".join(part.get("text", "") for part in reply["parts"])


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[]", 400),
        (b"[" * 5000, 400),
        (b'{"phone": "short", "id": "message-1", "text": "x"}', 400),
        (b'{"phone": "%s", "id": "message-1"}' % PHONE.encode(), 400),
        (b'{"phone": "%s", "id": "message-1", "text": 7}' % PHONE.encode(), 400),
        (b'{"phone": "%s", "id": "message-1", "location": [100, 200]}' % PHONE.encode(), 400),
        (b'{"phone": "%s", "id": "message-1", "location": [NaN, 1]}' % PHONE.encode(), 400),
        (b'{"phone": "%s", "id": "message-1", "text": "x", "demo_at": "yesterday"}' % PHONE.encode(), 400),
        (b'{"phone": "%s", "id": "message-1", "text": "\\ud800 lone"}' % PHONE.encode(), 202),
    ],
)
async def test_broken_requests_get_a_kind_error(client: httpx.AsyncClient, body: bytes, status: int) -> None:
    answer = await client.post("/phone/messages", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == status
    if status >= 400:
        assert set(answer.json()["error"]["message"]) == {"fr", "ary", "ary-Latn", "en"}


async def test_a_photo_that_is_none_is_refused_kindly(client: httpx.AsyncClient) -> None:
    data = {"phone": PHONE, "id": "message-1"}
    answer = await client.post(
        "/phone/messages", data=data, files={"photo": ("p.jpg", b"MZ not a picture", "image/jpeg")}
    )
    assert (answer.status_code, answer.json()["error"]["code"]) == (415, "not_a_photo")


@pytest.mark.parametrize(
    "path", ["/phone/photos/..%2f..%2fconfig.yml", "/phone/photos/x.jpg", "/phone/static/../phone.py"]
)
async def test_no_other_file_is_served(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path)).status_code == 404


async def test_pictures_and_files_of_replies_are_served(client: httpx.AsyncClient, tmp_path: Path) -> None:
    shelf = Attachments(tmp_path / "var" / "attachments")
    picture = await client.get(f"/phone/files/{shelf.store_generated(b'a map', 'png')}")
    dates = await client.get(f"/phone/files/{shelf.store_generated(b'BEGIN:VCALENDAR', 'ics')}")
    voice = await client.get(f"/phone/files/{shelf.store_voice(voice_note())}")
    assert (picture.headers["content-type"], picture.content) == ("image/png", b"a map")
    assert (dates.headers["content-type"], dates.content) == ("text/calendar; charset=utf-8", b"BEGIN:VCALENDAR")
    assert voice.status_code == 404


@pytest.mark.parametrize("path", ["/phone/messages", "/staff/login", "/open311/v2/requests.json"])
@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=b", "application/json"])
async def test_no_body_is_read_beyond_its_bound(client: httpx.AsyncClient, path: str, kind: str) -> None:
    megabytes = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal megabytes
        yield b'--b\r\nContent-Disposition: form-data; name="photo"; filename="a.jpg"\r\n\r\n'
        while megabytes < 100:
            megabytes += 1
            yield b"a" * 1024 * 1024

    answer = await client.post(path, content=endless(), headers={"content-type": kind})
    assert answer.status_code in ((413,) if path == "/phone/messages" else (400, 401, 403, 413, 415))
    assert megabytes <= 11


async def test_what_says_that_it_is_too_long_is_not_read_at_all(client: httpx.AsyncClient) -> None:
    async def never() -> AsyncIterator[bytes]:
        raise AssertionError("read")
        yield b""

    headers = {"content-type": "multipart/form-data; boundary=b", "content-length": str(100 * 1024 * 1024)}
    answer = await client.post("/phone/messages", content=never(), headers=headers)
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_large")


async def test_a_voice_note_is_answered_whether_it_is_kept_or_not(client: httpx.AsyncClient, tmp_path: Path) -> None:
    for number, content in enumerate([voice_note(), b"anything"]):
        data = {"phone": PHONE, "id": f"message-{number}"}
        posted = await client.post("/phone/messages", data=data, files={"voice": ("v.ogg", content, "audio/ogg")})
        assert posted.status_code == 202
        mine, reply = (await messages(client, 2 * number + 2))[-2:]
        assert mine["parts"] == [{"type": "voice"}]
        assert "vocaux" in text_of(reply["parts"])
    assert len(list((tmp_path / "var" / "attachments").iterdir())) == 1


async def test_one_address_cannot_fill_the_room_under_many_names(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(allowance, "ADDRESS", 1_800)
    codes = []
    for number in range(3):
        data = {"phone": f"{number}" * 32, "id": "message-1"}
        files = {"photo": ("p.jpg", small_photo(number * 80), "image/jpeg")}
        posted = await client.post("/phone/messages", data=data, files=files)
        codes.append((posted.status_code, posted.json().get("error", {}).get("code")))
    assert codes == [(202, None), (202, None), (413, "no_room")]


async def test_others_are_heard_while_a_picture_is_looked_at(client: httpx.AsyncClient) -> None:
    data, files = {"phone": PHONE, "id": "message-1"}, {"photo": ("p.png", png_bomb(), "image/png")}
    refused = await client.post("/phone/messages", data=data, files=files)
    assert (refused.status_code, refused.json()["error"]["code"]) == (415, "not_a_photo")
    files = {"photo": ("p.jpg", forty_megapixels(), "image/jpeg")}
    posting = asyncio.create_task(client.post("/phone/messages", data=data, files=files))
    heard = 0
    while not posting.done():
        assert (await client.get("/healthz")).status_code == 200
        heard += 1
        await asyncio.sleep(0.001)
    assert (await posting).status_code == 202
    assert heard >= 20


async def test_pages_carry_a_strict_policy(client: httpx.AsyncClient) -> None:
    headers = (await client.get("/")).headers
    assert "default-src 'self'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]


async def test_the_history_shows_what_the_page_showed(client: httpx.AsyncClient) -> None:
    await post(client, "message-1", location=[33.594996, -7.618664], label="Place des Nations Unies")
    await post(client, "message-2", choice="i:help", label="Aide")
    mine = [message["parts"][0] for message in await messages(client, 4) if message["from"] == "person"]
    assert (mine[0]["title"], mine[1]["text"]) == ("Place des Nations Unies", "Aide")


async def test_a_huge_photo_joins_the_report_and_a_document_in_its_place_costs_nothing(
    client: httpx.AsyncClient,
) -> None:
    await post(client, "message-1", text="il y a un nid de poule énorme devant l'école Ibn Sina à Sbata")
    assert "photo" in text_of((await messages(client, 2))[1]["parts"])
    data = {"phone": PHONE, "id": "message-2"}
    refused = await client.post("/phone/messages", data=data, files={"photo": ("devis.pdf", pdf(), "application/pdf")})
    assert (refused.status_code, refused.json()["error"]["code"]) == (415, "not_a_photo")
    assert "n'est pas une photo" in refused.json()["error"]["message"]["fr"]
    data = {"phone": PHONE, "id": "message-3"}
    taken = await client.post(
        "/phone/messages", data=data, files={"photo": ("p.jpg", forty_megapixels(), "image/jpeg")}
    )
    assert taken.status_code == 202
    mine, summary = (await messages(client, 4))[2:]
    stored = await client.get(mine["parts"][0]["url"])
    assert max(Image.open(io.BytesIO(stored.content)).size) == 2048
    assert "devant l'école Ibn Sina à Sbata" in text_of(summary["parts"])
    assert "1 photo" in text_of(summary["parts"])
