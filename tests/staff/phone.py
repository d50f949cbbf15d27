"""A citizen on the phone page, for tests of the desk."""

import asyncio
from typing import Any

import httpx

from tests.bot.pictures import voice_note
from tests.staff.conftest import Office

PHONE = "c" * 32


async def sends(office: Office, text: str | None, *, choice: str | None = None, phone: str = PHONE) -> None:
    """Sends a message and waits until the assistant has handled it."""
    async with _http(office) as http:
        last = (await _page(http, phone))["cursor"]
        message: dict[str, Any] = {"phone": phone, "id": f"message-{last}"}
        message |= {"text": text} if choice is None else {"choice": choice}
        await http.post("/phone/messages", json=message)
        for _ in range(300):
            page = await _page(http, phone)
            if page["cursor"] > last and not page["typing"]:
                return
            await asyncio.sleep(0.05)
    raise AssertionError("the message was not handled")


async def says_with_voice(office: Office) -> str:
    """The reply to a voice note."""
    async with _http(office) as http:
        data, files = {"phone": PHONE, "id": "voice-message-1"}, {"voice": ("v.ogg", voice_note(), "audio/ogg")}
        await http.post("/phone/messages", data=data, files=files)
        while (await _page(http, PHONE))["typing"]:
            await asyncio.sleep(0.05)
    return (await heard(office))[-1]


async def heard(office: Office, *, phone: str = PHONE) -> list[str]:
    """The texts of all replies, in order."""
    async with _http(office) as http:
        page = await _page(http, phone)
    replies = [m["parts"] for m in page["messages"] if m["from"] == "assistant"]
    return ["\n".join(part["text"] for part in parts if part["type"] == "text") for parts in replies]


async def says(office: Office, text: str | None, *, choice: str | None = None, phone: str = PHONE) -> str:
    """The last reply after a message."""
    await sends(office, text, choice=choice, phone=phone)
    return (await heard(office, phone=phone))[-1]


async def page_after(office: Office, after: int, *, phone: str = PHONE, **query: int) -> dict[str, Any]:
    """What the page gets that asks for news."""
    async with _http(office) as http:
        found: dict[str, Any] = (
            await http.get("/phone/messages", params={"phone": phone, "after": after, **query})
        ).json()
    return found


def _http(office: Office) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=office.app), base_url="http://127.0.0.1")


async def _page(http: httpx.AsyncClient, phone: str) -> dict[str, Any]:
    page: dict[str, Any] = (await http.get("/phone/messages", params={"phone": phone, "after": 0})).json()
    return page
