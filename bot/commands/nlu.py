"""`casa train` and `casa nlu ...`: the understanding of messages."""

import json
import sys
import time
from collections.abc import Iterable, Iterator
from typing import Annotated

import typer

from bot.commands.common import or_fail, prepare, print_json, settings_or_exit, shown, tell

app = typer.Typer(help="Look at the understanding of messages.", no_args_is_help=True)

_BATCH = 64


def train(
    force: Annotated[bool, typer.Option(help="Train even if there is a model for the present data.")] = False,
) -> None:
    """Train the language model on the present data (data/nlu, data/faq, config.yml)."""
    from nlu.training import model_path, train_project

    settings = settings_or_exit()
    path = or_fail(lambda: model_path(settings.root))
    if path.is_file() and not force:
        typer.echo(f"Up to date: {shown(path)}")
        return
    started = time.monotonic()
    tell("Training …")
    or_fail(lambda: train_project(settings.root))
    typer.echo(f"Trained in {time.monotonic() - started:.1f} s: {shown(path)}")


@app.command("parse")
def nlu_parse() -> None:
    """Understand messages: JSON lines with "text" in, JSON lines with intent, confidence, decision, ranking, entities out."""
    from nlu.runtime import Parser
    from nlu.training import model_path

    settings = settings_or_exit()
    prepare(settings)
    parser = Parser.load(model_path(settings.root))
    numbered = enumerate(sys.stdin, start=1)
    for batch in _batches(((number, line) for number, line in numbered if line.strip()), _BATCH):
        texts = [_text_of_line(number, line) for number, line in batch]
        for understanding in parser.parse_many(texts):
            print_json(understanding.as_dict())


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
