"""Photos, voice notes and generated files on disk, named by the hash of their content.

Photos lose their EXIF before they are stored.
"""

import hashlib
import io
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 52_000_000
"""Phones of "50 megapixels" make up to 50.4 million."""
LONGEST_SIDE = 2_048
"""Pixels; enough to recognise a pothole, small enough for a weak network."""


MEDIA_TYPES = {"jpg": "image/jpeg", "png": "image/png", "ics": "text/calendar", "ogg": "audio/ogg"}
"""What a file is, by the ending of its reference."""
_GENERATED = ("png", "ics")


class NotAPhoto(ValueError):
    """The bytes are no JPEG, PNG or WEBP picture of a bearable size."""


class Attachments:
    """A folder of files; a reference is `<hash>.<ending>`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def store_photo(self, content: bytes) -> str:
        """Re-encodes a picture as JPEG, upright and without metadata; raises `NotAPhoto`."""
        if len(content) > MAX_BYTES:
            raise NotAPhoto("larger than 10 MB")
        return self._write(_reencoded(content), "jpg")

    def store_voice(self, content: bytes) -> str:
        """Keeps a voice note as it is; nobody listens to it here."""
        if not content or len(content) > MAX_BYTES:
            raise ValueError("empty or larger than 10 MB")
        return self._write(content, "ogg")

    def store_generated(self, content: bytes, ending: str) -> str:
        """Keeps what the assistant made itself: a picture (`png`) or dates for a calendar (`ics`)."""
        if ending not in _GENERATED:
            raise ValueError(f"a generated file is one of {', '.join(_GENERATED)}, not {ending!r}")
        return self._write(content, ending)

    def path(self, reference: str) -> Path | None:
        """Where a file lies; None for a reference that is none of ours."""
        if not reference.replace(".", "").isalnum():
            return None
        path = self._folder / reference
        return path if path.is_file() else None

    def delete(self, references: Iterable[str]) -> None:
        for reference in references:
            path = self.path(reference)
            if path is not None:
                path.unlink(missing_ok=True)

    def _write(self, content: bytes, ending: str) -> str:
        self._folder.mkdir(parents=True, exist_ok=True)
        reference = f"{hashlib.sha256(content).hexdigest()[:32]}.{ending}"
        target = self._folder / reference
        if not target.exists():
            part = target.with_suffix(".part")
            part.write_bytes(content)
            part.replace(target)
        return reference


def place_of_photo(content: bytes) -> tuple[float, float] | None:
    """Latitude and longitude where a picture was taken, if its metadata say so. Phones send it with files, not with photos."""
    try:
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP")) as picture:
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


def _reencoded(content: bytes) -> bytes:
    try:
        with warnings.catch_warnings():
            # A picture that would fill the memory is refused by its size below, before it is decoded.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP")) as probe:
                if probe.width * probe.height > MAX_PIXELS:
                    raise NotAPhoto("too many pixels")
                probe.verify()
            with Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP")) as picture:
                # A JPEG is decoded at a half or a quarter of its size where that is enough: a big photo fills no memory.
                picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
                upright = ImageOps.exif_transpose(picture).convert("RGB")
        upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        # A fresh picture from the pixels alone: nothing of the file's metadata can travel along.
        bare = Image.frombytes("RGB", upright.size, upright.tobytes())
        out = io.BytesIO()
        bare.save(out, "JPEG", quality=82, optimize=True)
    except NotAPhoto:
        raise
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise NotAPhoto("not a readable JPEG, PNG or WEBP") from error
    return out.getvalue()
