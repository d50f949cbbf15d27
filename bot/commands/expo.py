"""`casa expo ...`: what organisers do with an edition of the expo."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands import programme
from bot.commands.common import opened_database, or_fail, settings_or_exit, shown, tell

if TYPE_CHECKING:
    from bot.settings import Settings

app = typer.Typer(help="Editions of the expo.", no_args_is_help=True)
app.command("import")(programme.import_)
app.command("export")(programme.export)
app.command("versions")(programme.versions)
app.command("rollback")(programme.rollback)


@app.callback()
def group() -> None:
    """Editions of the expo."""


@app.command("door-qr")
def door_qr(
    edition: Annotated[
        str, typer.Option(help="Edition of data/expo/ by its file name; EXPO_EDITION unless given.")
    ] = "",
    output: Annotated[Path, typer.Option(help="File to write, to be printed from a browser.")] = Path("door-qr.html"),
    whatsapp: Annotated[str, typer.Option(help="WhatsApp number; WHATSAPP_FROM unless given.")] = "",
    telegram: Annotated[
        str, typer.Option(help="User name of the bot; asked of Telegram unless given, where TELEGRAM_TOKEN is set.")
    ] = "",
    page: Annotated[str, typer.Option(help="Address of the phone page; PUBLIC_URL unless given.")] = "",
) -> None:
    """Write a sheet with a page for every room: its name, and codes that open the chat at that door."""
    from actions.programme.loading import load_edition
    from bot.assistant import load_texts
    from bot.door_sheet import Ways, sheet

    settings = settings_or_exit()
    name = edition or settings.expo_edition

    def write() -> None:
        if not name:
            raise ValueError("no edition is under way; give --edition or set EXPO_EDITION")
        if name not in _editions(settings):
            raise ValueError(f"no file data/expo/{name}.yml; there are {', '.join(_editions(settings))}")
        ways = Ways(
            whatsapp=whatsapp or settings.whatsapp_from,
            telegram=telegram or _name_of_bot(settings),
            page=page or settings.public_url,
        )
        found = load_edition(settings.root / "data" / "expo" / f"{name}.yml")
        output.write_text(sheet(found, ways, load_texts(settings)), encoding="utf-8")
        tell(f"{len(found.rooms)} door(s) in {shown(output.resolve())}. Open it in a browser and print it.")

    or_fail(write)


@app.command()
def feedback(
    edition: Annotated[
        str, typer.Option(help="Edition of data/expo/ by its file name; EXPO_EDITION unless given.")
    ] = "",
    as_csv: Annotated[bool, typer.Option("--csv", help="A row a session, for a spreadsheet.")] = False,
) -> None:
    """Print what visitors thought of the sessions: averages, counts, sentences. Nothing in it leads to a person."""
    from actions.agenda import summary
    from actions.exchange.versions import present
    from actions.programme.loading import load_edition
    from store import agenda as store

    settings = settings_or_exit()
    name = edition or settings.expo_edition

    async def read() -> "tuple[summary.Opinion, ...]":
        if not name or name not in _editions(settings):
            known = ", ".join(_editions(settings))
            raise ValueError(f"{name or 'no edition'}: give --edition or set EXPO_EDITION; there are {known}")
        found = load_edition(settings.root / "data" / "expo" / f"{name}.yml")
        async with opened_database(settings) as database, database.reading() as session:
            return summary.opinions(await present(session, found), await store.feedback(session, found.id))

    opinions = or_fail(lambda: asyncio.run(read()))
    if as_csv:
        typer.echo(summary.as_csv(opinions), nl=False)
        return
    if opinions:
        typer.echo("average (1 to 4), excellent good fair poor")
    for line in summary.in_lines(opinions):
        typer.echo(line)
    tell(f"{sum(len(opinion.ratings) for opinion in opinions)} answer(s) on {len(opinions)} session(s).")


def _editions(settings: "Settings") -> list[str]:
    return sorted(path.stem for path in (settings.root / "data" / "expo").glob("*.yml"))


def _name_of_bot(settings: "Settings") -> str:
    """What Telegram calls our bot; empty where there is none. Raises `ValueError` when it cannot be asked."""
    token = settings.telegram_token.get_secret_value()
    if not token:
        return ""
    from telegram.error import TelegramError

    from bot.channels.telegram.api import opened_bot

    async def ask() -> str:
        async with opened_bot(token, settings.telegram_api_url) as bot:
            return str((await bot.get_me()).username)

    try:
        return asyncio.run(ask())
    except TelegramError as error:
        raise ValueError(f"Telegram did not say the bot's name ({error}); give it with --telegram") from None
