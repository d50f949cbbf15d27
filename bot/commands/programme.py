"""`casa expo import`, `export`, `versions` and `rollback`: the programme, in and out of the tools that organisers use."""

import getpass
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.commands.common import in_database, moment, or_fail, settings_or_exit, tell
from bot.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from actions.exchange.merging import Draft, Wishes
    from actions.exchange.sheet import Sheet
    from actions.programme.edition import Edition

EditionName = Annotated[
    str | None, typer.Option("--edition", help="File name of data/expo/ without .yml (setting EXPO_EDITION).")
]
By = Annotated[str | None, typer.Option(help="Who does it, for the list of versions (the user of the system).")]
At = Annotated[str | None, typer.Option(help="Set the clock: 2027-05-19T10:40, in Casablanca time.")]


class OutFormat(StrEnum):
    FRAB = "frab"
    PRETALX = "pretalx"
    ICS = "ics"
    CSV = "csv"
    HTML = "html"


class OutLanguage(StrEnum):
    FRENCH = "fr"
    DARIJA = "ary"
    DARIJA_LATIN = "ary-Latn"
    ENGLISH = "en"


def import_(
    file: Annotated[
        Path, typer.Argument(help="pretalx schedule.json, frab schedule.xml, iCalendar or CSV; recognised by itself.")
    ],
    edition: EditionName = None,
    apply: Annotated[
        bool, typer.Option("--apply", help="Apply it; without this, only show what would change.")
    ] = False,
    language: Annotated[
        str, typer.Option(help="Language (fr, ar, ary, en, es) of sessions of which nobody says it.")
    ] = "",
    room: Annotated[
        list[str] | None, typer.Option(help="A room of the file as one of the edition: 'Grand Hall=A'; repeatable.")
    ] = None,
    place: Annotated[
        list[str] | None, typer.Option(help="A name in the file that is a place outside of the rooms; repeatable.")
    ] = None,
    timezone: Annotated[str, typer.Option(help="Zone of times that come without one, such as Africa/Casablanca.")] = "",
    by: By = None,
    at: At = None,
) -> None:
    """Show what a programme would change, and with --apply make it the one that visitors are told."""
    from actions.exchange.merging import Wishes

    base = _edition(settings_or_exit(), edition)
    wishes = Wishes(_spoken(language), _rooms(room or [], base), frozenset(place or []))
    sheet = or_fail(lambda: _read(file, timezone))
    now = moment(at) or datetime.now(UTC)

    async def run(session: "AsyncSession") -> None:
        draft, differs = await _compared(session, base, sheet, wishes, file, now)
        if not differs or not apply:
            tell("Nothing to apply." if not differs else "Nothing was changed; --apply applies it.")
            return
        await _apply(session, base, draft.content, f"{sheet.label} {file.name}", by, now)

    in_database(run)


def export(
    format_: Annotated[OutFormat, typer.Option("--format", help="What to write.")],
    output: Annotated[Path | None, typer.Option(help="File to write (standard output unless given).")] = None,
    edition: EditionName = None,
    language: Annotated[OutLanguage, typer.Option(help="Language of titles and rooms.")] = OutLanguage.FRENCH,
    version: Annotated[
        int | None, typer.Option(help="Of this version (casa expo versions); 0: as in the file.")
    ] = None,
    at: At = None,
) -> None:
    """Write the programme for other tools, for calendars, for a spreadsheet, or as a page to print."""
    from bot.assistant import load_texts

    settings = settings_or_exit()
    base = _edition(settings, edition)
    texts = load_texts(settings)
    made_at = moment(at) or datetime.now(UTC)

    async def run(session: "AsyncSession") -> None:
        from actions.exchange.outgoing import Outgoing
        from nlu.understanding import Language

        said, number = await _said(session, base, version)
        outgoing = Outgoing(said, Language(language.value), texts, str(number), made_at)
        data = _writer(format_)(outgoing)
        _put(output, data)
        left = len(said.sessions) - len(outgoing.scheduled)
        if left and format_ in (OutFormat.FRAB, OutFormat.PRETALX):
            tell(f"{left} break(s) and session(s) without hours have no place in {format_.value} and are left out.")

    in_database(run)


