"""`casa faq ...`: keep the answers right."""

from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.ext.asyncio import AsyncSession

from actions.faq_exchange import Outcome
from bot.commands.common import in_database, settings_or_exit, shown

app = typer.Typer(help="Keep the answers right.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """Keep the answers right."""


@app.command("check")
def faq_check(
    root: Annotated[
        Path | None, typer.Option(help="Folder that holds data/ (the project itself unless given).")
    ] = None,
) -> None:
    """Check every answer and example; names file, line and remedy of each problem."""
    from actions.faq_check import check

    problems = check(root or settings_or_exit().root)
    for problem in problems:
        typer.echo(str(problem), err=True)
    if problems:
        typer.echo(f"{len(problems)} problem(s) found.", err=True)
        raise typer.Exit(1)
    typer.echo("All answers and examples are in order.")


@app.command("export")
def faq_export(
    to: Annotated[
        Path | None, typer.Option("--to", help="Write every answer as it is said now into this folder instead.")
    ] = None,
    root: Annotated[
        Path | None, typer.Option(help="Folder that holds data/ (the project itself unless given).")
    ] = None,
) -> None:
    """Write what staff published at the desk into data/faq/, letter by letter.

    A file that changed since is shown and stays; ends with code 1 then. With --to, all answers go into a folder, to be edited
    there and brought back by `casa faq import`.
    """
    from actions.faq_exchange import export_all, export_published
    from actions.live import effective, read_files
    from store import faq as faq_store

    project = root or settings_or_exit().root
    done: list[Outcome] = []

    async def export(session: AsyncSession) -> None:
        versions, files = await faq_store.newest_versions(session), read_files(project)
        if to is None:
            done.extend(export_published(project, files, versions))
            return
        said = {intent: effective(files.get(intent), versions.get(intent)) for intent in {*files, *versions}}
        done.extend(export_all(project, to, {intent: found for intent, found in said.items() if found}, files))

    in_database(export)
    _report(done, nothing="The desk has published nothing that the files do not say.")


@app.command("import")
def faq_import(
    paths: Annotated[list[Path], typer.Argument(help="Files, or folders of files, in the format of data/faq/.")],
    author: Annotated[str, typer.Option(help="Who is named as the author of the drafts.")] = "casa",
    root: Annotated[
        Path | None, typer.Option(help="Folder that holds data/ (the project itself unless given).")
    ] = None,
) -> None:
    """Bring files that were edited elsewhere to the staff desk as drafts; publishing stays there.

    What somebody changed at the desk since is shown and not overwritten; ends with code 1 then.
    """
    from datetime import UTC, datetime

    from actions.faq_exchange import Brought, judge, read_brought
    from actions.faq_text import text_hash
    from actions.knowledge import read_intents
    from actions.live import effective, read_files
    from store import faq as faq_store
    from store import staff as staff_store
    from store.tables import FaqDraftRow

    project = root or settings_or_exit().root
    done: list[Outcome] = []

    async def bring(session: AsyncSession) -> None:
        versions, files = await faq_store.newest_versions(session), read_files(project)
        known, now = read_intents(project), datetime.now(UTC)
        for brought in read_brought(paths):
            if not isinstance(brought, Brought):
                done.append(brought)
                continue
            intent = brought.intent
            live, draft = effective(files.get(intent), versions.get(intent)), await session.get(FaqDraftRow, intent)
            outcome = judge(
                brought,
                live=live,
                file=files.get(intent),
                draft=draft.text if draft else None,
                known=intent in known,
            )
            done.append(outcome)
            if outcome.kind != "draft":
                continue
            based_on = text_hash(live.text) if live else ""
            row = FaqDraftRow(
                intent=intent, text=brought.text, based_on=based_on, trial={}, author=author[:40], updated_at=now
            )
            session.add(row)
            await session.flush()
            staff_store.note(session, who="casa", action="faq.import", subject=intent, now=now)

    in_database(bring)
    _report(done, nothing="No file found.")


def _report(outcomes: list[Outcome], *, nothing: str) -> None:
    from actions.faq_exchange import problems

    if not outcomes:
        typer.echo(nothing)
    for outcome in outcomes:
        to_standard_error = outcome.kind in ("conflict", "refused")
        place = f"{shown(outcome.path)} ({outcome.intent})"
        typer.echo(f"{outcome.kind:9} {place}{_reason(outcome)}", err=to_standard_error)
    count = problems(outcomes)
    if count:
        typer.echo(f"{count} file(s) left as they are: settle them at the desk (/staff/faq) or in the file.", err=True)
        raise typer.Exit(1)


def _reason(outcome: Outcome) -> str:
    if not outcome.said:
        return ""
    return f"\n{outcome.said}" if outcome.kind == "conflict" else f": {outcome.said}"
