"""Files have their room: what the assistant made itself goes first, what people sent never does."""

import asyncio
import io
import os
import time
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bot.allowance import Allowance, of_address
from bot.attachments import MAX_VOICE_BYTES, Attachments, CannotKeep, NoRoom, NotAPhoto, NotAudio
from tests.bot.pictures import forty_megapixels, voice_note


def photo(colour: str) -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (320, 240), colour).save(content, "JPEG")
    return content.getvalue()


def test_what_is_kept_is_counted(tmp_path: Path) -> None:
    shelf = Attachments(tmp_path)
    assert shelf.used() == 0
    voice = shelf.store_voice(voice_note())
    shelf.store_voice(voice_note())
    assert shelf.used() == 1_000
    shelf.store_generated(b"m" * 500, "png")
    assert (shelf.used(), Attachments(tmp_path).used()) == (1_500, 1_500)
    shelf.delete([voice, "unknown.ogg"])
    assert shelf.used() == 500


def test_old_maps_make_room_for_photos(tmp_path: Path) -> None:
    kept, elsewhere = photo("red"), Attachments(tmp_path / "elsewhere")
    elsewhere.store_photo(kept)
    size = elsewhere.used()
    shelf = Attachments(tmp_path, max_bytes=2 * size + 10)
    maps = [shelf.store_generated(bytes([number]) * size, "png") for number in range(2)]
    for age, name in enumerate(maps):
        os.utime(tmp_path / name, (1_000 + age, 1_000 + age))
    stored = shelf.store_photo(kept)
    assert [shelf.path(name) is not None for name in (*maps, stored)] == [False, True, True]


def test_where_people_filled_the_room_nothing_of_theirs_is_lost(tmp_path: Path) -> None:
    shelf = Attachments(tmp_path, max_bytes=10_000)
    voice = shelf.store_voice(voice_note(1_900))
    (tmp_path / "earlier.jpg").write_bytes(b"p" * 8_000)
    shelf = Attachments(tmp_path, max_bytes=10_000)
    with pytest.raises(NoRoom):
        shelf.store_photo(photo("red"))
    with pytest.raises(NoRoom):
        shelf.store_voice(voice_note(1_900, b"w"))
    assert shelf.store_voice(voice_note(1_900)) == voice  # The same file takes no room.
    assert shelf.path(shelf.store_generated(b"m" * 1_000, "png")) is not None  # A reply never fails for want of room.
    assert shelf.path(voice) is not None


def test_voice_notes_leave_the_room_to_photos(tmp_path: Path) -> None:
    shelf = Attachments(tmp_path, max_bytes=50_000)
    for number in range(10):
        shelf.store_voice(voice_note(1_000, bytes([number])))
    with pytest.raises(NoRoom):
        shelf.store_voice(voice_note(1_000, b"x"))
    assert shelf.path(shelf.store_photo(photo("red"))) is not None


def test_nobody_fills_the_room_of_the_others(tmp_path: Path) -> None:
    shelf, mine, yours = Attachments(tmp_path), {"phone:a": 2_500}, {"phone:b": 2_500}
    for number in range(2):
        shelf.store_voice(voice_note(1_000, bytes([number])), mine)
    with pytest.raises(NoRoom):
        shelf.store_voice(voice_note(1_000, b"x"), mine)
    assert shelf.store_voice(voice_note(1_000, b"\x00"), mine)  # It is here already.
    assert shelf.store_voice(voice_note(1_000, b"x"), yours)


def test_what_one_may_leave_comes_back_over_a_day() -> None:
    now = 0.0
    allowance = Allowance(clock=lambda: now)
    assert [allowance.spend(400, {"a": 1_000, "all": 1_500}) for _ in range(3)] == [True, True, False]
    assert allowance.spend(400, {"b": 1_000, "all": 1_500})
    assert not allowance.spend(400, {"c": 1_000, "all": 1_500})
    now = 12 * 3600
    assert [allowance.spend(400, {"a": 1_000, "all": 1_500}) for _ in range(2)] == [True, False]


