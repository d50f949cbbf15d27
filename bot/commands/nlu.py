"""`casa train` and `casa nlu ...`: the understanding of messages."""

import json
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.common import or_fail, prepare, print_json, settings_or_exit, shown, tell

app = typer.Typer(help="Look at the understanding of messages.", no_args_is_help=True)

_BATCH = 64


def train(
    force: Annotated[bool, typer.Option(help="Train even if there is a model for the present data.")] = False,
    quick: Annotated[
        bool, typer.Option(help="Extend the newest model by what changed in the examples; whole where too much did.")
    ] = False,
) -> None:
    """Train the language model on the present data (data/nlu, data/faq, config.yml)."""
    from nlu.training import extend, model_path, train_project

    settings = settings_or_exit()
    path = or_fail(lambda: model_path(settings.root))
    if path.is_file() and not force:
        typer.echo(f"Up to date: {shown(path)}")
        return
    started = time.monotonic()
    tell("Training …")
    or_fail(lambda: (extend if quick else train_project)(settings.root))
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


@app.command("explain")
def nlu_explain(text: Annotated[str, typer.Argument(help="The message.")]) -> None:
    """Show why a message is understood as it is: what is seen of it, what weighed, the nearest examples."""
    from nlu.examples import read_examples
    from nlu.explanation import as_text, explain
    from nlu.runtime import Parser
    from nlu.training import model_path

    settings = settings_or_exit()
    prepare(settings)
    parser = Parser.load(model_path(settings.root))
    typer.echo(as_text(explain(parser, text, read_examples(settings.root))))


@app.command("evaluate")
def nlu_evaluate(
    train_file: Annotated[Path, typer.Option("--train", help="CSV with the columns text,intent[,group,language].")],
    test_file: Annotated[Path, typer.Option("--test", help="The same; the messages to understand.")],
) -> None:
    """Train the pipeline of config.yml on one CSV, understand another: accuracy and macro-F1 by language."""
    from nlu.evaluation.datasets import read_csv
    from nlu.evaluation.measures import by_language, score
    from nlu.evaluation.runs import train_and_understand

    settings = settings_or_exit()
    training, test = or_fail(lambda: read_csv(train_file)), or_fail(lambda: read_csv(test_file))
    started = time.monotonic()
    outcomes = or_fail(lambda: train_and_understand(settings.root / "config.yml", training, test))
    tell(f"Trained on {len(training)} messages, understood {len(test)} in {time.monotonic() - started:.1f} s")
    typer.echo(f"{'language':<12}{'messages':>10}{'accuracy':>10}{'macro-F1':>10}")
    for language, its in [*by_language(outcomes).items(), ("all", score(outcomes))]:
        typer.echo(f"{language or '-':<12}{its.messages:>10}{its.accuracy:>10.4f}{its.macro_f1:>10.4f}")


@app.command("report")
def nlu_report() -> None:
    """Measure the understanding of the project's messages; writes docs/nlu-report.md with its picture (minutes)."""
    from nlu.evaluation.report import write_report

    settings = settings_or_exit()
    typer.echo(shown(or_fail(lambda: write_report(settings.root, tell))))


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
