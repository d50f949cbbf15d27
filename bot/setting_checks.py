"""What a setting may say. Each check gives the value back, or raises `ValueError` with the fault and its remedy, without a secret."""

import base64
import binascii
import ipaddress
from urllib.parse import SplitResult, urlsplit

from pydantic import SecretStr

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
_BYTES_OF_A_KEY = 32


def level(value: str) -> str:
    if value.upper() not in LEVELS:
        raise ValueError(f"{value!r} is no level of logs; write one of {', '.join(LEVELS)}")
    return value


def address(value: str) -> str:
    """A server that we ask; empty where there is none."""
    if value:
        _split(value, "https://city.example/open311/v2")
    return value


def public_address(value: str) -> str:
    """Where the internet finds us; a path is one that a web server before ours cuts off (docs/going-live.md)."""
    if not value:
        return value
    example = "https://salam.casablanca.example"
    parts = _split(value, example)
    if parts.query or parts.fragment:
        raise ValueError(f"an address without ? and # is needed; write it like {example}")
    if parts.scheme != "https" and not _is_this_machine(parts.hostname or ""):
        raise ValueError(f"messaging services need https://; write it like {example}")
    return value


def receipt_seed(value: SecretStr) -> SecretStr:
    """Empty, or a key that signs: a broken one would only be noticed when the first citizen files a request."""
    seed = value.get_secret_value()
    try:
        right = not seed or len(base64.b64decode(seed, validate=True)) == _BYTES_OF_A_KEY
    except (binascii.Error, ValueError):
        right = False
    if not right:
        raise ValueError(f"it is not {_BYTES_OF_A_KEY} bytes in base64; `openssl rand -base64 32` makes a key")
    return value


def hours(value: str) -> str:
    from actions.desk_hours import DeskHours

    DeskHours.parse(value)
    return value


def _split(value: str, example: str) -> SplitResult:
    """The parts of an address of the web. What is wrong is said without it: it may hold a password."""
    try:
        parts = urlsplit(value)
        right = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        right = False
    if not right or value != "".join(value.split()):
        raise ValueError(f"it is no address of the web; write it like {example}")
    return parts


def _is_this_machine(host: str) -> bool:
    """For trials without a certificate."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