def test_an_address_of_the_sixth_version_counts_by_its_network() -> None:
    assert of_address("2001:db8::1") == of_address("2001:db8::ffff") != of_address("2001:db8:0:1::1")
    assert of_address("41.1.2.3") != of_address("41.1.2.4")
    assert of_address("no address") == {}


@pytest.mark.parametrize("content", [b"", b"%PDF-1.4 a document", b"GIF89a", photo("blue")[:200]])
def test_what_is_no_photo_is_not_kept(tmp_path: Path, content: bytes) -> None:
    shelf = Attachments(tmp_path)
    with pytest.raises(NotAPhoto):
        shelf.store_photo(content)
    assert shelf.used() == 0


@pytest.mark.parametrize(
    ("content", "ending"),
    [
        (voice_note(), "ogg"),
        (b"\x00\x00\x00\x1cftypM4A \x00\x00\x00\x00", "m4a"),
        (b"ID3\x04\x00\x00", "mp3"),
        (b"\xff\xfb\x90\x00", "mp3"),
        (b"\xff\xf1\x50\x80", "aac"),
        (b"#!AMR\n<", "amr"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt ", "wav"),
        (b"\x1aE\xdf\xa3\x9f", "webm"),
        (b"\x00\x00\x00\x1cftypheic\x00\x00\x00\x00", None),
        (b"OggS\x00\x02 something else", None),
        (b"RIFF\x24\x00\x00\x00WEBPVP8 ", None),
        (b"%PDF-1.4", None),
        (photo("blue"), None),
        (voice_note(MAX_VOICE_BYTES + 1), None),
    ],
)
def test_only_recordings_are_kept_as_voice_notes(tmp_path: Path, content: bytes, ending: str | None) -> None:
    shelf = Attachments(tmp_path)
    if ending is None:
        with pytest.raises(NotAudio):
            shelf.store_voice(content)
        assert shelf.used() == 0
    else:
        assert shelf.store_voice(content).endswith(f".{ending}")


async def test_a_picture_is_decoded_beside_the_event_loop(tmp_path: Path) -> None:
    shelf, longest = Attachments(tmp_path), 0.0
    keeping = asyncio.create_task(shelf.keep_photo(forty_megapixels(), whose={}))
    while not keeping.done():
        before = time.thread_time()
        await asyncio.sleep(0.001)
        longest = max(longest, time.thread_time() - before)
    assert shelf.path(await keeping) is not None
    assert longest < 0.05  # Of this thread's own work; the picture takes half a second.


@pytest.mark.parametrize("form", [{"format": "PNG", "compress_level": 1}, {"format": "WEBP", "method": 0}])
def test_what_cannot_be_made_small_while_it_is_decoded_has_a_lower_bound(tmp_path: Path, form: dict[str, Any]) -> None:
    content = io.BytesIO()
    Image.new("L", (4_032, 3_110), 90).convert("RGB").save(content, **form)
    with pytest.raises(NotAPhoto):
        Attachments(tmp_path).store_photo(content.getvalue())


_LAID = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
"""How a camera that was held so lays down an upright picture."""


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_is_upright_whatever_its_format(tmp_path: Path, kind: str, orientation: int) -> None:
    upright = Image.new("RGB", (2_400, 1_600), "white")
    upright.paste("red", (0, 0, 1_200, 800))
    lying = upright.transpose(_LAID[orientation]) if orientation in _LAID else upright
    exif, content = Image.Exif(), io.BytesIO()
    exif[0x0112] = orientation
    lying.save(content, kind, exif=exif)
    shelf = Attachments(tmp_path)
    path = shelf.path(shelf.store_photo(content.getvalue()))
    assert path is not None
    with Image.open(path) as stored:
        assert stored.size == (2_048, 1_365)
        red, white = stored.getpixel((300, 200)), stored.getpixel((1_800, 1_100))
    assert (red[1] < 60, white[1] > 200) == (True, True)


def test_a_voice_note_of_nothing_is_not_kept(tmp_path: Path) -> None:
    with pytest.raises(CannotKeep):
        Attachments(tmp_path).store_voice(b"")
