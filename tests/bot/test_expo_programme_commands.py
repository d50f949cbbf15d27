"""`casa expo import|export|versions|rollback` on a real database, and a running service that says what was applied."""

import asyncio
import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from actions.live import LiveHouse
from actions.turn import House
from bot.cli import app
from bot.settings import PROJECT
from store.database import Database
from tests.actions.exchange.programmes import DEMO, exported
from tests.actions.exchange.programmes import Format as In

Run = Callable[..., Result]
MOVED = (
    "> moved         d1-tram-bus  Tram et bus : réussir la correspondance:"
    " 2027-05-19 10:30-11:15 -> 2027-05-19 10:30-11:00"
)


@pytest.fixture
def run(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setenv("EXPO_EDITION", "demo")
    return lambda *arguments: CliRunner().invoke(app, ["expo", *map(str, arguments)])


def table(folder: Path, name: str = "new.csv", **changes: dict[str, str] | None) -> Path:
    """The demonstration's programme as a table, with cells of some sessions changed, or the session left out (None)."""
    rows = list(csv.DictReader(io.StringIO(exported(DEMO, In.CSV).decode("utf-8-sig"), newline="")))
    asked = {key.replace("_", "-"): cells for key, cells in changes.items()}
    kept = [row | (asked.get(row["id"]) or {}) for row in rows if asked.get(row["id"], {}) is not None]
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(kept)
    path = folder / name
    path.write_text(out.getvalue(), encoding="utf-8-sig")
    return path


def test_a_dry_run_shows_what_would_change_and_changes_nothing(run: Run, tmp_path: Path) -> None:
    file = table(tmp_path, d1_tram_bus={"end": "11:00"}, d1_plenary={"room": "B"}, d1_cyber=None)
    shown = run("import", file)
    assert shown.exit_code == 0, shown.output
    assert shown.stdout.splitlines() == [
        "new.csv: CSV, 47 session(s), for the edition demo",
        MOVED,
        "- cancelled     d1-cyber  Cybersécurité : une ville qui ne tombe pas en panne: 2027-05-19 16:15-17:00, room B",
        "@ room changed  d1-plenary  Plénière : trois villes, une même question: room A -> room B",
        "1 cancelled, 1 moved, 1 room changed, 45 unchanged.",
        "Nobody would be told: none of it is in anybody's agenda.",
    ]
    assert "Nothing was changed; --apply applies it." in shown.stderr
    assert run("versions").stdout == "*   0  the edition's own file (48 sessions)\n"


def test_versions_are_kept_and_one_can_go_back_to_any(run: Run, tmp_path: Path) -> None:
    first = table(tmp_path, "first.csv", d1_plenary={"room": "B"})
    second = table(tmp_path, "second.csv", d1_cyber=None)
    for file in (first, second):
        applied = run("import", file, "--apply", "--by", "aicha", "--at", "2027-04-01 10:00")
        assert applied.exit_code == 0, applied.output
    assert "Nothing to apply." in run("import", second, "--apply").stderr
    back = run("rollback", "--by", "omar", "--at", "2027-04-02 10:00")
    assert "Applied as version 3; a running casa serve says it within a second." in back.stderr
    assert run("versions").stdout.splitlines() == [
        "*   3  2027-04-02 10:00  omar          48 sessions     back to version 1",
        "    2  2027-04-01 10:00  aicha         47 sessions     CSV second.csv",
        "    1  2027-04-01 10:00  aicha         48 sessions     CSV first.csv",
        "    0  the edition's own file (48 sessions)",
    ]
    assert "The programme is that of version 1 already." in run("rollback", "1").stderr
    assert "- cancelled     d1-cyber" in run("rollback", "2", "--dry-run").stdout
    assert run("rollback", "0").exit_code == 0
    assert "48 unchanged." in run("import", table(tmp_path)).stdout
    unknown = run("rollback", "9")
    assert (unknown.exit_code, "demo has no version 9; there are 0 (its file), 1, 2, 3, 4" in unknown.stderr) == (
        2,
        True,
    )


def test_a_file_with_mistakes_changes_nothing_and_names_each_with_its_line(run: Run, tmp_path: Path) -> None:
    file = table(tmp_path, d1_tram_bus={"room": "C"}, d1_plenary={"room": "Z"}, d1_cyber={"day": "2027-05-21"})
    refused = run("import", file, "--apply")
    assert refused.exit_code == 2
    assert refused.stderr.startswith("casa: new.csv:")
    assert "room 'Z' (1 session(s)) is unknown" in refused.stderr
    again = run("import", table(tmp_path, d1_tram_bus={"room": "C"}, d1_cyber={"day": "2027-05-21"}), "--apply")
    assert "new.csv:7: session 'd1-neighbours': overlaps" in again.stderr or "overlaps 'd1-" in again.stderr
    assert "2027-05-21 is not a day of the edition" in again.stderr
    assert run("versions").stdout == "*   0  the edition's own file (48 sessions)\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("import", "missing.xml"), "missing.xml cannot be read: No such file or directory"),
        (("import", "x.csv", "--edition", "2099"), "there is no data/expo/2099.yml; say --edition with one of 2016"),
        (("import", "x.csv", "--language", "tlh"), "'tlh' is not one of fr, ar, ary, en, es"),
        (("import", "x.csv", "--room", "Big=Q"), "'Big=Q': write it as 'name in the file=ID'; there are A, B, C, D"),
        (("import", "x.csv", "--timezone", "Mars"), "'Mars' is no time zone; write it like Africa/Casablanca"),
        (("rollback",), "nothing was applied to demo yet, so there is nothing to go back from"),
        (("export", "--format", "ics", "--version", "4"), "demo has no version 4; there are 0 (its file)"),
    ],
)
def test_what_cannot_be_done_says_why(run: Run, arguments: tuple[str, ...], words: str) -> None:
    refused = run(*arguments)
    assert refused.exit_code == 2
    assert words in " ".join(refused.stderr.replace("│", " ").split()), refused.stderr


