"""`casa expo feedback`: what visitors thought, for a terminal and for a spreadsheet."""

import asyncio
import csv
import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from store.database import Database
from store.tables import FeedbackRow

NOW = datetime(2027, 5, 19, 12, tzinfo=UTC)


@pytest.fixture
def answered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database with two answers on one session."""
    url = f"sqlite+aiosqlite:///{tmp_path}/casa.sqlite3"
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))

    async def fill() -> None:
        database = await Database.open(url)
        async with database.transaction() as session:
            for rating, words in ((4, "très clair"), (3, None)):
                session.add(
                    FeedbackRow(edition="demo", session_id="d1-tram-bus", rating=rating, words=words, given_at=NOW)
                )
        await database.close()

    asyncio.run(fill())


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["expo", "feedback", *words])


@pytest.mark.usefixtures("answered")
def test_averages_counts_and_sentences_are_printed() -> None:
    done = run("--edition", "demo")
    assert done.stdout.split("\n")[1:3] == [
        "3.50    1   1   0   0  2027-05-19 10:30  Tram et bus : réussir la correspondance",
        "      « très clair »",
    ]
    assert done.stderr == "2 answer(s) on 1 session(s).\n"


@pytest.mark.usefixtures("answered")
def test_a_spreadsheet_gets_a_row_a_session() -> None:
    (row,) = csv.DictReader(io.StringIO(run("--edition", "demo", "--csv").stdout))
    assert (row["session"], row["answers"], row["average"], row["sentences"]) == (
        "d1-tram-bus",
        "2",
        "3.5",
        "très clair",
    )


@pytest.mark.usefixtures("answered")
def test_an_unknown_edition_is_named_with_those_that_there_are() -> None:
    done = run("--edition", "nowhere")
    assert done.exit_code == 2
    assert "nowhere" in done.stderr
    assert "demo" in done.stderr
