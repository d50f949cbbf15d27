"""Wrong settings end a command with one line: the setting, the fault and the remedy, and no secret."""

import base64
from pathlib import Path

import pytest
from pydantic import ValidationError
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.settings import Settings

SECRET = "c2VjcmV0LW9mLXRoZS1jaXR5"  # noqa: S105
WRONG = (
    ("LOG_LEVEL", "LOUD", "DEBUG, INFO, WARNING, ERROR"),
    ("LOG_LEVEL", "", "DEBUG, INFO, WARNING, ERROR"),
    ("PORT", "70000", "65535"),
    ("PUBLIC_URL", "http://casa.example", "https://salam.casablanca.example"),
    ("PUBLIC_URL", "casa.example", "https://salam.casablanca.example"),
    ("PUBLIC_URL", "https://", "https://salam.casablanca.example"),
    ("PUBLIC_URL", "https://casa.example:x", "https://salam.casablanca.example"),
    ("PUBLIC_URL", f"https://casa.example/?key={SECRET}", "without ? and #"),
    ("OPEN311_UPSTREAM", "city.example/open311/v2", "https://city.example/open311/v2"),
    ("OPEN311_UPSTREAM", f"ftp://u:{SECRET}@city.example", "https://city.example/open311/v2"),
    ("TELEGRAM_API_URL", "localhost:8081", "it is no address"),
    ("RECEIPT_KEY", SECRET, "openssl rand -base64 32"),
    ("RECEIPT_KEY", f"{SECRET}!", "openssl rand -base64 32"),
    ("STAFF_HOURS", "always", "mon-fri 08:30-16:30"),
    ("EXPO_EDITION", "nowhere", "data/expo/nowhere.yml"),
    ("TELEGRAM_TOKEN", f"{SECRET}-telegram", "BotFather"),
    ("WHATSAPP_FROM", "0520", "TWILIO_ACCOUNT_SID"),
)


@pytest.fixture(autouse=True)
def fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/casa.sqlite3")
    monkeypatch.setattr("uvicorn.run", lambda *arguments, **options: pytest.fail("the service was started"))
    monkeypatch.setattr("bot.commands.work._run", lambda *arguments: pytest.fail("the service was started"))


def told_in_one_line(run: Result) -> str:
    """What a refused command said; nothing but that."""
    assert (run.exit_code, run.stdout) == (2, ""), run.output
    (line,) = run.stderr.splitlines()
    assert SECRET not in line
    return line


@pytest.mark.parametrize("command", ["serve", "work"])
@pytest.mark.parametrize(("name", "value", "remedy"), WRONG)
def test_a_service_with_a_wrong_setting_does_not_start(
    command: str, name: str, value: str, remedy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    line = told_in_one_line(CliRunner().invoke(app, [command]))
    assert line.count(name) == 1
    assert remedy in line


def test_other_commands_refuse_a_wrong_setting_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECEIPT_KEY", "short")
    assert told_in_one_line(CliRunner().invoke(app, ["outbox", "list"])).startswith("RECEIPT_KEY: ")


@pytest.mark.parametrize("content", ["", "short"])
def test_a_broken_file_with_the_key_of_receipts_is_noticed_at_the_start(content: str, tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "receipt.key").write_text(content, encoding="ascii")
    assert "receipt.key" in told_in_one_line(CliRunner().invoke(app, ["serve"]))


def test_what_is_documented_is_accepted() -> None:
    key = base64.b64encode(bytes(32)).decode()
    for public in ("", "https://casa.example", "https://casa.example/bot", "http://127.0.0.1:8311/", "http://[::1]"):
        Settings(_env_file=None, public_url=public, receipt_key=key, log_level="debug", staff_hours="sat 09:00-12:00")


def test_the_words_of_an_error_hold_no_secret() -> None:
    with pytest.raises(ValidationError) as told:
        Settings(_env_file=None, receipt_key=SECRET)
    assert SECRET not in str(told.value)
