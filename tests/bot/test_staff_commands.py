"""`casa staff ...`: accounts from the terminal, with clear words where something is wrong."""

import os
import subprocess
import sys
from pathlib import Path

from bot.settings import PROJECT


def casa(folder: Path, *words: str, typed: str = "") -> tuple[int, str]:
    """Exit code and all output of a command on a database of its own."""
    environment = {**os.environ, "DATABASE_URL": f"sqlite+aiosqlite:///{folder}/casa.sqlite3", "DATA_DIR": str(folder)}
    command = [sys.executable, "-c", "from bot.cli import main; main()", *words]
    done = subprocess.run(command, cwd=PROJECT, env=environment, input=typed, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def test_an_account_is_made_listed_changed_and_ended(tmp_path: Path) -> None:
    made = casa(tmp_path, "staff", "add", "samira", "--role", "editor", "--totp", typed="casablanca-2026\n")
    assert made[0] == 0
    assert "otpauth://totp/Salam%20Casa:samira?secret=" in made[1]
    assert casa(tmp_path, "staff", "password", "samira", typed="casablanca-2027\n") == (
        0,
        "samira has a new password\n",
    )
    assert casa(tmp_path, "staff", "disable", "samira") == (0, "samira can no longer sign in\n")
    code, listed = casa(tmp_path, "staff", "list")
    assert (code, listed.split()) == (0, ["samira", "editor", "disabled,", "codes", "samira"])


def test_what_cannot_be_done_is_said_with_its_remedy(tmp_path: Path) -> None:
    short = casa(tmp_path, "staff", "add", "samira", "--role", "agent", typed="short\n")
    nobody = casa(tmp_path, "staff", "disable", "nobody")
    assert short == (2, "casa: a password has 10 to 200 characters; choose another one\n")
    assert nobody == (2, "casa: there is no account nobody; `casa staff list` shows all\n")
