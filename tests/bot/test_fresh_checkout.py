"""Commands on a checkout in which nothing was ever started: there is no folder for the database yet."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app

COMMANDS = (
    "outbox list",
    "request list",
    "staff list",
    "open311 keys",
    "open311 refused",
    "privacy purge --dry-run",
    "expo feedback --edition demo",
)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_finds_nothing_and_says_so(command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/var/casa.sqlite3")
    told = CliRunner().invoke(app, command.split())
    assert (told.exit_code, told.exception) == (0, None), told.output


@pytest.mark.parametrize("command", ["request show 7K3-42R", "outbox drop 7", "staff disable samira"])
def test_what_is_not_there_is_told_without_a_trace(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/var/casa.sqlite3")
    told = CliRunner().invoke(app, command.split())
    assert (told.exit_code, told.stdout.count("Traceback"), told.stderr.startswith("casa: ")) == (2, 0, True)
