"""Where the key of receipts lies: in the settings, or in a file of the data folder that is made at first use."""

import base64
import os
import secrets
from pathlib import Path

from actions.requests.receipt import ReceiptKey
from bot.settings import Settings

_FILE = "receipt.key"


def receipt_key(settings: Settings) -> ReceiptKey:
    """The key; raises `ValueError`, naming setting or file, where it cannot be read."""
    if seed := settings.receipt_key.get_secret_value():
        return _read(seed, "RECEIPT_KEY")
    path = settings.data_dir / _FILE
    if not path.is_file():
        _make(path)
    return _read(path.read_text(encoding="ascii").strip(), str(path))


def check(settings: Settings) -> None:
    """Raises `ValueError` where there is a key that cannot be read; makes none."""
    if settings.receipt_key.get_secret_value() or (settings.data_dir / _FILE).is_file():
        receipt_key(settings)


def _make(path: Path) -> None:
    """Two processes that start together keep one key: the link fails for the second."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{_FILE}.{secrets.token_hex(4)}")
    fresh.touch(mode=0o600)
    fresh.write_text(base64.b64encode(secrets.token_bytes(32)).decode(), encoding="ascii")
    try:
        os.link(fresh, path)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()


def _read(seed: str, where: str) -> ReceiptKey:
    try:
        return ReceiptKey.from_seed(seed)
    except ValueError as error:
        raise ValueError(f"{where}: {error}; `openssl rand -base64 32` makes one") from error
