"""`casa faq ...`: keep the answers right."""

from pathlib import Path
from typing import Annotated

import typer

from bot.commands.common import settings_or_exit

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
