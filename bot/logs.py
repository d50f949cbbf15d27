"""Logs as JSON lines on standard error, without anything a person wrote or anything that names them.

A line is made of what our own code says (event and fields). People appear as a keyed hash (`person=`), so that the lines of
one person belong together and nobody can tell whose they are. Of exceptions only the kind and the place in the code are
logged, of libraries' messages only the first line without its arguments, for both may quote a person. What still looks like
a token, a phone number, a place or an address of the web is masked.
"""

import hashlib
import hmac
import logging
import os
import re
import secrets
import sys
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

_CHATTY = ("httpx", "httpcore", "twilio", "telegram", "asyncio", "rasa", "alembic", "sqlalchemy", "PIL", "multipart")
_FULL_MESSAGES = ("uvicorn",)
"""These say nothing of people; with a wrong address the operator wants to read which."""
_MOST_LETTERS = 300
_LEAST_NUMBER_OF_A_PERSON = 10_000_000
_MASKS = (
    (re.compile(r"(?:https?|wss?)://[^\s\"'<>]+"), "[url]"),
    (re.compile(r"\b(?:bot)?\d{5,}:[A-Za-z0-9_-]{20,}"), "[token]"),
    (re.compile(r"\b[A-Z]{2}[0-9a-fA-F]{32}\b|\b[0-9a-fA-F]{32,}\b|\bwhatsapp:\S+", re.IGNORECASE), "[secret]"),
    (re.compile(r"\b[\w.+-]+@[\w-]+\.[\w.]+"), "[mail]"),
    (re.compile(r"[-+]?\b\d{1,3}[.,]\d{3,}\b"), "[place]"),
    (re.compile(r"\+?\d(?:[\s().-]?\d){7,}"), "[number]"),
)


def configure(level: str, secret: bytes | None = None) -> None:
    """Sets up structlog and the standard library's logging at `level`; `secret` is the key of the hash of people."""
    number = logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
    # Libraries of this list print addresses, tokens or texts below WARNING.
    for name in _CHATTY:
        logging.getLogger(name).setLevel(max(number, logging.WARNING))
    cleaning: list[Processor] = [
        structlog.processors.add_log_level,
        _places_of_errors,
        People(secret or secrets.token_bytes(32)),
        _masked,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        processors=[*cleaning, structlog.processors.JSONRenderer()],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[_without_arguments, *cleaning],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    logging.basicConfig(level=number, handlers=[handler], force=True)


def installation_secret(configured: str, folder: Path) -> bytes:
    """The key of the hash of people: the setting, or one of its own for this installation, made once in `folder`."""
    if configured:
        return configured.encode()
    path = folder / "log-secret"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(secrets.token_hex(32).encode())
    except FileExistsError:
        pass
    return path.read_bytes()


class People:
    """Puts a keyed hash in place of whoever `person` names."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def __call__(self, logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
        if "person" in event:
            event["person"] = hmac.new(self._secret, str(event["person"]).encode(), hashlib.sha256).hexdigest()[:12]
        return event


def masked(text: str) -> str:
    """A text without what looks like a token, a number of a person, a place or an address."""
    for pattern, mask in _MASKS:
        text = pattern.sub(mask, text)
    return text if len(text) <= _MOST_LETTERS else f"{text[:_MOST_LETTERS]}…"


def _masked(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Masks all fields but those of the logging itself (`_record`); a fraction may be a latitude unless it is a time."""
    return {
        name: value if name.startswith("_") or name.endswith("seconds") else _clean(value)
        for name, value in event.items()
    }


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return masked(value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return value if isinstance(value, int) and abs(value) < _LEAST_NUMBER_OF_A_PERSON else "[number]"
    if isinstance(value, Mapping):
        return {masked(str(name)): _clean(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple | set):
        return [_clean(inner) for inner in value]
    return type(value).__name__


def _places_of_errors(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Where in the code an error came from, without its words."""
    error = event.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()[1]
    if isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        event["error"] = type(error).__name__
        frames = traceback.extract_tb(error.__traceback__)
        event["trace"] = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames[-12:]]
    return event


def _without_arguments(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """A library's message as it stands in its code; what it filled in may be a person's."""
    record: logging.LogRecord = event["_record"]
    event["logger"] = record.name
    if not record.name.startswith(_FULL_MESSAGES):
        event["event"] = (str(record.msg).splitlines() or [""])[0]
    elif "Traceback" in str(event["event"]):
        event["event"] = str(event["event"]).strip().splitlines()[-1]  # What went wrong at the start.
    return event
