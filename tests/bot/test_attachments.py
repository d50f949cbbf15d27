"""Files have their room: what the assistant made itself goes first, what people sent never does."""

import io
import os
from pathlib import Path

import pytest
from PIL import Image

from bot.attachments import Attachments, CannotKeep, NoRoom, NotAPhoto


def photo(colour: str) -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (320, 240), colour).save(content, "JPEG")
    return content.getvalue()


def test_what_is_kept_is_counted(tmp_path: Path) -> None:
    shelf = Attachments(tmp_path)
    assert shelf.used() == 0
    voice = shelf.store_voice(b"v" * 1_000)
    shelf.store_voice(b"v" * 1_000)
    assert shelf.used() == 1_000
    shelf.store_generated(b"m" * 500, "png")
    assert (shelf.used(), Attachments(tmp_path).used()) == (1_500, 1_500)
    shelf.delete([voice, "unknown.ogg"])
    assert shelf.used() == 500


def test_old_maps_make_room_for_photos(tmp_path: Path) -> None:
    shelf = Attachments(tmp_path, max_bytes=2_500)
    maps = [shelf.store_generated(bytes([number]) * 1_000, "png") for number in range(2)]
    for age, name in enumerate(maps):
        os.utime(tmp_path / name, (1_000 + age, 1_000 + age))
    voice = shelf.store_voice(b"v" * 1_000)
    assert [shelf.path(name) is not None for name in (*maps, voice)] == [False, True, True]


def test_where_people_filled_the_room_nothing_of_theirs_is_lost(tmp_path: Path) -> None:
    shelf = Attachments(tmp_path, max_bytes=1_500)
    voice = shelf.store_voice(b"v" * 1_000)
    with pytest.raises(NoRoom):
        shelf.store_photo(photo("red"))
    with pytest.raises(NoRoom):
        shelf.store_voice(b"w" * 1_000)
    assert shelf.store_voice(b"v" * 1_000) == voice  # The same file takes no room.
    assert shelf.path(shelf.store_generated(b"m" * 1_000, "png")) is not None  # A reply never fails for want of room.
    assert shelf.path(voice) is not None


@pytest.mark.parametrize("content", [b"", b"%PDF-1.4 a document", b"GIF89a", photo("blue")[:200]])
def test_what_is_no_photo_is_not_kept(tmp_path: Path, content: bytes) -> None:
    shelf = Attachments(tmp_path)
    with pytest.raises(NotAPhoto):
        shelf.store_photo(content)
    assert shelf.used() == 0


def test_a_voice_note_of_nothing_is_not_kept(tmp_path: Path) -> None:
    with pytest.raises(CannotKeep):
        Attachments(tmp_path).store_voice(b"")
