"""Pictures of people: decoded within bounds, made small, and freed of their metadata. Slow: not for the event loop."""

import io
import warnings
from typing import Any

from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

MAX_PIXELS = 52_000_000
"""Of a JPEG, which is decoded at a half or a quarter of its size. Phones of "50 megapixels" make up to 50.4 million."""
MAX_PIXELS_AT_ONCE = {"JPEG": 16_500_000, "PNG": 12_500_000, "WEBP": 8_500_000}
"""Of what the decoder has to hold as a whole (of JPEGs the progressive ones): some 100 MB, where a file of 200 KB may ask for
gigabytes. Cameras of 12 megapixels, screenshots and what messengers send are smaller."""
LONGEST_SIDE = 2_048
"""Pixels; enough to recognise a pothole, small enough for a weak network."""
_FORMATS = ("JPEG", "PNG", "WEBP")


class Unreadable(ValueError):
    """No JPEG, PNG or WEBP picture of a bearable size."""


def as_photo(content: bytes) -> bytes:
    """A picture as JPEG, upright, at most `LONGEST_SIDE` long and without metadata; raises `Unreadable`."""
    try:
        with warnings.catch_warnings():
            # A picture that would fill the memory is refused by its size, before it is decoded.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            _check(content)
            upright = _decoded(content)
        # A fresh picture from the pixels alone: nothing of the file's metadata can travel along.
        bare = Image.frombytes("RGB", upright.size, upright.tobytes())
        out = io.BytesIO()
        bare.save(out, "JPEG", quality=82, optimize=True)
    except Unreadable:
        raise
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise Unreadable("not a readable JPEG, PNG or WEBP") from error
    return out.getvalue()


def _check(content: bytes) -> None:
    with Image.open(io.BytesIO(content), formats=_FORMATS) as probe:
        scales = probe.format == "JPEG" and "progressive" not in probe.info
        if probe.width * probe.height > (MAX_PIXELS if scales else MAX_PIXELS_AT_ONCE[str(probe.format)]):
            raise Unreadable("too many pixels")
        probe.verify()


def _decoded(content: bytes) -> Image.Image:
    """Small first, everything else afterwards: each step at the full size would be one more copy of it."""
    picture: Image.Image = Image.open(io.BytesIO(content), formats=_FORMATS)
    picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    picture.load()
    if picture.mode not in ("RGB", "L"):
        picture = picture.convert("RGB")
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    ImageOps.exif_transpose(picture, in_place=True)
    return picture.convert("RGB")


def place_of_photo(content: bytes) -> tuple[float, float] | None:
    """Latitude and longitude where a picture was taken, if its metadata say so. Phones send it with files, not with photos."""
    try:
        with Image.open(io.BytesIO(content), formats=_FORMATS) as picture:
            place = picture.getexif().get_ifd(ExifTags.IFD.GPSInfo)
        lat, lon = _degrees(place[ExifTags.GPS.GPSLatitude]), _degrees(place[ExifTags.GPS.GPSLongitude])
        south, west = place[ExifTags.GPS.GPSLatitudeRef] == "S", place[ExifTags.GPS.GPSLongitudeRef] == "W"
    except Exception:  # Metadata may hold anything; without a place the photo is still a photo.
        return None
    if not (0 <= lat <= 90 and 0 <= lon <= 180) or lat == lon == 0:
        return None
    return (-lat if south else lat), (-lon if west else lon)


def _degrees(value: Any) -> float:
    degrees, minutes, seconds = (float(number) for number in value)
    return degrees + minutes / 60 + seconds / 3600
