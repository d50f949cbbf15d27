"""`casa request ...` on a real database: filters, changes with their pushes, exports, and clear errors."""

import asyncio
import csv
import io
import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from actions.requests import changes
from actions.requests.changes import Draft
from bot.assistant import load_desk
from bot.cli import app
from bot.settings import Settings
from nlu.times import CASABLANCA
from nlu.understanding import Language
from store import history
from store.conversations import conversation_of
from store.database import Database

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=CASABLANCA)
DRAFTS = (
    Draft(
        "report/road",
        "=trou énorme",
        Language.FRENCH,
        place_text="rue 14",
        arrondissement="sbata",
        lat=33.53,
        lon=-7.55,
    ),
    Draft("report/waste", "زبل بزاف", Language.DARIJA, place_text="حدا المارشي", arrondissement="anfa"),
    Draft("report/noise", "sda3", Language.DARIJA_LATIN, place_text="7da darna"),
)


class Desk:
    """A database with three requests, and the commands run on it."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.url = f"sqlite+aiosqlite:///{folder}/casa.sqlite3"
        monkeypatch.setenv("DATABASE_URL", self.url)
        self.numbers = asyncio.run(self._fill())

    async def _fill(self) -> list[str]:
        database = await Database.open(self.url)
        desk = load_desk(Settings(_env_file=None))
        async with database.transaction() as session:
            who = await conversation_of(session, "phone", "aicha", now=NOON)
            who.state = {"language": "ary"}
            drafts = [Draft(**{**_fields(draft), "conversation_id": who.id}) for draft in DRAFTS]
            rows = [await changes.file_request(session, desk, draft, now=NOON) for draft in drafts]
        await database.close()
        return [row.number for row in rows]

    def pushed(self) -> list[str]:
        async def read() -> list[str]:
            database = await Database.open(self.url)
            async with database.transaction() as session:
                texts = [row.parts[0]["text"] for row in (await history.newest(session, 1)).replies]
            await database.close()
            return texts

        return asyncio.run(read())

    def run(self, *arguments: str) -> Result:
        return CliRunner().invoke(app, ["request", *arguments])


def _fields(draft: Draft) -> dict[str, object]:
    return {name: getattr(draft, name) for name in draft.__dataclass_fields__}


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return Desk(tmp_path, monkeypatch)


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ((), {"road", "waste", "noise"}),
        (("--arrondissement", "سباتة"), {"road"}),
        (("--arrondissement", "Anfa"), {"waste"}),
        (("--category", "voirie", "--category", "noise"), {"road", "noise"}),
        (("--state", "open", "--days-left", "7", "--at", "2026-11-23T12:00"), {"waste"}),
        (("--state", "fixed"), set()),
        (("--due",), set()),
    ],
)
def test_filters_of_the_list(desk: Desk, filters: tuple[str, ...], expected: set[str]) -> None:
    listed = desk.run("list", "--json", *filters)
    assert {json.loads(line)["category"] for line in listed.stdout.splitlines() if line.startswith("{")} == expected


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("list", "--arrondissement", "Marrakech"), "no arrondissement 'Marrakech'; there are anfa"),
        (("list", "--category", "pluie"), "no category 'pluie'; there are waste"),
        (("list", "--state", "lost"), "no state 'lost'; there are open, received"),
        (("show", "AAA-AAA"), "its check letter is wrong"),
        (("show", "7K3-42G"), "there is no request 7K3-42G"),
    ],
)
def test_an_error_names_the_remedy(desk: Desk, arguments: tuple[str, ...], error: str) -> None:
    result = desk.run(*arguments)
    assert (result.exit_code, error in result.output) == (2, True)


def test_a_change_of_state_is_told_to_the_follower_in_arabic_letters(desk: Desk) -> None:
    number = desk.numbers[0]
    result = desk.run("status", number, "in_progress", "--by", "samira")
    assert (result.exit_code, result.stdout) == (0, f"{number} is in_progress; 1 follower(s) told.\n")
    assert [text.translate(dict.fromkeys((0x200F, 0x2066, 0x2069))) for text in desk.pushed()] == [
        f"الطلب {number} (حفرة فالطريق): راهم خدامين عليه."
    ]


def test_an_impossible_change_changes_and_tells_nothing(desk: Desk) -> None:
    result = desk.run("status", desk.numbers[0], "rejected")
    assert (result.exit_code, "needs a reason" in result.output, desk.pushed()) == (2, True, [])
    assert "state           received" in desk.run("show", desk.numbers[0]).stdout


def test_show_tells_who_did_what_and_why(desk: Desk) -> None:
    number = desk.numbers[1]
    desk.run("assign", number, "--to", "Omar", "--by", "samira")
    desk.run("note", number, "vu sur place", "--by", "omar")
    events = json.loads(desk.run("show", number, "--json").stdout)["events"]
    assert [(event["kind"], event["by"], event["note"]) for event in events] == [
        ("filed", "citizen", None),
        ("assigned", "staff:samira", None),
        ("note", "staff:omar", "vu sur place"),
    ]


def test_a_merged_request_points_to_the_other(desk: Desk) -> None:
    desk.run("merge", desk.numbers[2], desk.numbers[0], "--by", "samira")
    shown = json.loads(desk.run("show", desk.numbers[2], "--json").stdout)
    assert (shown["state"], shown["events"][-1]["detail"]) == ("merged", {"into": desk.numbers[0]})


def test_the_csv_cannot_run_formulas_and_the_geojson_has_lon_before_lat(desk: Desk, tmp_path: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(desk.run("export").stdout)))
    assert {row["description"] for row in rows} == {"'=trou énorme", "زبل بزاف", "sda3"}
    target = tmp_path / "requests.geojson"
    desk.run("export", "--format", "geojson", "--output", str(target))
    features = json.loads(target.read_text(encoding="utf-8"))["features"]
    assert {feature["id"]: feature["geometry"] for feature in features} == {
        desk.numbers[0]: {"type": "Point", "coordinates": [-7.55, 33.53]},
        desk.numbers[1]: None,
        desk.numbers[2]: None,
    }


def test_reminders_are_listed_as_due(desk: Desk) -> None:
    from actions.requests.clock import remind_of_deadlines
    from bot.assistant import ensure_model, load_house
    from bot.settings import PROJECT

    async def remind() -> None:
        settings = Settings(_env_file=None)
        database = await Database.open(desk.url)
        async with database.transaction() as session:
            house = load_house(settings, ensure_model(PROJECT, print))
            await remind_of_deadlines(session, house, NOON + timedelta(hours=19))
        await database.close()

    asyncio.run(remind())
    listed = [line for line in desk.run("list", "--due").stdout.splitlines() if desk.numbers[1] in line]
    assert ["(75 %)" in line for line in listed] == [True]