def test_an_export_says_the_programme_as_it_was_applied(run: Run, tmp_path: Path) -> None:
    run("import", table(tmp_path, d1_cyber=None), "--apply")
    for format_ in ("frab", "pretalx", "ics", "csv"):
        path = tmp_path / f"out.{format_}"
        assert run("export", "--format", format_, "--output", path).exit_code == 0
        assert "unchanged." in run("import", path).stdout
        assert "Nothing to apply." in run("import", path).stderr
        old = run("export", "--format", format_, "--version", "0", "--language", "en")
        assert "Cybersecurity: a city that keeps running" in old.stdout
    assert "6 break(s) and session(s) without hours have no place in frab" in run("export", "--format", "frab").stderr


async def test_a_running_service_says_a_new_programme_without_a_restart(
    expo_house: House, model: Path, run: Run, database_url: str, tmp_path: Path
) -> None:
    database = await Database.open(database_url)
    live = LiveHouse(expo_house, PROJECT, model)

    async def sessions() -> list[str]:
        async with database.transaction() as session:
            await live.refresh(session)
        edition = live.house.expo.edition
        assert edition
        assert live.house.demo_expo.edition == edition
        return [session.id for session in edition.sessions]

    try:
        assert "d1-cyber" in await sessions()
        file = table(tmp_path, d1_cyber=None)
        applied = await asyncio.to_thread(run, "import", file, "--apply")
        assert applied.exit_code == 0, applied.output
        assert "d1-cyber" not in await sessions()
        await asyncio.to_thread(run, "rollback")
        assert "d1-cyber" in await sessions()
    finally:
        await database.close()


def test_the_chat_in_the_terminal_says_what_was_applied(run: Run, model: Path, tmp_path: Path) -> None:
    run("import", table(tmp_path, d1_cyber=None), "--apply")
    asked = CliRunner().invoke(app, ["chat", "--user", "x", "--at", "2027-05-19T09:00"], input="cybersécurité\n")
    assert asked.exit_code == 0, asked.output
    assert "Aoife Drennaghan" not in asked.stdout
    run("rollback", "0")
    again = CliRunner().invoke(app, ["chat", "--user", "x", "--at", "2027-05-19T09:00"], input="cybersécurité\n")
    assert "Aoife Drennaghan" in again.stdout
