"""What an operator may get wrong beside the settings' words: one line and a code, never a trace."""

import socket
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from tests.listening import free_port, listener

PASSWORD = "geheim-7"  # noqa: S105
DATABASES = (
    ("nonsense", "no address of a database"),
    (f"postgresql://casa:{PASSWORD}@127.0.0.1:x/casa", "no address of a database"),
    (f"mysql://casa:{PASSWORD}@127.0.0.1/casa", "mysql is not supported"),
    (f"postgresql+asyncpg://casa:{PASSWORD}@127.0.0.1/casa", "no driver"),
    (f"postgresql://casa:{PASSWORD}@127.0.0.1:1/casa?application_name={PASSWORD}", "127.0.0.1"),
    (f"postgresql://casa:{PASSWORD}@127.0.0.1:1/casa?nonsense=1", "nonsense"),
    ("sqlite:////nowhere/at/all/casa.sqlite3", "unable to open database file"),
)
COMMANDS = ("serve", "work", "outbox list", "chat --user samira")


@pytest.fixture(autouse=True)
def fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/casa.sqlite3")
    monkeypatch.setenv("PORT", str(free_port()))
    monkeypatch.setattr("uvicorn.run", lambda *arguments, **options: pytest.fail("the service was started"))


def told_in_one_line(run: Result) -> str:
    """What a refused command said; nothing but that."""
    assert (run.exit_code, run.stdout) == (2, ""), run.output
    (line,) = run.stderr.splitlines()
    assert line.startswith("casa: ")
    assert PASSWORD not in line
    return line


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(("url", "said"), DATABASES)
def test_a_database_that_cannot_be_used(
    command: str, url: str, said: str, model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    line = told_in_one_line(CliRunner().invoke(app, command.split(), input=""))
    assert "DATABASE_URL" in line
    assert said in line


def test_a_database_that_cannot_be_used_for_templates(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWILIO_ACCOUNT_SID", "AC" + "0" * 32)
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", "any")
    monkeypatch.setenv("DATABASE_URL", "nonsense")
    line = told_in_one_line(CliRunner().invoke(app, ["whatsapp", "templates", "check"]))
    assert line.startswith("casa: DATABASE_URL")


def test_a_database_that_takes_the_call_and_never_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"postgresql://casa:{PASSWORD}@127.0.0.1:{silent.getsockname()[1]}/casa?connect_timeout=2"
        monkeypatch.setenv("DATABASE_URL", url)
        assert "timeout" in told_in_one_line(CliRunner().invoke(app, ["serve"]))


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "casa.sqlite3").write_text("This is no database. " * 100, encoding="utf-8")
    assert "file is not a database" in told_in_one_line(CliRunner().invoke(app, ["serve"]))


def test_a_port_beyond_the_last_one() -> None:
    run = CliRunner().invoke(app, ["serve", "--port", "99999"])
    assert (run.exit_code, run.exception.__class__) == (2, SystemExit)
    assert "'--port'" in run.stderr
    assert "65535" in run.stderr


def test_a_port_in_use() -> None:
    with listener() as taken:
        port = str(taken.getsockname()[1])
        assert f"port {port} of 127.0.0.1 is in use" in told_in_one_line(
            CliRunner().invoke(app, ["serve", "--port", port])
        )


def test_a_machine_that_nobody_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*arguments: object, **options: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr("socket.getaddrinfo", unknown)
    assert "'casa.invalid'" in told_in_one_line(CliRunner().invoke(app, ["serve", "--host", "casa.invalid"]))


@pytest.mark.parametrize(
    "command",
    [
        "request export --output",
        "expo export --edition demo --format csv --output",
        "expo door-qr --edition demo --page http://127.0.0.1:8311 --output",
    ],
)
def test_a_folder_that_is_not_there(command: str, tmp_path: Path) -> None:
    missing = tmp_path / "missing" / "file.csv"
    assert str(missing) in told_in_one_line(CliRunner().invoke(app, [*command.split(), str(missing)]))


def test_a_data_folder_that_is_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "taken").touch()
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "taken"))
    for command in ("serve", "work", "request receipt-key"):
        assert str(tmp_path / "taken") in told_in_one_line(CliRunner().invoke(app, command.split()))
