"""What the commands share: settings or a clear end, progress, output."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import typer
from sqlalchemy.ext.asyncio import AsyncSession

from bot.settings import Settings

if TYPE_CHECKING:
    from store.database import Database

Result = TypeVar("Result")


def settings_or_exit() -> Settings:
    from pydantic import ValidationError

    try:
        return Settings()
    except ValidationError as error:
        for problem in error.errors():
            name = str(problem["loc"][0]).upper() if problem["loc"] else "settings"
            fault = problem["msg"].removeprefix("Value error, ").removeprefix(f"{name}: ")
            typer.echo(f"{name}: {fault} (see .env.example)", err=True)
        raise typer.Exit(2) from None


def prepare(settings: Settings) -> None:
    from bot.assistant import ensure_model
    from bot.logs import configure

    configure("ERROR")
    or_fail(lambda: ensure_model(settings.root, tell))


def or_fail(action: Callable[[], Any]) -> Any:
    """Runs `action`; broken data, or a file that cannot be read or written, ends the program with a message instead of a
    stack trace."""
    from nlu.examples import ExampleError

    try:
        return action()
    except (ExampleError, ValueError) as error:
        said = str(error)
    except OSError as error:
        said = f"{error.filename}: {error.strerror}" if error.filename else str(error)
    typer.echo(f"casa: {said}", err=True)
    raise typer.Exit(2)


@asynccontextmanager
async def opened_database(settings: Settings) -> AsyncIterator["Database"]:
    """The database of the settings; a fresh checkout has no folder for it yet."""
    from bot.database import open_database

    settings.data_dir.mkdir(parents=True, exist_ok=True)
    database = await open_database(settings.database_url)
    try:
        yield database
    finally:
        await database.close()


def in_database(action: Callable[[AsyncSession], Awaitable[Result]]) -> Result:
    """Runs an action in one transaction; what cannot be done ends the program with its message."""
    settings = settings_or_exit()

    async def run() -> Result:
        async with opened_database(settings) as database, database.transaction() as session:
            return await action(session)

    result: Result = or_fail(lambda: asyncio.run(run()))
    return result


def moment(at: str | None) -> datetime | None:
    from nlu.times import CASABLANCA

    if at is None:
        return None
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        raise typer.BadParameter(f"{at!r} is no time; write it like 2027-05-19T10:40", param_hint="--at") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=CASABLANCA)


def tell(message: str) -> None:
    """Progress goes to standard error, so that output can be piped."""
    typer.echo(message, err=True)


def print_json(value: dict[str, Any]) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False))


def shown(path: Path) -> str:
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)
