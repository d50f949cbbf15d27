"""Files as phones send them, made by the tests."""

import io

from PIL import Image


def forty_megapixels() -> bytes:
    """A JPEG of 7,300 by 5,480 pixels, as a phone's camera makes them, within the 10 MB that are taken."""
    out = io.BytesIO()
    Image.radial_gradient("L").resize((7_300, 5_480)).convert("RGB").save(out, "JPEG", quality=85)
    return out.getvalue()


def small_photo(shade: int) -> bytes:
    """A small photo, another one for each shade."""
    out = io.BytesIO()
    Image.new("RGB", (320, 240), (shade, 90, 60)).save(out, "JPEG", quality=95)
    return out.getvalue()


def png_bomb() -> bytes:
    """A PNG of some 150 KB that would fill 200 MB."""
    out = io.BytesIO()
    Image.new("L", (7_200, 7_200), 90).save(out, "PNG")
    return out.getvalue()


def voice_note(size: int = 1_000, fill: bytes = b"v") -> bytes:
    """What messengers record, as far as anybody here looks at it: an Ogg page that begins an Opus stream."""
    head = b"OggS\x00\x02" + bytes(20) + b"\x01\x13OpusHead\x01\x01"
    return head + fill * (size - len(head))


def pdf() -> bytes:
    """A PDF of one page."""
    out = io.BytesIO()
    Image.new("RGB", (210, 297), "white").save(out, "PDF")
    return out.getvalue()
