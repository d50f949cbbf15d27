"""`casa staff ...`: who may sign in at the staff desk."""

import getpass
import sys
from datetime import UTC, datetime
from typing import Annotated

import typer
from sqlalchemy.ext.asyncio import AsyncSession

from bot.commands.common import in_database
from staff.roles import Role

app = typer.Typer(help="Accounts of the staff desk.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """Accounts of the staff desk."""


@app.command("add")
def add(
    name: Annotated[str, typer.Argument(help="Account name: a-z, 0-9, dot, dash.")],
    role: Annotated[Role, typer.Option(help="agent: requests and conversations; editor: answers; supervisor: all.")],
    full_name: Annotated[str, typer.Option(help="The name that citizens see when this person answers.")] = "",
    totp: Annotated[bool, typer.Option("--totp", help="Ask for a six-digit code as well; prints the secret.")] = False,
    language: Annotated[str, typer.Option(help="fr or ar.")] = "fr",
) -> None:
    """Make an account; the password is asked for, or read from standard input when that is a pipe."""
    from staff import accounts
    from store import demo
    from store import staff as staff_store

    if language not in ("fr", "ar"):
        raise typer.BadParameter(f"{language!r} is neither fr nor ar", param_hint="--language")
    password = _password()

    async def make(session: AsyncSession) -> None:
        now = datetime.now(UTC)
        await demo.remove(session)
        account = await accounts.add(
            session, name, full_name=full_name, role=role, password=password, totp=totp, language=language, now=now
        )
        staff_store.note(session, who="casa", action="account.add", subject=name, detail={"role": role.value}, now=now)
        typer.echo(f"{name} ({role.value}) may sign in at /staff")
        if uri := accounts.provisioning_uri(account):
            typer.echo(f"Secret for the authenticator app: {account.totp_secret}\n{uri}")

    in_database(make)


@app.command("list")
def list_accounts() -> None:
    """List all accounts with role and state."""
    from staff.accounts import provisioning_uri
    from store import staff as staff_store

    async def show(session: AsyncSession) -> None:
        for account in await staff_store.accounts(session):
            state = "disabled" if account.disabled_at else "active"
            marks = [state, *(["demo"] if account.demo else []), *(["codes"] if provisioning_uri(account) else [])]
            typer.echo(f"{account.name:20} {account.role:11} {', '.join(marks):16} {account.full_name}")

    in_database(show)


@app.command("disable")
def disable(name: Annotated[str, typer.Argument(help="Account name.")]) -> None:
    """End an account and its sessions at once; what it did stays in the log."""
    from staff import accounts
    from store import staff as staff_store

    async def end(session: AsyncSession) -> None:
        now = datetime.now(UTC)
        await accounts.disable(session, name, now=now)
        staff_store.note(session, who="casa", action="account.disable", subject=name, now=now)
        typer.echo(f"{name} can no longer sign in")

    in_database(end)


@app.command("password")
def password(name: Annotated[str, typer.Argument(help="Account name.")]) -> None:
    """Give an account a new password, signing it out everywhere; opens a disabled account again."""
    from staff import accounts
    from store import staff as staff_store

    new = _password()

    async def change(session: AsyncSession) -> None:
        await accounts.set_password(session, name, new)
        staff_store.note(session, who="casa", action="account.password", subject=name, now=datetime.now(UTC))
        typer.echo(f"{name} has a new password")

    in_database(change)


def _password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first, second = getpass.getpass("Password: "), getpass.getpass("Again: ")
    if first != second:
        typer.echo("casa: the two passwords differ; nothing was changed", err=True)
        raise typer.Exit(2)
    return first
