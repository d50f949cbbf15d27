"""`casa`: everything an operator or a curious person does from a terminal. One file a group in `bot/commands/`."""

import sys

import typer

from bot.commands import expo, faq, nlu, open311, outbox, privacy, requests, staff, talk, whatsapp, work

app = typer.Typer(
    name="casa",
    help="Salam Casa, the civic assistant of Casablanca.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for _command in (talk.serve, work.work, talk.chat, talk.ask, nlu.train):
    app.command()(_command)
_GROUPS = (
    ("nlu", nlu.app),
    ("faq", faq.app),
    ("expo", expo.app),
    ("request", requests.app),
    ("privacy", privacy.app),
    ("outbox", outbox.app),
    ("staff", staff.app),
    ("open311", open311.app),
    ("whatsapp", whatsapp.app),
)
for _name, _group in _GROUPS:
    app.add_typer(_group, name=_name)


def main() -> None:
    """Entry point of the `casa` command."""
    for stream in (sys.stdin, sys.stdout):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    app()
