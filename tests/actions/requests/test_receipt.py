"""Receipts: an independent reader finds in the picture what was signed, and no sign of it can be changed."""

import base64
import io
from datetime import date

import pytest
import zxingcpp
from PIL import Image

from actions.requests.receipt import BadReceipt, Receipt, ReceiptKey, draw, read_receipt

KEY = ReceiptKey.from_seed(base64.b64encode(bytes(range(32))).decode())
OTHER = ReceiptKey.from_seed(base64.b64encode(bytes(32)).decode())
RECEIPT = Receipt("7K3-42R", date(2026, 11, 23), "eau_coupure_fuite", "sidi_othmane")


def test_another_reader_finds_the_signed_text_in_the_picture_also_when_small_and_grey() -> None:
    content = draw(KEY.sign(RECEIPT), RECEIPT, place="Sidi Othmane")
    with Image.open(io.BytesIO(content)) as picture:
        for seen in (picture, picture.convert("L").resize((360, picture.height // 2))):
            (code,) = zxingcpp.read_barcodes(seen)
            assert read_receipt(code.text, KEY.public) == RECEIPT


def test_a_receipt_typed_in_small_letters_with_blanks_is_still_one() -> None:
    typed = " ".join(KEY.sign(RECEIPT).lower().partition("*"))
    assert read_receipt(typed, KEY.public) == RECEIPT


def test_without_an_arrondissement() -> None:
    receipt = Receipt("7K3-42R", date(2026, 11, 23), "voirie", "")
    assert read_receipt(KEY.sign(receipt), KEY.public) == receipt


def test_no_sign_of_it_can_be_changed() -> None:
    text = KEY.sign(RECEIPT)
    for position, sign in enumerate(text):
        changed = text[:position] + ("A" if sign != "A" else "B") + text[position + 1 :]
        # The last sign of base32 carries two bits that mean nothing.
        if position < len(text) - 1:
            with pytest.raises(BadReceipt):
                read_receipt(changed, KEY.public)


@pytest.mark.parametrize(
    "text", ["", "bonjour", "CASA1*7K3-42R", "CASA1*7K3-42R*2026-11-23*VOIRIE**%%%", "http://x.ma"]
)
def test_anything_else_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(BadReceipt, match=r"\w+ \w+"):
        read_receipt(text, KEY.public)


def test_another_citys_key_is_refused() -> None:
    with pytest.raises(BadReceipt, match="another key"):
        read_receipt(KEY.sign(RECEIPT), OTHER.public)
