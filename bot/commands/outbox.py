"""`casa outbox ...`: replies that did not arrive, or perhaps not."""

from collections.abc import Awaitable, Callable
from typing import Annotated

import typer
from sqlalchemy.ext.asyncio import AsyncSession

from bot.commands.common import in_database, print_json

app = typer.Typer(help="Look after replies that did not arrive.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """Look after replies that did not arrive."""


@app.command("list")
def list_letters(
    limit: Annotated[int, typer.Option(min=1, help="How many of the latest to show.")] = 50,
    json_lines: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Show the latest: failed (refused by the provider, or tried for a day), uncertain (perhaps arrived), blocked (person unreachable)."""
    from store import queues

    letters = in_database(lambda session: queues.dead_letters(session, limit=limit))
    for letter in letters:
        if json_lines:
            print_json({name: str(value) if name == "created_at" else value for name, value in _fields(letter).items()})
            continue
        typer.echo(
            f"{letter.id:>8}  {letter.created_at:%Y-%m-%d %H:%M}  {letter.channel:<9} {letter.state:<9} "
            f"{letter.arrived} of {letter.messages} arrived  {letter.reason or ''}".rstrip()
        )
    if not letters and not json_lines:
        typer.echo("Every reply arrived or is on its way.")


@app.command("retry")
def retry(numbers: Annotated[list[int], typer.Argument(help="Numbers from `casa outbox list`.")]) -> None:
    """Send again what did not surely arrive; of an uncertain reply the person may get a message twice."""
    from store import queues

    _each(numbers, queues.send_again, "Will be sent again")


@app.command("drop")
def drop(numbers: Annotated[list[int], typer.Argument(help="Numbers from `casa outbox list`.")]) -> None:
    """Take replies off the list for good."""
    from store import queues

    _each(numbers, queues.drop, "Dropped")


def _each(numbers: list[int], action: Callable[[AsyncSession, int], Awaitable[bool]], done: str) -> None:
    unknown = [number for number in numbers if not in_database(lambda session, n=number: action(session, n))]  # type: ignore[misc]
    for number in numbers:
        if number not in unknown:
            typer.echo(f"{done}: {number}")
    for number in unknown:
        typer.echo(f"casa: no such reply on the list: {number} (see casa outbox list)", err=True)
    if unknown:
        raise typer.Exit(2)


def _fields(letter: object) -> dict[str, object]:
    import dataclasses

    return dataclasses.asdict(letter)  # type: ignore[call-overload,no-any-return]
