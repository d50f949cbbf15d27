"""`casa request ...`: what staff do with service requests, until and beside the console."""

import getpass
import json
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from bot.commands import receipt
from bot.commands.common import in_database, moment, or_fail, print_json, settings_or_exit, tell

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from actions.desk import Desk
    from actions.push import Push
    from actions.requests.life import Actor
    from bot.settings import Settings
    from store.tables import ServiceRequestRow

app = typer.Typer(help="Service requests: list, show, assign, change, export.", no_args_is_help=True)
app.command("verify")(receipt.verify)
app.command("receipt-key")(receipt.receipt_key)

Result = TypeVar("Result")
Number = Annotated[str, typer.Argument(help="Number of the request, like 7K3-42R.")]
By = Annotated[str | None, typer.Option(help="Who does it, for the audit trail (the user of the system unless given).")]
At = Annotated[str | None, typer.Option(help="Set the clock: 2027-05-19T10:40, in Casablanca time.")]
Arrondissement = Annotated[str | None, typer.Option(help="Only this arrondissement: its name or id (Sidi Othmane).")]
Category = Annotated[
    list[str] | None, typer.Option(help="Only this category (road, report/road or voirie); repeatable.")
]
State = Annotated[list[str] | None, typer.Option(help="Only this state, or open; repeatable.")]
DaysLeft = Annotated[int | None, typer.Option(help="Only requests due within so many days; 0: overdue.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]


class Format(StrEnum):
    CSV = "csv"
    GEOJSON = "geojson"


@app.command("list")
def list_(
    arrondissement: Arrondissement = None,
    category: Category = None,
    state: State = None,
    days_left: DaysLeft = None,
    due: Annotated[
        bool, typer.Option("--due", help="Open ones for which a deadline reminder (50, 75, 100 %) was given.")
    ] = False,
    as_json: AsJson = False,
    at: At = None,
) -> None:
    """List requests, the most urgent first."""
    settings = settings_or_exit()
    now = moment(at) or datetime.now(UTC)
    records = _records(settings, arrondissement, category, ["open"] if due else state, days_left, now, reminded=due)
    for record in records:
        if as_json:
            print_json(record)
        else:
            typer.echo(_line(record))
    if not as_json:
        tell(f"{len(records)} request(s).")


@app.command()
def export(
    format_: Annotated[Format, typer.Option("--format", help="csv or geojson.")] = Format.CSV,
    output: Annotated[Path | None, typer.Option(help="File to write (standard output unless given).")] = None,
    arrondissement: Arrondissement = None,
    category: Category = None,
    state: State = None,
    days_left: DaysLeft = None,
    at: At = None,
) -> None:
    """Export requests as CSV or GeoJSON, with the filters of `list`."""
    from actions.requests.export import as_csv, as_geojson

    settings = settings_or_exit()
    records = _records(settings, arrondissement, category, state, days_left, moment(at) or datetime.now(UTC))
    text = as_csv(records) if format_ is Format.CSV else as_geojson(records)
    if output is None:
        typer.echo(text, nl=False)
        return
    # A byte-order mark makes spreadsheets read the Arabic letters of a CSV file.
    or_fail(lambda: output.write_text(text, encoding="utf-8-sig" if format_ is Format.CSV else "utf-8"))
    tell(f"{len(records)} request(s) in {output}.")


@app.command()
def show(number: Number, as_json: AsJson = False, at: At = None) -> None:
    """Show a request with its whole audit trail, internal notes included."""
    from actions.requests.export import as_record
    from nlu.times import CASABLANCA
    from store import requests as requests_store

    now = moment(at) or datetime.now(UTC)

    async def look(session: "AsyncSession", desk: "Desk", row: "ServiceRequestRow") -> dict[str, Any]:
        events = [
            {
                "at": event.at.astimezone(CASABLANCA).isoformat(timespec="minutes"),
                "kind": event.kind,
                "by": event.actor,
                "from": event.from_status,
                "to": event.to_status,
                "note": event.note,
                "public": event.public,
                **({"detail": event.detail} if event.detail else {}),
            }
            for event in await requests_store.events_of(session, row.id)
        ]
        return {**as_record(desk, row, now=now), "events": events}

    found = _on_request(number, look)
    if as_json:
        print_json(found)
        return
    events = found.pop("events")
    for key, value in found.items():
        if value not in (None, "", [], {}):
            typer.echo(f"{key:15} {value}")
    for event in events:
        step = f"{event['from'] or ''} -> {event['to']}" if event["to"] else ""
        note = f"{'' if event['public'] else '(internal) '}{event['note']}" if event["note"] else ""
        detail = json.dumps(event.get("detail", ""), ensure_ascii=False) if event.get("detail") else ""
        typer.echo("  ".join(part for part in (event["at"], event["kind"], event["by"], step, note, detail) if part))


@app.command()
def assign(
    number: Number,
    body: Annotated[str | None, typer.Option(help="The office that answers for it.")] = None,
    to: Annotated[str | None, typer.Option(help="The person who works on it (not told to citizens).")] = None,
    by: By = None,
    at: At = None,
) -> None:
    """Hand a request to an office, a person, or both."""
    from actions.requests import changes

    if not body and not to:
        raise typer.BadParameter("say to whom: --body, --to, or both")
    now = moment(at) or datetime.now(UTC)

    async def change(session: "AsyncSession", desk: "Desk", row: "ServiceRequestRow") -> "list[Push]":
        return await changes.assign(session, desk, row, actor=_staff(by), now=now, body=body, assignee=to)

    _change(number, change, now)


@app.command()
def status(
    number: Number,
    state: Annotated[
        str, typer.Argument(help="acknowledged, assigned, in_progress, fixed, closed, rejected, reopened.")
    ],
    note: Annotated[
        str | None, typer.Option(help="The reason or a word to the citizen; a rejection needs one.")
    ] = None,
    by: By = None,
    at: At = None,
) -> None:
    """Lead a request to another state; its followers are told."""
    from actions.requests import changes
    from actions.requests.life import RequestState

    if state not in set(RequestState):
        raise typer.BadParameter(f"{state!r} is no state; there are {', '.join(RequestState)}", param_hint="STATE")
    now = moment(at) or datetime.now(UTC)

    async def change(session: "AsyncSession", desk: "Desk", row: "ServiceRequestRow") -> "list[Push]":
        return await changes.change_state(session, desk, row, RequestState(state), actor=_staff(by), now=now, note=note)

    _change(number, change, now)


@app.command()
def note(
    number: Number,
    text: Annotated[str, typer.Argument(help="The note.")],
    public: Annotated[
        bool, typer.Option(help="Followers read a public note; an internal one stays with staff.")
    ] = False,
    by: By = None,
    at: At = None,
) -> None:
    """Add a note."""
    from actions.requests import changes

    now = moment(at) or datetime.now(UTC)

    async def change(session: "AsyncSession", desk: "Desk", row: "ServiceRequestRow") -> "list[Push]":
        return await changes.add_note(session, desk, row, text, actor=_staff(by), now=now, public=public)

    _change(number, change, now)


@app.command()
def merge(
    number: Number,
    into: Annotated[str, typer.Argument(help="Number of the request that goes on.")],
    by: By = None,
    at: At = None,
) -> None:
    """Merge a duplicate into another request: its followers follow that one, and are told."""
    from actions.requests import changes

    now = moment(at) or datetime.now(UTC)

    async def change(session: "AsyncSession", desk: "Desk", row: "ServiceRequestRow") -> "list[Push]":
        return await changes.merge(session, desk, row, await _row(session, into), actor=_staff(by), now=now)

    _change(number, change, now)


def _records(
    settings: "Settings",
    arrondissement: str | None,
    category: list[str] | None,
    state: list[str] | None,
    days_left: int | None,
    now: datetime,
    *,
    reminded: bool = False,
) -> list[dict[str, Any]]:
    from actions.requests.export import as_record
    from actions.requests.filters import arrondissement_id, category_ids, state_ids
    from store import requests as requests_store

    async def read(session: "AsyncSession", desk: "Desk") -> list[dict[str, Any]]:
        rows = await requests_store.all_requests(
            session,
            arrondissement=arrondissement_id(desk.city, arrondissement) if arrondissement else None,
            categories=category_ids(desk.categories, category or []),
            states=state_ids(["open"] if days_left is not None and not state else state or []),
            due_before=now + timedelta(days=days_left) if days_left is not None else None,
        )
        return [
            {**as_record(desk, row, now=now), "reminded_percent": row.reminded_percent}
            for row in rows
            if row.reminded_percent or not reminded
        ]

    return _with_database(settings, read)


def _line(record: dict[str, Any]) -> str:
    left = record["days_left"]
    due = "no deadline" if left is None else f"{-left:.0f} d late" if left < 0 else f"{left:.0f} d left"
    mark = f" ({record['reminded_percent']} %)" if record["reminded_percent"] else ""
    where = ", ".join(part for part in (record["place"], record["arrondissement"]) if part) or "?"
    fields = (
        record["number"],
        f"{record['state']:12}",
        f"{record['category']:20}",
        f"{due}{mark}",
        record["body"],
        where,
    )
    return "  ".join(" ".join(str(field).split()) if field is fields[-1] else str(field) for field in fields)


def _staff(by: str | None) -> "Actor":
    from actions.requests.life import Actor, Who

    return Actor(Who.STAFF, (by or getpass.getuser())[:100])


async def _row(session: "AsyncSession", number: str) -> "ServiceRequestRow":
    from actions.requests.numbers import read_number
    from store import requests as requests_store

    written = read_number(number)
    if written is None:
        raise ValueError(f"{number!r} is no number of a request: its check letter is wrong; numbers look like 7K3-42R")
    row = await requests_store.request_by_number(session, written)
    if row is None:
        raise ValueError(f"there is no request {written}; `casa request list` shows all")
    return row


def _on_request(number: str, action: "Callable[[AsyncSession, Desk, ServiceRequestRow], Awaitable[Result]]") -> Result:
    async def act(session: "AsyncSession", desk: "Desk") -> Result:
        return await action(session, desk, await _row(session, number))

    return _with_database(settings_or_exit(), act)


def _change(
    number: str,
    change: "Callable[[AsyncSession, Desk, ServiceRequestRow], Awaitable[Sequence[Push]]]",
    now: datetime,
) -> None:
    """Makes a change and stores what followers are told, in one transaction."""
    from bot.assistant import load_texts
    from bot.pushes import put_all

    texts = load_texts(settings_or_exit())

    async def act(session: "AsyncSession", desk: "Desk", row: "ServiceRequestRow") -> str:
        told = await put_all(session, texts, await change(session, desk, row), now=now)
        return f"{row.number} is {row.status}; {len(told)} follower(s) told."

    typer.echo(_on_request(number, act))


def _with_database(settings: "Settings", action: "Callable[[AsyncSession, Desk], Awaitable[Result]]") -> Result:
    from bot.assistant import load_desk

    return in_database(lambda session: action(session, load_desk(settings)))
