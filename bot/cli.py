"""`casa`: everything an operator or a curious person does from a terminal."""

import asyncio
import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.settings import Settings

app = typer.Typer(
    name="casa",
    help="Salam Casa, the civic assistant of Casablanca.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
nlu_app = typer.Typer(help="Look at the understanding of messages.", no_args_is_help=True)
faq_app = typer.Typer(help="Keep the answers right.", no_args_is_help=True)
app.add_typer(nlu_app, name="nlu")
app.add_typer(faq_app, name="faq")

_BATCH = 64


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on (setting HOST).")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on (setting PORT).")] = None,
) -> None:
    """Serve the assistant: the phone page at / and the channels that are configured."""
    import uvicorn

    from bot.assistant import ensure_model
    from bot.logs import configure
    from bot.web import create_app

    settings = _settings()
    configure(settings.log_level)
    model = _or_fail(lambda: ensure_model(settings.root, _tell))
    address, number = host or settings.host, port or settings.port
    _tell(f"Salam Casa is starting on http://{address}:{number} (stop with Ctrl+C)")
    uvicorn.run(create_app(settings, model=model), host=address, port=number, log_config=None, access_log=False)


@app.command()
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

    settings = _settings()
    _prepare(settings)
    _or_fail(lambda: asyncio.run(run_chat(settings, json_lines=json_lines, user=user, at=_moment(at))))


@app.command()
def ask(
    text: Annotated[str, typer.Argument(help="The message.")],
    json_output: Annotated[
        bool, typer.Option("--json", help="Print what was understood as well, as one JSON object.")
    ] = False,
) -> None:
    """Answer one message, without memory."""
    from bot.channels.terminal import ask_once, show

    settings = _settings()
    _prepare(settings)
    understanding, parts = _or_fail(lambda: asyncio.run(ask_once(settings, text)))
    if json_output:
        _print_json({**understanding.as_dict(), "reply": parts})
    else:
        typer.echo(show(parts))


@app.command()
def train(
    force: Annotated[bool, typer.Option(help="Train even if there is a model for the present data.")] = False,
) -> None:
    """Train the language model on the present data (data/nlu, data/faq, config.yml)."""
    from nlu.training import model_path, train_project

    settings = _settings()
    path = _or_fail(lambda: model_path(settings.root))
    if path.is_file() and not force:
        typer.echo(f"Up to date: {_shown(path)}")
        return
    started = time.monotonic()
    _tell("Training …")
    _or_fail(lambda: train_project(settings.root))
    typer.echo(f"Trained in {time.monotonic() - started:.1f} s: {_shown(path)}")


@nlu_app.command("parse")
def nlu_parse() -> None:
    """Understand messages: JSON lines with "text" in, JSON lines with intent, confidence, decision, ranking, entities out."""
    from nlu.runtime import Parser
    from nlu.training import model_path

    settings = _settings()
    _prepare(settings)
    parser = Parser.load(model_path(settings.root))
    numbered = enumerate(sys.stdin, start=1)
    for batch in _batches(((number, line) for number, line in numbered if line.strip()), _BATCH):
        texts = [_text_of_line(number, line) for number, line in batch]
        for understanding in parser.parse_many(texts):
            _print_json(understanding.as_dict())


@faq_app.command("check")
def faq_check(
    root: Annotated[
        Path | None, typer.Option(help="Folder that holds data/ (the project itself unless given).")
    ] = None,
) -> None:
    """Check every answer and example; names file, line and remedy of each problem."""
    from actions.faq_check import check

    problems = check(root or _settings().root)
    for problem in problems:
        typer.echo(str(problem), err=True)
    if problems:
        typer.echo(f"{len(problems)} problem(s) found.", err=True)
        raise typer.Exit(1)
    typer.echo("All answers and examples are in order.")


def main() -> None:
    """Entry point of the `casa` command."""
    for stream in (sys.stdin, sys.stdout):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    app()


def _settings() -> Settings:
    from pydantic import ValidationError

    try:
        return Settings()
    except ValidationError as error:
        for problem in error.errors():
            name = str(problem["loc"][0]).upper() if problem["loc"] else "settings"
            typer.echo(f"{name}: {problem['msg']} (see .env.example)", err=True)
        raise typer.Exit(2) from None


def _prepare(settings: Settings) -> None:
    from bot.assistant import ensure_model
    from bot.logs import configure

    configure("ERROR")
    _or_fail(lambda: ensure_model(settings.root, _tell))


def _or_fail(action: Callable[[], Any]) -> Any:
    """Runs `action`; broken data ends the program with its message instead of a stack trace."""
    from nlu.examples import ExampleError

    try:
        return action()
    except (ExampleError, FileNotFoundError, ValueError) as error:
        typer.echo(f"casa: {error}", err=True)
        raise typer.Exit(2) from None


def _moment(at: str | None) -> datetime | None:
    from nlu.times import CASABLANCA

    if at is None:
        return None
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        raise typer.BadParameter(f"{at!r} is no time; write it like 2027-05-19T10:40", param_hint="--at") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=CASABLANCA)


def _tell(message: str) -> None:
    """Progress goes to standard error, so that output can be piped."""
    typer.echo(message, err=True)


def _print_json(value: dict[str, Any]) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False))


def _text_of_line(number: int, line: str) -> str:
    try:
        text = json.loads(line)["text"]
    except (ValueError, KeyError, TypeError, RecursionError):
        typer.echo(f'casa: line {number} of standard input is not a JSON object with "text"', err=True)
        raise typer.Exit(2) from None
    return str(text)


def _batches(items: Iterable[tuple[int, str]], size: int) -> Iterator[list[tuple[int, str]]]:
    batch: list[tuple[int, str]] = []
    for item in items:
        batch.append(item)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def _shown(path: Path) -> str:
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)
