"""Training: from example files to a Rasa model archive named after the hash of its data."""

import gc
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rasa.engine.graph import ExecutionContext
from rasa.shared.importers.importer import TrainingDataImporter

from nlu.archive import QuickModelStorage, write_archive
from nlu.examples import Example, data_hash, read_examples
from nlu.extension import TooMuchChanged, extend_archive
from nlu.graph import PLACEHOLDER_IMPORTER, build_graphs
from nlu.importer import ListImporter, ProjectImporter
from nlu.runner import StepRunner


def model_path(root: Path) -> Path:
    """Where the model for the present data belongs, whether or not it exists yet."""
    return root / "models" / f"nlu-{data_hash(root, read_examples(root))}.tar.gz"


def train_project(root: Path) -> Path:
    """Trains on the project's data and returns the archive."""
    examples = read_examples(root)
    target = root / "models" / f"nlu-{data_hash(root, examples)}.tar.gz"
    return train(ListImporter(root / "config.yml", examples), target)


def extend(root: Path, *, previous: Path | None = None) -> Path:
    """Brings a trained model up to the project's present examples in seconds; see `nlu.extension`.

    `previous` is the model to start from: the newest of the same shape unless given. Where none is, or where too much has
    changed, the model is trained whole. A whole training now and then (`casa train --force`) is as good or slightly better.
    """
    examples = read_examples(root)
    name = data_hash(root, examples)
    target = root / "models" / f"nlu-{name}.tar.gz"
    if target.is_file():
        return target
    start = previous or _newest(root / "models", shape=name.partition("-")[0])
    return bring_up(start, examples, target, config=root / "config.yml")


def bring_up(previous: Path | None, examples: Sequence[Example], target: Path, *, config: Path) -> Path:
    """Makes the model of `examples` from the one before, in seconds; whole where there is none or too much has changed."""
    if previous is not None and previous.is_file():
        try:
            extend_archive(previous, examples, target)
            return target
        except TooMuchChanged:
            pass
    return train(ListImporter(config, examples), target)


def _newest(folder: Path, *, shape: str) -> Path | None:
    return max(folder.glob(f"nlu-{shape}-*.tar.gz"), key=lambda path: path.stat().st_mtime, default=None)


def train(importer: TrainingDataImporter, target: Path) -> Path:
    """Runs the train graph and writes the archive to `target`."""
    graphs = build_graphs(importer.get_config())
    with tempfile.TemporaryDirectory() as folder, _without_search_for_cycles():
        storage = QuickModelStorage.create(Path(folder))
        runner = StepRunner.create(
            graph_schema=graphs.train_schema,
            model_storage=storage,
            execution_context=ExecutionContext(graph_schema=graphs.train_schema),
        )
        runner.run(inputs={PLACEHOLDER_IMPORTER: importer})
        write_archive(storage, graphs, importer.get_domain(), target)
    return target


@contextmanager
def _without_search_for_cycles() -> Iterator[None]:
    """A tenth of a training's time went into looking for cyclic garbage among millions of objects that all stay in use."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


__all__ = ["ProjectImporter", "bring_up", "extend", "model_path", "train", "train_project"]
