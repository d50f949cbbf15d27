"""What is a voice note, by the first bytes of a file: the recordings that phones, Telegram and WhatsApp make."""

_OGG_CODECS = (b"OpusHead", b"\x01vorbis", b"Speex   ")
_MP4_BRANDS = (b"M4A", b"mp4", b"iso", b"3gp", b"dash")
MEDIA_TYPES = {
    "ogg": "audio/ogg",
    "m4a": "audio/mp4",
    "mp3": "audio/mpeg",
    "aac": "audio/aac",
    "amr": "audio/amr",
    "webm": "audio/webm",
    "wav": "audio/wav",
}


def ending_of(content: bytes) -> str | None:
    """The ending of an audio file, one of `MEDIA_TYPES`; None for what is none."""
    start = content[:64]
    if start.startswith(b"OggS"):
        return "ogg" if any(codec in start for codec in _OGG_CODECS) else None
    if start[4:8] == b"ftyp":
        return "m4a" if start[8:].startswith(_MP4_BRANDS) else None
    if start.startswith(b"RIFF"):
        return "wav" if start[8:12] == b"WAVE" else None
    if start.startswith(b"#!AMR"):
        return "amr"
    if start.startswith(b"\x1aE\xdf\xa3"):
        return "webm"
    return _mpeg(start)


def _mpeg(start: bytes) -> str | None:
    if start.startswith(b"ID3"):
        return "mp3"
    if len(start) < 4 or start[0] != 0xFF or start[1] & 0xE0 != 0xE0:
        return None
    layer = start[1] & 0x06
    if layer:
        return "mp3" if start[2] & 0xF0 != 0xF0 else None
    return "aac" if start[1] & 0xF0 == 0xF0 else None
