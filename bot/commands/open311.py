"""`casa open311 ...`: keys of applications that file requests, and requests that do not get to a city's back end."""

from datetime import UTC, datetime
from typing import Annotated

import typer
from sqlalchemy.ext.asyncio import AsyncSession

from bot.commands.common import in_database

app = typer.Typer(help="The Open311 interface for the city's other systems.", no_args_is_help=True)


@app.command("add-key")
def add_key(
    name: Annotated[str, typer.Argument(help="The application, as audit trails will name it.")],
    tokens: Annotated[bool, typer.Option("--tokens", help="Answer its requests with a token first.")] = False,
) -> None:
    """Make a key with which an application may file requests; it is shown this once."""
    from staff.open311 import keys

    async def make(session: AsyncSession) -> None:
        typer.echo(await keys.make(session, name, answers_with_token=tokens, now=datetime.now(UTC)))

    in_database(make)


@app.command("keys")
def list_keys() -> None:
    """List the applications that have a key."""
    from store import open311 as open311_store

    async def show(session: AsyncSession) -> None:
        for row in await open311_store.api_keys(session):
            state = f"disabled {row.disabled_at:%Y-%m-%d}" if row.disabled_at else "active"
            typer.echo(f"{row.name}\t{state}\tsince {row.created_at:%Y-%m-%d}")

    in_database(show)


@app.command("disable-key")
def disable_key(name: Annotated[str, typer.Argument(help="The application.")]) -> None:
    """Take a key back at once."""
    from staff.open311 import keys

    async def disable(session: AsyncSession) -> None:
        await keys.disable(session, name, now=datetime.now(UTC))
        typer.echo(f"{name}: disabled")

    in_database(disable)


@app.command("retry")
def retry(
    numbers: Annotated[list[str], typer.Argument(help="Numbers of requests, such as 7K3-42R; `refused` lists them.")],
) -> None:
    """Send requests that did not arrive to the city's back end at once, also refused ones; first mend what it refused them for."""
    from actions.requests.numbers import read_number
    from store import open311 as open311_store

    async def again(session: AsyncSession) -> None:
        for number in numbers:
            if not await open311_store.retry_forward(session, read_number(number) or number, now=datetime.now(UTC)):
                raise ValueError(f"{number}: no such request is on its way to the back end; nothing was changed")
            typer.echo(f"Will be sent within a minute: {number}")

    in_database(again)


@app.command("refused")
def refused() -> None:
    """List the requests that the city's back end would not take, and those that wait after a failure, with the reason."""
    from store import open311 as open311_store

    async def show(session: AsyncSession) -> None:
        for forward, row in await open311_store.failed_forwards(session):
            typer.echo(f"{row.number}\t{row.category}\t{forward.state}\t{forward.reason}")

    in_database(show)
