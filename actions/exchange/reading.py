"""Reads the file of an organiser's tool, whichever of the formats it is in."""

from datetime import tzinfo
from pathlib import Path

from actions.exchange import frab, ical, pretalx, table
from actions.exchange.located import Unreadable, read_json, read_xml
from actions.exchange.sheet import BadFile, Problem, Sheet

MAX_BYTES = 10_000_000
_READABLE = "a pretalx schedule.json, a frab schedule.xml, an iCalendar file (.ics) or a CSV file with its header"


def read(path: Path, zone: tzinfo | None = None) -> Sheet:
    """The rows of a file; times without a zone count in `zone`, where it is given. Raises `BadFile` and `OSError`."""
    if path.stat().st_size > MAX_BYTES:
        raise BadFile(path.name, [Problem(None, f"larger than {MAX_BYTES // 1_000_000} MB; this is no programme")])
    try:
        sheet = read_bytes(path.read_bytes(), zone)
    except Unreadable as error:
        raise BadFile(path.name, [error.problem]) from None
    if not sheet.rows and not sheet.problems:
        raise BadFile(path.name, [Problem(None, f"no session in this {sheet.label} file; export the whole programme")])
    return sheet


def read_bytes(data: bytes, zone: tzinfo | None = None) -> Sheet:
    """As `read`, of the content; raises `Unreadable`."""
    if data.lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n").startswith(b"<"):
        return frab.read(read_xml(data), zone)
    text = _decoded(data)
    first = text.lstrip()[:200].casefold()
    if first.startswith(("{", "[")):
        return pretalx.read(read_json(text), zone)
    if first.startswith("begin:vcalendar"):
        return ical.read(text, zone)
    if table.is_header(text):
        return table.read(text)
    raise Unreadable(1, f"not recognised; it must be {_READABLE}")


def _decoded(data: bytes) -> str:
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        text = f"not UTF-8 (byte 0x{data[error.start]:02x}); save it as UTF-8, in a spreadsheet as “CSV UTF-8”"
        raise Unreadable(line, text) from None
