"""An Open311 server on a fresh database, reached over HTTP, and the requests that lie in it."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette

from actions.desk import Desk
from actions.requests.changes import Draft, file_request
from actions.texts import Texts
from actions.turn import House
from bot.attachments import Attachments
from nlu.times import CASABLANCA
from nlu.understanding import Language
from staff.open311 import keys
from staff.open311.photos import ROOT
from staff.open311.server import Open311
from store.database import Database
from store.requests import request_by_number
from store.tables import ServiceRequestRow

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=CASABLANCA)
IN_SBATA = (33.540_121, -7.560_789)
PHOTO, VOICE = "a1b2c3.jpg", "d4e5f6.ogg"


@dataclass
class City:
    """The server, its database, and a client whose paths begin at the interface."""

    database: Database
    desk: Desk
    http: httpx.AsyncClient
    key: str
    token_key: str

    async def file(self, **fields: object) -> ServiceRequestRow:
        """A request in the database."""
        draft = {"category": "report/road", "description": "Une grande 7ofra", "language": Language.FRENCH, **fields}
        async with self.database.transaction() as session:
            return await file_request(session, self.desk, Draft(**draft), now=NOW)  # type: ignore[arg-type]

    async def read_by_staff(self, number: str) -> None:
        """Staff let the public see words and photos of a request."""
        async with self.database.transaction() as session:
            row = await request_by_number(session, number)
            assert row is not None
            row.moderated_at = NOW


def application(database: Database, desk: Desk, texts: Texts, folder: Path) -> Starlette:
    """The server; files lie in `folder`."""
    find = Attachments(folder).path
    feed = Open311(database, lambda: desk, texts, lambda: NOW, "https://casa.example", find)
    return Starlette(routes=feed.routes())


@pytest.fixture
async def city(tmp_path: Path, house: House, texts: Texts) -> AsyncIterator[City]:
    database = await Database.open(f"sqlite+aiosqlite:///{tmp_path}/city.sqlite3")
    async with database.transaction() as session:
        key = await keys.make(session, "sig-voirie", now=NOW)
        token_key = await keys.make(session, "batch", answers_with_token=True, now=NOW)
    (tmp_path / PHOTO).write_bytes(b"the photo")
    (tmp_path / VOICE).write_bytes(b"a voice note")
    transport = httpx.ASGITransport(app=application(database, house.desk, texts, tmp_path))
    async with httpx.AsyncClient(transport=transport, base_url=f"http://127.0.0.1{ROOT}") as http:
        yield City(database, house.desk, http, key, token_key)
    await database.close()


@dataclass(frozen=True)
class Served:
    """A server with an address; `number` is a request that it holds, `key` one to file with."""

    url: str
    number: str
    key: str


@pytest.fixture
def served(tmp_path: Path, house: House, texts: Texts) -> Iterator[Served]:
    """The server in a thread of its own, for clients that know no event loop."""
    started: dict[str, object] = {}
    ready = threading.Event()

    async def serve() -> None:
        database = await Database.open(f"sqlite+aiosqlite:///{tmp_path}/served.sqlite3")
        async with database.transaction() as session:
            key = await keys.make(session, "sig-voirie", now=NOW)
            draft = Draft("report/road", "Une 7ofra & <b>dangereuse</b>", Language.FRENCH, lat=33.54, lon=-7.56)
            row = await file_request(session, house.desk, draft, now=NOW)
        server = uvicorn.Server(
            uvicorn.Config(application(database, house.desk, texts, tmp_path), port=0, log_config=None, lifespan="off")
        )
        serving = asyncio.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        started.update(server=server, served=Served(f"http://127.0.0.1:{port}{ROOT}", row.number, key))
        ready.set()
        await serving
        await database.close()

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    assert ready.wait(20)
    server, found = started["server"], started["served"]
    assert isinstance(server, uvicorn.Server)
    assert isinstance(found, Served)
    yield found
    server.should_exit = True
    thread.join(20)
