"""The official Rasa as a server that answers one intent over its REST channel: the other side of `make bench`."""

import asyncio
import contextlib
import os
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import httpx

from bot.settings import PROJECT
from tests.listening import free_port

OFFICIAL = PROJECT / ".rasa" / "bin" / "python"
_SECONDS_TO_START = 300

_PROJECT = {
    # Without a pipeline and policies Rasa takes its own, as in the project that `rasa init` makes.
    "config.yml": """\
recipe: default.v1
assistant_id: bench
language: fr
""",
    "domain.yml": """\
version: "3.1"
intents: [greet, thanks]
responses:
  utter_greet: [{text: "Salam"}]
""",
    "credentials.yml": "rest:\n",
    "data/nlu.yml": """\
version: "3.1"
nlu:
- intent: greet
  examples: |
    - salam
    - bonjour
    - salut
- intent: thanks
  examples: |
    - merci
    - choukran
    - merci bien
""",
    "data/rules.yml": """\
version: "3.1"
rules:
- rule: greet
  steps:
  - intent: greet
  - action: utter_greet
""",
}


async def answers_a_second(people: int, messages: int) -> float:
    """Messages answered a second when `people` write at once, each the next message when the last is answered."""
    with tempfile.TemporaryDirectory() as folder:
        async with _server(Path(folder)) as url, httpx.AsyncClient(timeout=60) as client:

            async def write(person: int, count: int) -> None:
                for _ in range(count):
                    answer = await client.post(url, json={"sender": f"person-{person}", "message": "salam"})
                    assert answer.json() == [{"recipient_id": f"person-{person}", "text": "Salam"}], answer.text

            await write(0, 5)  # Warm.
            started = time.perf_counter()
            await asyncio.gather(*(write(person, messages // people) for person in range(people)))
            return messages // people * people / (time.perf_counter() - started)


@contextlib.asynccontextmanager
async def _server(folder: Path) -> AsyncIterator[str]:
    for name, content in _PROJECT.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, encoding="utf-8")
    training = await _rasa(folder, "train", "--quiet")
    if await training.wait():
        raise RuntimeError("the official Rasa did not train")
    port = free_port()
    server = await _rasa(folder, "run", "--port", str(port), "--interface", "127.0.0.1")
    try:
        url = f"http://127.0.0.1:{port}"
        await _until_it_answers(url, server)
        yield f"{url}/webhooks/rest/webhook"
    finally:
        if server.returncode is None:
            server.terminate()
        await server.wait()


async def _rasa(folder: Path, *arguments: str) -> asyncio.subprocess.Process:
    environment = {**os.environ, "RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3"}
    command: Sequence[str | Path] = (OFFICIAL, "-W", "ignore", "-m", "rasa", *arguments)
    quiet = asyncio.subprocess.DEVNULL
    return await asyncio.create_subprocess_exec(*command, cwd=folder, env=environment, stdout=quiet, stderr=quiet)


async def _until_it_answers(url: str, server: asyncio.subprocess.Process) -> None:
    async with asyncio.timeout(_SECONDS_TO_START), httpx.AsyncClient() as client:
        while server.returncode is None:
            with contextlib.suppress(httpx.TransportError):
                if (await client.get(url)).status_code == 200:
                    return
            await asyncio.sleep(0.5)
        raise RuntimeError("the official Rasa did not start")
