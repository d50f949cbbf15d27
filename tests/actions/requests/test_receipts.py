"""The receipt in the chat: the picture of one's own request, which a desk reads and checks; nobody gets another's."""

import base64
from dataclasses import replace
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from typer.testing import CliRunner

from actions.requests.receipt import ReceiptKey, read_receipt
from actions.turn import House
from bot.cli import app
from tests.conftest import Person, Talk, payloads_of, text_of

SEED = base64.b64encode(bytes(range(32))).decode()
KEY = ReceiptKey.from_seed(SEED)


async def filed(person: Person) -> str:
    """Files a request and gives the payload of its receipt's button."""
    await person.says("trou dans la chaussée rue 14 à Sidi Othmane")
    await person.says("non")
    parts = await person.says("oui")
    return next(payload for payload in payloads_of(parts) if payload.startswith("rc:"))


async def test_the_picture_holds_what_was_filed_and_a_desk_finds_it_valid(
    talk: Talk, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with talk(in_house=replace(house, receipt_key=lambda: KEY)) as person:
        payload = await filed(person)
        parts = await person.sends(choice=payload)
        (picture,) = [part for part in parts if part["type"] == "picture"]
        path = person.attachments.path(picture["reference"])
    number = payload.removeprefix("rc:")
    assert number in text_of(parts)
    assert path is not None
    with Image.open(path) as seen:
        (code,) = zxingcpp.read_barcodes(seen)
    found = read_receipt(code.text, KEY.public)
    assert (found.number, found.category, found.arrondissement) == (number, "voirie", "sidi-othmane")
    desk = CliRunner().invoke(app, ["request", "verify", str(path), "--key", KEY.public])
    assert (desk.exit_code, desk.stdout.split()[0]) == (0, "VALID")
    monkeypatch.setenv("RECEIPT_KEY", base64.b64encode(bytes(32)).decode())
    forged = CliRunner().invoke(app, ["request", "verify", code.text])
    assert forged.exit_code == 1
    assert "NOT VALID" in forged.output


async def test_nobody_gets_the_receipt_of_anothers_request(talk: Talk, house: House) -> None:
    ours = replace(house, receipt_key=lambda: KEY)
    async with talk(in_house=ours) as person:
        payload = await filed(person)
    async with talk(name="stranger", in_house=ours) as stranger:
        parts = await stranger.sends(choice=payload)
        assert [part["type"] for part in parts if part["type"] == "picture"] == []


def test_a_picture_without_a_code_is_said_so(tmp_path: Path) -> None:
    Image.new("RGB", (200, 200), "grey").save(tmp_path / "grey.png")
    run = CliRunner().invoke(app, ["request", "verify", str(tmp_path / "grey.png"), "--key", KEY.public])
    assert run.exit_code == 2
    assert "no code found" in run.output


def test_the_key_is_made_once_and_kept_for_the_owner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "var"))
    first, second = (CliRunner().invoke(app, ["request", "receipt-key"]).stdout for _ in range(2))
    kept = tmp_path / "var" / "receipt.key"
    assert first == second
    assert kept.stat().st_mode & 0o777 == 0o600
    kept.write_text("nonsense", encoding="ascii")
    broken = CliRunner().invoke(app, ["request", "receipt-key"])
    assert broken.exit_code == 2
    assert "receipt.key" in broken.output
