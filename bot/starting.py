"""What is looked at before the service starts, so that a fault is one line and no service that fails later."""

import asyncio
import errno
import socket

from bot.assistant import present_edition
from bot.channels.registry import check as check_channels
from bot.database import open_database
from bot.receipt_key import check as check_receipt_key
from bot.settings import Settings


def check(settings: Settings) -> None:
    """Raises `ValueError` or `OSError`, naming the setting or the file and the remedy."""
    check_channels(settings)
    present_edition(settings)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    check_receipt_key(settings)
    asyncio.run(_database_opens(settings.database_url))


def check_address(host: str, port: int) -> None:
    """Whether a server can listen there; raises `ValueError` with the reason."""
    try:
        for family, kind, protocol, _, address in socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM):
            with socket.socket(family, kind, protocol) as trial:
                trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                trial.bind(address)
    except socket.gaierror:
        raise ValueError(
            f"HOST: no machine is called {host!r}; write 127.0.0.1, or 0.0.0.0 for every network"
        ) from None
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise ValueError(
                f"port {port} of {host} is in use; stop what listens there, or choose another PORT"
            ) from None
        reason = error.strerror or error
        raise ValueError(f"cannot listen on {host}, port {port} ({reason}); choose another HOST or PORT") from None


async def _database_opens(url: str) -> None:
    await (await open_database(url)).close()
