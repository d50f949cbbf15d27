"""The local Twilio as a process of its own; the first line of its output is its address."""

import argparse
import asyncio
import contextlib

from tests.bot.fake_twilio import FakeTwilio, Faults


async def _serve(options: argparse.Namespace) -> None:
    faults = Faults(
        options.too_many,
        options.server_error,
        options.lost_request,
        options.lost_answer,
        options.duplicate_webhook,
        options.seed,
        options.hang,
    )
    settings = {"webhook": options.webhook, "faults": faults, "answer_statuses": True}
    async with FakeTwilio.running(port=options.port, **settings) as twilio:
        print(twilio.url, flush=True)  # noqa: T201
        await asyncio.Event().wait()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--webhook", default="", help="where messages of people are posted to")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--hang", type=float, default=30.0, help="seconds that a lost request or answer takes")
    for name in ("too-many", "server-error", "lost-request", "lost-answer", "duplicate-webhook"):
        parser.add_argument(f"--{name}", type=float, default=0.0, help="chance of it, 0 to 1")
    return parser.parse_args()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(_options()))
