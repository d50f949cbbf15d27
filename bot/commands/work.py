"""`casa work`: another process that handles and sends messages, without a web server."""

import asyncio
import signal
from pathlib import Path

from bot.commands.common import or_fail, settings_or_exit, tell
from bot.settings import Settings


def work() -> None:
    """Handle and send messages beside `casa serve`, on this machine or another (PostgreSQL); without a web server."""
    from bot.assistant import ensure_model
    from bot.logs import configure, installation_secret
    from bot.memory import give_back_large_blocks
    from bot.starting import check

    give_back_large_blocks()
    settings = settings_or_exit()
    or_fail(lambda: check(settings))
    configure(settings.log_level, installation_secret(settings.log_secret, settings.data_dir))
    model = or_fail(lambda: ensure_model(settings.root, tell))
    tell("Salam Casa is working (stop with Ctrl+C)")
    asyncio.run(_run(settings, model))


async def _run(settings: Settings, model: Path) -> None:
    from bot.service import running

    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with running(settings, model):
        await stop.wait()
