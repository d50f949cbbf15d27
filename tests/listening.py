"""Sockets of this machine for local servers."""

import socket


def listener(port: int = 0) -> socket.socket:
    """A listening socket on a free port, or on `port`.

    Unlike `socket.create_server` it names its protocol: asyncio sends at once only on sockets that do, and each answer
    of a local server would else be 40 ms late.
    """
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind(("127.0.0.1", port))
    listening.listen(128)
    return listening


def free_port() -> int:
    """A port that nobody listens on."""
    with listener() as listening:
        return int(listening.getsockname()[1])
