"""The local Bot API as a process of its own; the first line of its output is its address.

`POST /_fake/says {"chat": 7, "text": "salam"}` lets a person write, `/_fake/taps {"chat", "message_id", "data"}` tap,
`/_fake/update {...}` delivers any update, `/_fake/faults {...}` changes the chances, `/_fake/block {"chat"}` blocks the bot,
`/_fake/migrate {"chat", "to"}` moves a group; `POST /_fake/sent` answers all calls that were accepted, and the violations.
"""

import argparse
import asyncio
import contextlib

from tests.bot.fake_telegram import FakeTelegram, Faults


async def _serve(options: argparse.Namespace) -> None:
    faults = Faults(
        options.too_many,
        options.server_error,
        options.lost_request,
        options.lost_answer,
        options.duplicate_update,
        options.seed,
        options.hang,
    )
    async with FakeTelegram.running(port=options.port, faults=faults, log=options.log) as telegram:
        print(telegram.url, flush=True)  # noqa: T201
        await asyncio.Event().wait()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--log", default="", help="file that gets a JSON line for each message accepted from the bot")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--hang", type=float, default=30.0, help="seconds that a lost request or answer takes")
    for name in ("too-many", "server-error", "lost-request", "lost-answer", "duplicate-update"):
        parser.add_argument(f"--{name}", type=float, default=0.0, help="chance of it, 0 to 1")
    return parser.parse_args()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(_options()))
