"""`casa request verify` and `casa request receipt-key`: receipts at an arrondissement's desk, without network or database."""

from pathlib import Path
from typing import Annotated

import typer

from bot.commands.common import or_fail, settings_or_exit


def verify(
    receipt: Annotated[str, typer.Argument(help="The scanned text, or a picture of the receipt.")],
    key: Annotated[
        str | None, typer.Option(help="The city's public key (casa request receipt-key); ours unless given.")
    ] = None,
) -> None:
    """Check a receipt: number, day, subject and arrondissement, and whether the city signed it."""
    from actions.requests.receipt import BadReceipt, read_receipt
    from bot.receipt_key import receipt_key

    public = key or or_fail(lambda: receipt_key(settings_or_exit())).public
    try:
        found = read_receipt(_text_of(receipt), public)
    except BadReceipt as error:
        typer.echo(f"NOT VALID: {error}", err=True)
        raise typer.Exit(1) from None
    typer.echo("VALID")
    typer.echo(f"number         {found.number}")
    typer.echo(f"filed on       {found.filed_on}")
    typer.echo(f"category       {found.category}")
    typer.echo(f"arrondissement {found.arrondissement or 'not known'}")


def receipt_key() -> None:
    """Print the public key that desks check receipts with."""
    from bot import receipt_key as place

    typer.echo(or_fail(lambda: place.receipt_key(settings_or_exit())).public)


def _text_of(receipt: str) -> str:
    """The text itself, or what the code in a picture says."""
    path = Path(receipt)
    if "*" in receipt or not path.is_file():
        return receipt
    import zxingcpp
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(path) as picture:
            codes = zxingcpp.read_barcodes(picture.convert("L"))
    except (UnidentifiedImageError, OSError):
        typer.echo(f"casa: {path} is no picture that can be read", err=True)
        raise typer.Exit(2) from None
    if not codes:
        typer.echo(f"casa: no code found in {path}; take the photo again, straight and close", err=True)
        raise typer.Exit(2)
    return str(codes[0].text)
