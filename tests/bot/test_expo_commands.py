"""`casa expo door-qr` from settings to file, what its codes open, and clear errors."""

import asyncio
import re
from html import unescape
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from actions.expo.door import scanned
from actions.turn import House, Incoming
from bot.channels.telegram.commands import meaning_of
from bot.cli import app
from tests.bot.fake_telegram import BOT_NAME, TOKEN, FakeTelegram

WAYS = ("--whatsapp", "+212600000000", "--telegram", "@SalamCasaBot", "--page", "https://casa.example/")


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["expo", "door-qr", *words])


def test_the_sheet_is_written_from_the_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "doors.html"
    monkeypatch.setenv("EXPO_EDITION", "demo")
    monkeypatch.setenv("WHATSAPP_FROM", "whatsapp:+212600000000")
    monkeypatch.setenv("PUBLIC_URL", "https://casa.example")
    done = run("--output", str(path))
    assert done.exit_code == 0, done.output
    assert done.stderr.startswith(f"4 door(s) in {path}.")
    content = unescape(path.read_text(encoding="utf-8"))
    assert re.findall(r'<p class="written" dir="ltr">(.*?)</p>', content) == ["+212600000000", "casa.example"] * 4
    assert content.count("<svg") == 8


@pytest.mark.parametrize("room", "ABCD")
def test_what_the_codes_say_opens_that_door(room: str, expo_house: House, house: House) -> None:
    opens = Incoming(choice=f"start:room-{room}")
    assert scanned(Incoming(text=f"Porte {room}"), expo_house) == opens
    assert meaning_of("start", f" room-{room}") == opens
    assert scanned(Incoming(text=f"Porte {room} svp"), expo_house) == Incoming(text=f"Porte {room} svp")
    assert scanned(Incoming(text=f"Porte {room}"), house) == Incoming(text=f"Porte {room}")


async def test_the_name_of_the_bot_is_asked_of_telegram(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "doors.html"
    monkeypatch.setenv("TELEGRAM_TOKEN", TOKEN)
    async with FakeTelegram.running() as telegram:
        monkeypatch.setenv("TELEGRAM_API_URL", telegram.url)
        done = await asyncio.to_thread(run, "--edition", "demo", "--output", str(path))
        assert done.exit_code == 0, done.output
    assert f"@{BOT_NAME}" in path.read_text(encoding="utf-8")
    done = await asyncio.to_thread(run, "--edition", "demo", "--output", str(path))
    assert done.exit_code == 2
    assert "Telegram did not say the bot's name" in done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--edition", "demo"), "give --whatsapp, --telegram or --page"),
        (("--edition", "nothing", *WAYS), "no file data/expo/nothing.yml; there are 2016,"),
        (("--edition", "2025", *WAYS), "2025: the edition has no rooms"),
        (WAYS, "give --edition or set EXPO_EDITION"),
        (("--edition", "demo", "--whatsapp", "12"), "'12' is no number; write it with country code"),
        (("--edition", "demo", "--telegram", "a b"), "'a b' is no user name of a bot"),
        (("--edition", "demo", "--page", "casa.example"), "'casa.example' is no address of a page"),
        (("--edition", "../demo", *WAYS), "no file data/expo/../demo.yml"),
    ],
)
def test_what_cannot_be_made_says_why(words: tuple[str, ...], said: str, tmp_path: Path) -> None:
    path = tmp_path / "doors.html"
    done = run(*words, "--output", str(path))
    assert done.exit_code == 2
    assert said in done.stderr
    assert not path.exists()
