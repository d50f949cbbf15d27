"""`casa serve`, `casa chat` and `casa ask`: the assistant on the web and in the terminal."""

import asyncio
from typing import Annotated

import typer

from bot.commands.common import moment, or_fail, prepare, print_json, settings_or_exit, tell

SECONDS_TO_ANSWER = 5
"""When stopping: how long requests under way, pages that wait for a reply among them, may take."""


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on (setting HOST).")] = None,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Port to listen on (setting PORT).")] = None,
) -> None:
    """Serve the assistant: the phone page at / and the channels that are configured."""
    import uvicorn

    from bot.assistant import ensure_model
    from bot.logs import configure, installation_secret
    from bot.memory import give_back_large_blocks
    from bot.starting import check, check_address
    from bot.web import create_app

    give_back_large_blocks()
    settings = settings_or_exit()
    address, number = host or settings.host, port or settings.port
    or_fail(lambda: check_address(address, number))
    or_fail(lambda: check(settings))
    configure(settings.log_level, installation_secret(settings.log_secret, settings.data_dir))
    model = or_fail(lambda: ensure_model(settings.root, tell))
    tell(f"Salam Casa is starting on http://{address}:{number} (stop with Ctrl+C)")

    def on_demo_desk(token: str) -> None:
        tell(f"Demonstration of the staff desk (opens once): http://{address}:{number}/staff/enter/{token}")

    app = create_app(settings, model=model, on_demo_desk=on_demo_desk)
    uvicorn.run(
        app, host=address, port=number, log_config=None, access_log=False, timeout_graceful_shutdown=SECONDS_TO_ANSWER
    )


def chat(
    json_lines: Annotated[
        bool,
        typer.Option(
            "--json",
            help='Each input line is an object with one of "text", "location" [lat, lon], "photo" or "voice" (a path), '
            '"choice" (a payload); each reply is one object a line with "parts".',
        ),
    ] = False,
    user: Annotated[str | None, typer.Option(help="Keep this person's conversation between runs.")] = None,
    at: Annotated[
        str | None, typer.Option(help="Set the clock: 2027-05-19T10:40, in Casablanca time unless it names a zone.")
    ] = None,
) -> None:
    """Talk to the assistant in the terminal; from a pipe it answers every line and ends."""
    from bot.channels.terminal import run_chat

    settings = settings_or_exit()
    prepare(settings)
    or_fail(lambda: asyncio.run(run_chat(settings, json_lines=json_lines, user=user, at=moment(at))))


def ask(
    text: Annotated[str, typer.Argument(help="The message.")],
    json_output: Annotated[
        bool, typer.Option("--json", help="Print what was understood as well, as one JSON object.")
    ] = False,
) -> None:
    """Answer one message, without memory."""
    from bot.channels.terminal import ask_once, show

    settings = settings_or_exit()
    prepare(settings)
    understanding, parts = or_fail(lambda: asyncio.run(ask_once(settings, text)))
    if json_output:
        print_json({**understanding.as_dict(), "reply": parts})
    else:
        typer.echo(show(parts))
