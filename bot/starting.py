"""What is looked at before the service starts, so that a wrong setting is one line and no service that fails later."""

from bot.assistant import present_edition
from bot.channels.registry import check as check_channels
from bot.receipt_key import check as check_receipt_key
from bot.settings import Settings


def check(settings: Settings) -> None:
    """Raises `ValueError` or `OSError`, naming the setting or the file and the remedy."""
    check_channels(settings)
    present_edition(settings)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    check_receipt_key(settings)