def versions(edition: EditionName = None) -> None:
    """List the programmes that were applied, the newest first; the one that visitors are told is marked."""
    base = _edition(settings_or_exit(), edition)

    async def run(session: "AsyncSession") -> None:
        from actions.exchange.versions import applied
        from nlu.times import CASABLANCA
        from store import expo as expo_store

        rows = await expo_store.versions_of(session, base.id)
        for place, row in enumerate(rows):
            mark = "*" if place == 0 else " "
            when = f"{row.at.astimezone(CASABLANCA):%Y-%m-%d %H:%M}"
            count = f"{len(row.content['sessions'])} sessions" if row.content else "as in the file"
            typer.echo(f"{mark} {row.number:3}  {when}  {row.author:12}  {count:14}  {row.note}")
        typer.echo(f"{' ' if rows else '*'}   0  the edition's own file ({len(base.sessions)} sessions)")
        if rows:
            applied(base, rows[0])  # Raises where visitors are told the file's programme after all.

    in_database(run)


def rollback(
    version: Annotated[
        int | None,
        typer.Argument(help="Version to go back to, 0 for the edition's file (the one before unless given)."),
    ] = None,
    edition: EditionName = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would change.")] = False,
    by: By = None,
    at: At = None,
) -> None:
    """Go back to an earlier programme; it becomes the newest version, nothing is lost."""
    base = _edition(settings_or_exit(), edition)
    now = moment(at) or datetime.now(UTC)

    async def run(session: "AsyncSession") -> None:
        from actions.exchange.versions import applied, content_of
        from store import expo as expo_store
        from store.tables import ExpoVersionRow

        rows = await expo_store.versions_of(session, base.id)
        if not rows:
            raise ValueError(f"nothing was applied to {base.id} yet, so there is nothing to go back from")
        number = version if version is not None else rows[1].number if len(rows) > 1 else 0
        content = await content_of(session, base, number)
        after = applied(base, ExpoVersionRow(number=number, content=dict(content) if content is not None else None))
        if not await _show(session, await _now(session, base), after, now):
            tell(f"The programme is that of version {number} already.")
        elif dry_run:
            tell("Nothing was changed.")
        else:
            await _apply(session, base, content, f"back to version {number}", by, now)

    in_database(run)


async def _compared(
    session: "AsyncSession", base: "Edition", sheet: "Sheet", wishes: "Wishes", file: Path, now: datetime
) -> "tuple[Draft, bool]":
    """The programme that the file makes, and whether it differs; shows what changes, or ends with what is wrong."""
    from actions.exchange.merging import merge
    from actions.exchange.sheet import BadFile, Problem
    from actions.programme.loading import with_programme
    from actions.programme.mistakes import mistakes

    before = await _now(session, base)
    draft = merge(sheet, before, wishes)
    problems = list(draft.problems)
    if not problems:
        after = with_programme(base, draft.content)
        problems = [Problem(draft.lines.get(found.session or ""), str(found)) for found in mistakes(after)]
    if problems:
        raise BadFile(file.name, problems)
    typer.echo(f"{file.name}: {sheet.label}, {len(sheet.rows)} session(s), for the edition {base.id}")
    for note in draft.notes:
        typer.echo(f"! {note}")
    return draft, await _show(session, before, after, now)


async def _show(session: "AsyncSession", before: "Edition", after: "Edition", now: datetime) -> bool:
    """Shows what changes from one programme to the other, and who would be told; false where nothing does."""
    from actions.agenda.changes import changes_between, spots_of
    from actions.agenda.news import audience
    from actions.exchange.changes import compare
    from actions.exchange.report import changes_in_words

    changes = compare(before, after)
    for line in changes_in_words(changes, after):
        typer.echo(line)
    told = await audience(session, after, changes_between(spots_of(before), spots_of(after)), now)
    if told.messages:
        each = ", ".join(f"{key} {count}" for key, count in sorted(told.by_session.items()))
        typer.echo(f"{told.people} person(s) would be told, in {told.messages} message(s): {each}.")
    elif changes:
        typer.echo("Nobody would be told: none of it is in anybody's agenda.")
    return bool(changes)


