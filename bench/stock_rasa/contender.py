"""Measures one contender in a process of its own, so that time and memory are its alone. Python 3.10 and later.

python -m bench.stock_rasa.contender train ours|official FOLDER     trains; FOLDER gets model.tar.gz and train.json
python -m bench.stock_rasa.contender serve ours|official FOLDER     loads and parses; FOLDER gets serve.json
"""

import asyncio
import json
import resource
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path

warnings.filterwarnings("ignore")
WARM_UP = 20
"""Messages parsed before the clock starts: caches and lazily made tables are part of loading, not of a message."""


def train(kind: str, folder: Path) -> None:
    """Wall and processor seconds of training on `train.yml` and `config.yml` of the folder (ours: the project's own)."""
    started, used = time.perf_counter(), time.process_time()
    if kind == "ours":
        from nlu.training import ListImporter, read_examples
        from nlu.training import train as train_ours

        project = Path.cwd()
        train_ours(ListImporter(project / "config.yml", read_examples(project)), folder / "model.tar.gz")
    else:
        from rasa.model_training import train_nlu

        train_nlu(str(folder / "config.yml"), str(folder / "train.yml"), str(folder), fixed_model_name="model")
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = time.process_time() - used + children.ru_utime + children.ru_stime
    _write(folder / "train.json", {"seconds": time.perf_counter() - started, "processor_seconds": used})


def serve(kind: str, folder: Path) -> None:
    """Load time from the start of the process's imports, a parse's time message by message, and peak memory."""
    texts: list[str] = json.loads((folder / "texts.json").read_text(encoding="utf-8"))
    started = time.perf_counter()
    parse = _ours(folder) if kind == "ours" else _official(folder)
    loaded = time.perf_counter() - started
    for text in texts[:WARM_UP]:
        parse(text)
    found, milliseconds = [], []
    for text in texts:
        before = time.perf_counter()
        found.append(parse(text))
        milliseconds.append((time.perf_counter() - before) * 1_000)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_024
    _write(
        folder / "serve.json",
        {"load_seconds": loaded, "intents": found, "milliseconds": milliseconds, "peak_megabytes": peak},
    )


def _ours(folder: Path) -> Callable[[str], str]:
    from nlu.runtime import Parser

    parser = Parser.load(folder / "model.tar.gz")
    return lambda text: parser.parse(text).intent


def _official(folder: Path) -> Callable[[str], str]:
    from rasa.core.agent import Agent

    agent = Agent.load(str(folder / "model.tar.gz"))
    loop = asyncio.new_event_loop()
    return lambda text: str(loop.run_until_complete(agent.parse_message(text))["intent"]["name"])


def _write(path: Path, content: object) -> None:
    path.write_text(json.dumps(content), encoding="utf-8")


if __name__ == "__main__":
    {"train": train, "serve": serve}[sys.argv[1]](sys.argv[2], Path(sys.argv[3]))
