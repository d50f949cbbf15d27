"""Photos, voice notes and generated files on disk, named by the hash of their content, within a quota.

Photos lose their EXIF before they are stored. Nobody understands voice notes here, but an agent at the desk may listen.
"""

import asyncio
import hashlib
import os
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import ParamSpec, TypeVar

from bot import audio
from bot.allowance import Allowance
from bot.pictures import Unreadable, as_photo, place_of_photo
from bot.settings import Settings

P = ParamSpec("P")
T = TypeVar("T")

MAX_BYTES = 10 * 1024 * 1024
MAX_VOICE_BYTES = 4 * 1024 * 1024
"""Ten minutes and more of what messengers record."""
VOICE_SHARE = 0.2
"""Of the quota: photos, which say where a hole is, are not crowded out by what hardly anybody will listen to."""

MEDIA_TYPES = {"jpg": "image/jpeg", "png": "image/png", "ics": "text/calendar", **audio.MEDIA_TYPES}
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


class NotAudio(CannotKeep):
    """The bytes are no recording of a bearable size."""


class NoRoom(CannotKeep):
    """The quota is used up, or what this person may leave in a day."""

    code = "no_room"


class Attachments:
    """A folder of files of `max_bytes` together; a reference is `<hash>.<ending>`.

    Where there is no room for a photo or a voice note, what the assistant made itself makes room, the oldest first: it can
    be made again. Nothing that people sent is ever deleted for that.
    """

    def __init__(self, folder: Path, *, max_bytes: int = DEFAULT_QUOTA, allowance: Allowance | None = None) -> None:
        self._folder = folder
        self._max_bytes = max_bytes
        self._allowance = allowance or Allowance()
        self._counted: tuple[float, Counter[str]] | None = None
        self._writing = threading.Lock()
        # One picture after another: each may take 100 MB while it is decoded, and messages want a processor too.
        self._decoder = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pictures")

    async def keep_photo(self, content: bytes, *, whose: Mapping[str, int]) -> str:
        """`store_photo`, beside the event loop. `whose`: who is charged, with their bytes a day (`bot/allowance.py`)."""
        return await self._beside(self.store_photo, content, whose)

    async def keep_voice(self, content: bytes, *, whose: Mapping[str, int]) -> str:
        """`store_voice`, beside the event loop."""
        return await self._beside(self.store_voice, content, whose)

    async def place_of(self, content: bytes) -> tuple[float, float] | None:
        """Where a photo was taken, as its file says; some must be decoded for that."""
        return await self._beside(place_of_photo, content)

    async def _beside(self, work: Callable[P, T], *arguments: P.args, **options: P.kwargs) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._decoder, lambda: work(*arguments, **options))

    def store_photo(self, content: bytes, whose: Mapping[str, int] | None = None) -> str:
        """Re-encodes a picture as JPEG, upright and without metadata; raises `NotAPhoto` and `NoRoom`."""
        if len(content) > MAX_BYTES:
            raise NotAPhoto("larger than 10 MB")
        try:
            photo = as_photo(content)
        except Unreadable as error:
            raise NotAPhoto(str(error)) from error
        return self._write(photo, "jpg", whose)

    def store_voice(self, content: bytes, whose: Mapping[str, int] | None = None) -> str:
        """Keeps a voice note as it is; raises `NotAudio` and `NoRoom`."""
        ending = audio.ending_of(content)
        if ending is None or len(content) > MAX_VOICE_BYTES:
            raise NotAudio("no recording, or a very long one")
        return self._write(content, ending, whose)

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
                self._note(path.suffix, -path.stat().st_size)
                path.unlink(missing_ok=True)

    def used(self) -> int:
        """Bytes that the files take; other processes may have added some in the last minute."""
        return self._sizes().total()

    def _sizes(self) -> Counter[str]:
        """Bytes by the ending of files."""
        if self._counted is None or time.monotonic() - self._counted[0] > _SECONDS_BETWEEN_COUNTS:
            sizes: Counter[str] = Counter()
            for entry in self._entries():
                sizes[Path(entry.name).suffix] += entry.stat().st_size
            self._counted = time.monotonic(), sizes
        return self._counted[1]

    def _note(self, suffix: str, more: int) -> None:
        if self._counted is not None:
            self._counted[1][suffix] += more

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

    def _check_voices(self, size: int) -> None:
        """Raises `NoRoom`."""
        used = sum(self._sizes()[f".{ending}"] for ending in audio.MEDIA_TYPES)
        if used + size > self._max_bytes * VOICE_SHARE:
            raise NoRoom("the share of voice notes is used up")

    def _write(self, content: bytes, ending: str, whose: Mapping[str, int] | None = None) -> str:
        reference = f"{hashlib.sha256(content).hexdigest()[:32]}.{ending}"
        with self._writing:
            self._folder.mkdir(parents=True, exist_ok=True)
            target = self._folder / reference
            if not target.exists():
                if ending not in _GENERATED:
                    self._admit(len(content), ending, whose or {})
                part = target.with_suffix(".part")
                part.write_bytes(content)
                part.replace(target)
                self._note(target.suffix, len(content))
        return reference

    def _admit(self, size: int, ending: str, whose: Mapping[str, int]) -> None:
        """Raises `NoRoom`."""
        if ending in audio.MEDIA_TYPES:
            self._check_voices(size)
        if not self._allowance.spend(size, whose):
            raise NoRoom("enough from this person for a day")
        self._make_room(size)


def open_attachments(settings: Settings) -> Attachments:
    """The folder that the settings name, with its quota."""
    return Attachments(settings.data_dir / "attachments", max_bytes=settings.attachments_max_mb * 1024 * 1024)
