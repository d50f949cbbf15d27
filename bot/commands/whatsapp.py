"""`casa whatsapp ...`: what WhatsApp needs before it can be used."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.common import opened_database, or_fail, settings_or_exit, tell

if TYPE_CHECKING:
    from twilio.rest import Client

    from bot.channels.whatsapp.content import Inventory
    from bot.settings import Settings

app = typer.Typer(help="Set up WhatsApp.", no_args_is_help=True)
templates = typer.Typer(
    help="The Content templates for buttons, lists and messages after 24 hours.", no_args_is_help=True
)
app.add_typer(templates, name="templates")


@app.callback()
def group() -> None:
    """Set up WhatsApp."""


@templates.command("create")
def create(
    approval: Annotated[
        bool, typer.Option(help="Send those that are used after 24 hours to WhatsApp for approval.")
    ] = True,
) -> None:
    """Make every template that is missing or says something else, in all languages."""
    from bot.channels.whatsapp.content import create_missing, take_inventory

    async def work(client: "Client", inventory: "Inventory") -> "Inventory":
        for problem in await create_missing(client, inventory, ask_approval=approval, tell=typer.echo):
            typer.echo(problem, err=True)
        return await take_inventory(client, inventory.wanted)

    _report(_run(settings_or_exit(), work))


@templates.command("list")
def list_() -> None:
    """List the templates with their ids and states, as they are at Twilio now."""
    for line in _run(settings_or_exit(), _nothing).lines():
        typer.echo(f"{line.name:<24} {line.sid or '-':<36} {line.status}")


@templates.command("check")
def check() -> None:
    """Compare the templates at Twilio with what the assistant wants, and note their ids for the running service."""
    _report(_run(settings_or_exit(), _nothing))


async def _nothing(client: "Client", inventory: "Inventory") -> "Inventory":
    return inventory


def _run(settings: "Settings", work: "Callable[[Client, Inventory], Awaitable[Inventory]]") -> "Inventory":
    """Takes the inventory, works on it, and keeps what is known in the database."""
    from datetime import UTC, datetime

    from httpx import HTTPError
    from twilio.base.exceptions import TwilioException

    from bot.assistant import load_texts
    from bot.channels.whatsapp.api import TooManyRequests, failure_text, open_client
    from bot.channels.whatsapp.content import take_inventory
    from bot.channels.whatsapp.templates import wanted
    from bot.logs import configure
    from store import whatsapp as store

    configure("ERROR")
    if not settings.twilio_account_sid or not settings.twilio_auth_token.get_secret_value():
        typer.echo("TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN are not set (see .env.example)", err=True)
        raise typer.Exit(2)

    async def run() -> "Inventory":
        client, http = open_client(
            settings.twilio_account_sid,
            settings.twilio_auth_token.get_secret_value(),
            base_url=settings.twilio_api_url,
        )
        try:
            async with opened_database(settings) as database:
                tell("Asking Twilio …")
                inventory = await work(client, await take_inventory(client, wanted(load_texts(settings))))
                async with database.transaction() as session:
                    await store.keep_templates(session, inventory.known(), now=datetime.now(UTC))
        finally:
            await http.close()
        return inventory

    def settle() -> "Inventory":
        try:
            return asyncio.run(run())
        except (TwilioException, HTTPError, TooManyRequests) as error:
            raise ValueError(failure_text(error)) from None

    inventory: Inventory = or_fail(settle)
    return inventory


def _report(inventory: "Inventory") -> None:
    lines = inventory.lines()
    problems = [line for line in lines if line.problem]
    for line in problems:
        typer.echo(f"{line.name}: {line.problem}", err=True)
    waiting = sum(1 for line in lines if line.problem is None and line.status not in ("ready", "approved"))
    typer.echo(
        f"{len(lines)} templates: {len(lines) - len(problems) - waiting} usable, {waiting} waiting for WhatsApp."
    )
    if problems:
        raise typer.Exit(1)
