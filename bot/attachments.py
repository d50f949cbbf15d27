"""Photos, voice notes and generated files on disk, named by the hash of their content, within a quota.

Photos lose their EXIF before they are stored.
"""

import hashlib
import io
import os
import time
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from bot.settings import Settings

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 52_000_000
"""Phones of "50 megapixels" make up to 50.4 million."""
LONGEST_SIDE = 2_048
"""Pixels; enough to recognise a pothole, small enough for a weak network."""


MEDIA_TYPES = {"jpg": "image/jpeg", "png": "image/png", "ics": "text/calendar", "ogg": "audio/ogg"}
"""What a file is, by the ending of its reference."""
_GENERATED = ("png", "ics")
DEFAULT_QUOTA = 5_000 * 1024 * 1024
_SECONDS_BETWEEN_COUNTS = 60.0


class CannotKeep(ValueError):
    """A file that is not stored; `code` names what is said to the person."""

    code = "cannot_keep"


class NotAPhoto(CannotKeep):
    """The bytes are no JPEG, PNG or WEBP picture of a bearable size."""

    code = "not_a_photo"


class NoRoom(CannotKeep):
    """The quota is used up."""

    code = "no_room"


class Attachments:
    """A folder of files of `max_bytes` together; a reference is `<hash>.<ending>`.

    Where there is no room for a photo or a voice note, what the assistant made itself makes room, the oldest first: it can
    be made again. Nothing that people sent is ever deleted for that.
    """

    def __init__(self, folder: Path, *, max_bytes: int = DEFAULT_QUOTA) -> None:
        self._folder = folder
        self._max_bytes = max_bytes
        self._counted: tuple[float, int] | None = None

    def store_photo(self, content: bytes) -> str:
        """Re-encodes a picture as JPEG, upright and without metadata; raises `NotAPhoto`."""
        if len(content) > MAX_BYTES:
            raise NotAPhoto("larger than 10 MB")
        return self._write(_reencoded(content), "jpg")

    def store_voice(self, content: bytes) -> str:
        """Keeps a voice note as it is; nobody listens to it here."""
        if not content or len(content) > MAX_BYTES:
            raise CannotKeep("empty or larger than 10 MB")
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
                self._note(-path.stat().st_size)
                path.unlink(missing_ok=True)

    def used(self) -> int:
        """Bytes that the files take; other processes may have added some in the last minute."""
        if self._counted is None or time.monotonic() - self._counted[0] > _SECONDS_BETWEEN_COUNTS:
            sizes = (entry.stat().st_size for entry in self._entries())
            self._counted = time.monotonic(), sum(sizes)
        return self._counted[1]

    def _note(self, more: int) -> None:
        if self._counted is not None:
            at, used = self._counted
            self._counted = at, used + more

    def _entries(self) -> list["os.DirEntry[str]"]:
        try:
            with os.scandir(self._folder) as entries:
                return [entry for entry in entries if entry.is_file()]
        except FileNotFoundError:
            return []

    def _make_room(self, size: int) -> None:
        """Raises `NoRoom`."""
        if self.used() + size <= self._max_bytes:
            return
        ours = (entry for entry in self._entries() if entry.name.endswith(_GENERATED))
        for entry in sorted(ours, key=lambda entry: entry.stat().st_mtime):
            self.delete([entry.name])
            if self.used() + size <= self._max_bytes:
                return
        raise NoRoom(f"{self._max_bytes} bytes are used up")

    def _write(self, content: bytes, ending: str) -> str:
        self._folder.mkdir(parents=True, exist_ok=True)
        reference = f"{hashlib.sha256(content).hexdigest()[:32]}.{ending}"
        target = self._folder / reference
        if not target.exists():
            if ending not in _GENERATED:
                self._make_room(len(content))
            part = target.with_suffix(".part")
            part.write_bytes(content)
            part.replace(target)
            self._note(len(content))
        return reference


def open_attachments(settings: Settings) -> Attachments:
    """The folder that the settings name, with its quota."""
    return Attachments(settings.data_dir / "attachments", max_bytes=settings.attachments_max_mb * 1024 * 1024)


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
