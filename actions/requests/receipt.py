"""The receipt of a service request: a line of text with a signature, and a picture of it that any phone can scan.

An arrondissement's desk checks it with our public key alone, without network: `casa request verify`.
"""

import base64
import io
import re
from dataclasses import dataclass
from datetime import date

import segno
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from PIL import Image, ImageDraw, ImageFont

from actions.requests.numbers import read_number

_VERSION = "CASA1"
_SEPARATOR = "*"
"""Of the signs that a QR code writes most densely, one that no field has."""
_FIELD = re.compile(r"[A-Z0-9.-]*")
_WIDTH = 720
"""Pixels: sharp on a phone of 360 pixels at double density."""
_MARGIN, _INK, _PAPER = 24, "#14211f", "#ffffff"


class BadReceipt(ValueError):
    """A text that is no receipt of ours; the message says why, for the person at the desk."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a receipt vouches for: that this request was filed that day, on this subject, in this arrondissement."""

    number: str
    filed_on: date
    category: str
    """The public code of the category (`data/city/categories.yml`)."""
    arrondissement: str
    """Its id, or empty where it is not known."""


class ReceiptKey:
    """The city's key that signs receipts."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private

    @classmethod
    def from_seed(cls, seed: str) -> "ReceiptKey":
        """`seed`: 32 bytes in base64; raises `ValueError` for anything else."""
        raw = base64.b64decode(seed, validate=True)
        if len(raw) != 32:
            raise ValueError("a receipt key is 32 bytes in base64")
        return cls(Ed25519PrivateKey.from_private_bytes(raw))

    @property
    def public(self) -> str:
        """What desks need to check receipts, in base64."""
        return base64.b64encode(self._private.public_key().public_bytes_raw()).decode()

    def sign(self, receipt: Receipt) -> str:
        """The receipt as the line of text that its picture holds."""
        said = _said(receipt)
        return _SEPARATOR.join((said, _to_text(self._private.sign(said.encode()))))


def read_receipt(text: str, public_key: str) -> Receipt:
    """The receipt in a scanned text; raises `BadReceipt` where it is not one, or not signed by the owner of `public_key`."""
    said, _, signature = "".join(text.split()).upper().rpartition(_SEPARATOR)
    fields = said.split(_SEPARATOR)
    if len(fields) != 5 or fields[0] != _VERSION:
        raise BadReceipt("this is no receipt of Salam Casa")
    try:
        _public(public_key).verify(_from_text(signature), said.encode())
    except InvalidSignature:
        raise BadReceipt("the signature is wrong: the receipt was changed, or another key signed it") from None
    number, filed_on, category, arrondissement = fields[1:]
    return Receipt(
        read_number(number) or number, date.fromisoformat(filed_on), _lower(category), _lower(arrondissement)
    )


def draw(text: str, receipt: Receipt, *, place: str) -> bytes:
    """A PNG with the code, and below it what a person can read: number, date and place."""
    code = _code(text, _WIDTH - 2 * _MARGIN)
    picture = Image.new("RGB", (_WIDTH, code.height + 250), _PAPER)
    picture.paste(code, ((_WIDTH - code.width) // 2, _MARGIN))
    pen = ImageDraw.Draw(picture)
    below = code.height + _MARGIN
    for line, size, offset in (
        (receipt.number, 96, 10),
        (f"{receipt.filed_on:%d/%m/%Y}" + (f" · {place}" if place else ""), 34, 122),
        ("Salam Casa · Casablanca", 28, 174),
    ):
        pen.text((_WIDTH / 2, below + offset), line, fill=_INK, font=ImageFont.load_default(size), anchor="ma")
    content = io.BytesIO()
    picture.save(content, "PNG", optimize=True)
    return content.getvalue()


def _code(text: str, width: int) -> Image.Image:
    """The QR code, its modules whole pixels, with the quiet zone that scanners want."""
    made = segno.make(text, error="m", micro=False)
    modules = made.symbol_size(border=4)[0]
    content = io.BytesIO()
    made.save(content, kind="png", scale=max(1, width // modules), border=4)
    return Image.open(content).convert("RGB")


def _said(receipt: Receipt) -> str:
    fields = (receipt.number, receipt.filed_on.isoformat(), _upper(receipt.category), _upper(receipt.arrondissement))
    if not all(_FIELD.fullmatch(field) for field in fields):
        raise ValueError(f"a receipt cannot hold {fields}")
    return _SEPARATOR.join((_VERSION, *fields))


def _upper(name: str) -> str:
    return name.upper().replace("_", ".")


def _lower(name: str) -> str:
    return name.lower().replace(".", "_")


def _to_text(signature: bytes) -> str:
    return base64.b32encode(signature).decode().rstrip("=")


def _from_text(written: str) -> bytes:
    try:
        return base64.b32decode(written + "=" * (-len(written) % 8))
    except ValueError:
        raise BadReceipt("the signature cannot be read: scan the code again") from None


def _public(key: str) -> Ed25519PublicKey:
    try:
        return Ed25519PublicKey.from_public_bytes(base64.b64decode(key, validate=True))
    except ValueError:
        raise BadReceipt("the key is no public key of receipts (see `casa request receipt-key`)") from None