async def _apply(
    session: "AsyncSession",
    base: "Edition",
    content: Mapping[str, Any] | None,
    note: str,
    by: str | None,
    now: datetime,
) -> None:
    from store import expo as expo_store
    from store.database import alone

    if not await alone(session, f"expo programme {base.id}"):
        raise ValueError(f"somebody else is applying a programme to {base.id} right now; look at it again in a moment")
    row = await expo_store.add_version(session, base.id, content, note=note, author=by or getpass.getuser(), now=now)
    tell(f"Applied as version {row.number}; a running casa serve says it within a second.")


async def _now(session: "AsyncSession", base: "Edition") -> "Edition":
    from actions.exchange.versions import present

    return await present(session, base)


async def _said(session: "AsyncSession", base: "Edition", number: int | None) -> "tuple[Edition, int]":
    """The programme of a version, or the present one, and its number."""
    from actions.exchange.versions import applied, content_of
    from store import expo as expo_store
    from store.tables import ExpoVersionRow

    newest = (await expo_store.newest_versions(session)).get(base.id)
    if number is None:
        return applied(base, newest), newest.number if newest else 0
    content = await content_of(session, base, number)
    return applied(base, ExpoVersionRow(number=number, content=dict(content) if content is not None else None)), number


def _edition(settings: Settings, name: str | None) -> "Edition":
    """The edition as its file says it."""
    from actions.programme.loading import load_edition

    folder = settings.root / "data" / "expo"
    known = sorted(path.stem for path in folder.glob("*.yml"))
    chosen = name or settings.expo_edition
    if chosen not in known:
        what = f"there is no data/expo/{chosen}.yml" if chosen else "no edition is under way (EXPO_EDITION)"
        tell(f"casa: {what}; say --edition with one of {', '.join(known)}")
        raise typer.Exit(2)
    edition: Edition = or_fail(lambda: load_edition(folder / f"{chosen}.yml"))
    return edition


def _read(file: Path, timezone: str) -> "Sheet":
    from actions.exchange.frab import zone_named
    from actions.exchange.reading import read

    zone = zone_named(timezone) if timezone else None
    if timezone and zone is None:
        raise typer.BadParameter(
            f"{timezone!r} is no time zone; write it like Africa/Casablanca", param_hint="--timezone"
        )
    try:
        return read(file, zone)
    except OSError as error:
        raise ValueError(f"{file} cannot be read: {error.strerror}") from None


def _spoken(language: str) -> str:
    from actions.programme.edition import LANGUAGES

    if language and language not in LANGUAGES:
        raise typer.BadParameter(f"{language!r} is not one of {', '.join(LANGUAGES)}", param_hint="--language")
    return language


def _rooms(written: list[str], edition: "Edition") -> dict[str, str]:
    rooms: dict[str, str] = {}
    for each in written:
        name, _, key = each.rpartition("=")
        if not name or key not in edition.rooms:
            known = ", ".join(edition.rooms) or "no rooms"
            raise typer.BadParameter(
                f"{each!r}: write it as 'name in the file=ID'; there are {known}", param_hint="--room"
            )
        rooms[name] = key
    return rooms


def _writer(format_: OutFormat) -> Any:
    from actions.exchange import frab, ical, pretalx, table
    from bot import programme_sheet

    return {
        OutFormat.FRAB: frab.write,
        OutFormat.PRETALX: pretalx.write,
        OutFormat.ICS: ical.write,
        OutFormat.CSV: table.write,
        OutFormat.HTML: programme_sheet.write,
    }[format_]


def _put(output: Path | None, data: bytes) -> None:
    """Writes to standard output, or in place of a file, which is whole at any moment."""
    if output is None:
        typer.echo(data, nl=False)
        return
    if not output.parent.is_dir():
        raise ValueError(f"{output}: there is no folder {output.parent}")
    part = output.with_name(f"{output.name}.part")
    part.write_bytes(data)
    part.replace(output)
    tell(f"{output}: {len(data)} bytes.")
