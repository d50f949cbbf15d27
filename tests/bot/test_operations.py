"""What the monitoring gets to see, and who may ask."""

from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.requests import Request

from bot.channels.channel import Failure, SendFailed
from bot.operations import may_read_metrics
from tests.bot.loopback import Loopback
from tests.bot.test_worker import service


def asked_by(host: str | None, **headers: str) -> Request:
    scope: dict[str, Any] = {
        "type": "http",
        "client": (host, 1) if host else None,
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
    }
    return Request(scope)


@pytest.mark.parametrize(
    ("request_", "token", "allowed"),
    [
        (asked_by("127.0.0.1"), "", True),
        (asked_by("::1"), "", True),
        (asked_by("127.0.0.1", x_forwarded_for="41.1.2.3"), "", False),
        (asked_by("41.1.2.3"), "", False),
        (asked_by(None), "", False),
        (asked_by("127.0.0.1"), "secret", False),
        (asked_by("41.1.2.3", authorization="Bearer secret"), "secret", True),
        (asked_by("41.1.2.3", authorization="Bearer wrong"), "secret", False),
    ],
)
def test_metrics_are_for_this_machine_or_the_token(request_: Request, token: str, allowed: bool) -> None:
    assert may_read_metrics(request_, token) is allowed


async def test_metrics_show_what_came_in_and_what_went_out(tmp_path: Path, model: Path) -> None:
    channel = Loopback()
    channel.failures = [SendFailed(Failure.RETRY, "429", wait=0.01), SendFailed(Failure.REFUSED, "400")]
    async with service(tmp_path, model, channel) as client:
        for message in ("m1", "m1", "m2"):
            await channel.reception.accept("loopback", "amina", message, {"text": "merci"})
        values = await metrics_until(client, 'casa_sends_total{channel="loopback",outcome="sent"}')
        assert (await client.get("/readyz")).json() == {"status": "ready"}
    assert {name: value for name, value in values.items() if "loopback" in name and "created" not in name} == {
        'casa_received_total{channel="loopback"}': 2,
        'casa_repeated_total{channel="loopback"}': 1,
        'casa_sends_total{channel="loopback",outcome="retry"}': 1,
        'casa_sends_total{channel="loopback",outcome="refused"}': 1,
        'casa_sends_total{channel="loopback",outcome="sent"}': 1,
        'casa_throttled_total{channel="loopback"}': 1,
        'casa_outbox{channel="loopback",state="failed"}': 1,
    }
    assert values["casa_turn_seconds_count"] == values['casa_turns_total{outcome="done"}'] == 2
    assert values["casa_inbox_waiting"] == values["casa_inbox_age_seconds"] == 0


async def metrics_until(client: httpx.AsyncClient, name: str) -> dict[str, float]:
    """The metrics once `name` is among them and nothing waits any more."""
    for _ in range(500):
        exposed = (await client.get("/metrics")).text
        lines = [line for line in exposed.splitlines() if not line.startswith("#")]
        values = {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines}
        if name in values and not any('state="new"' in line for line in values):
            return values
    raise AssertionError(f"no {name}")
