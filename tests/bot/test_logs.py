"""Logs hold nothing of a person, whatever code and libraries hand to them."""

import json
import logging
from pathlib import Path

import pytest
import structlog

from bot.logs import configure, installation_secret, masked

SECRETS = {
    "text": "3ndi mochkil f zen9a",
    "phone": "+212 661-23.45.67",
    "bare phone": "212661234567",
    "national phone": "0661234567",
    "place": "33.58831",
    "other place": "-7.61138",
    "bot token": "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1",
    "twilio": "ACa4f08e6f6d5c0f0ae1bd3e90f3cbcaf1",
    "auth token": "a4f08e6f6d5c0f0ae1bd3e90f3cbcaf1",
    "file": "https://api.telegram.org/file/bot110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1/photos/file_1.jpg",
    "whatsapp": "whatsapp:MA.1349001",
    "mail": "amina.b@example.ma",
}


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_a_line_tells_the_same_person_apart_from_others_without_naming_them(capsys: pytest.CaptureFixture[str]) -> None:
    configure("INFO", b"key")
    for person in ("telegram:123456789", "telegram:123456789", "telegram:987654321"):
        structlog.get_logger().info("turn done", person=person, seconds=0.0123)
    first, second, third = lines(capsys)
    assert (first["event"], first["level"], first["seconds"]) == ("turn done", "info", 0.0123)
    assert first["person"] == second["person"] != third["person"]
    configure("INFO", b"another key")
    structlog.get_logger().info("turn done", person="telegram:123456789")
    assert lines(capsys)[0]["person"] != first["person"]


@pytest.mark.parametrize("name", [name for name in SECRETS if name != "text"])
def test_what_looks_like_a_secret_is_masked_in_every_field(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    configure("DEBUG", b"key")
    secret = SECRETS[name]
    log = structlog.get_logger()
    log.warning(f"sent to {secret}", reason=f"for {secret}", inner={"list": [secret, {"deep": secret}]}, thing=[secret])
    logging.getLogger("somebody.else").error(f"failed for {secret}")
    written = capsys.readouterr().err
    assert secret not in written
    assert len(written.splitlines()) == 2


@pytest.mark.parametrize("name", list(SECRETS))
def test_neither_exceptions_nor_libraries_quote_a_person(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    configure("DEBUG", b"key")
    secret = SECRETS[name]
    try:
        raise ValueError(secret)
    except ValueError as error:
        structlog.get_logger().error("turn failed", exc_info=error)
        logging.getLogger("telegram.ext").exception("update %s\nof %s", secret, secret)
        logging.getLogger("asyncio").error(f"Task exception was never retrieved\nfuture: {error!r}", exc_info=error)
    ours, telegram, asyncio_line = lines(capsys)
    assert (ours["error"], ours["event"]) == ("ValueError", "turn failed")
    assert "test_logs.py" in str(ours["trace"])
    assert (telegram["event"], asyncio_line["event"]) == ("update %s", "Task exception was never retrieved")
    assert secret not in json.dumps([ours, telegram, asyncio_line], ensure_ascii=False)


def test_numbers_of_people_are_masked_as_numbers_too(capsys: pytest.CaptureFixture[str]) -> None:
    configure("INFO", b"key")
    structlog.get_logger().info("turn done", chat=123456789, lat=33.58831, message=4711)
    line = lines(capsys)[0]
    assert (line["chat"], line["lat"], line["message"]) == ("[number]", "[number]", 4711)


@pytest.mark.parametrize("text", ["turn failed", "not sent", "refused: 400", "retry: 429", "reply 4711"])
def test_plain_words_stay_readable(text: str) -> None:
    assert masked(text) == text


def test_libraries_that_print_addresses_are_kept_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    configure("DEBUG", b"key")
    for name in ("httpx", "httpcore", "twilio.http_client", "telegram.Bot"):
        logging.getLogger(name).info("HTTP Request: POST https://api.telegram.org/bot1:x/sendMessage")
    assert capsys.readouterr().err == ""


def test_an_installation_makes_its_key_once(tmp_path: Path) -> None:
    first = installation_secret("", tmp_path / "var")
    assert (installation_secret("", tmp_path / "var"), len(first)) == (first, 64)
    assert (tmp_path / "var" / "log-secret").stat().st_mode & 0o077 == 0
    assert installation_secret("chosen", tmp_path) == b"chosen"
