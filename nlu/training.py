"""Training: from example files to a Rasa model archive named after the hash of its data."""

import tempfile
import warnings
from pathlib import Path

from rasa.engine.graph import ExecutionContext
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.importers.importer import TrainingDataImporter

from nlu.archive import QuickModelStorage
from nlu.examples import data_hash, read_examples
from nlu.graph import PLACEHOLDER_IMPORTER, build_graphs
from nlu.importer import ListImporter, ProjectImporter


def model_path(root: Path) -> Path:
    """Where the model for the present data belongs, whether or not it exists yet."""
    return root / "models" / f"nlu-{data_hash(root, read_examples(root))}.tar.gz"


def train_project(root: Path) -> Path:
    """Trains on the project's data and returns the archive."""
    examples = read_examples(root)
    target = root / "models" / f"nlu-{data_hash(root, examples)}.tar.gz"
    return train(ListImporter(root / "config.yml", examples), target)


def train(importer: TrainingDataImporter, target: Path) -> Path:
    """Runs the train graph and writes the archive to `target` in one step, so that a reader never sees half of it."""
    graphs = build_graphs(importer.get_config())
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        # Rasa stamps archives with datetime.utcnow(), deprecated since Python 3.12.
        warnings.filterwarnings("ignore", category=DeprecationWarning, module="rasa")
        storage_folder = Path(folder) / "components"
        storage_folder.mkdir()
        storage = QuickModelStorage.create(storage_folder)
        runner = DaskGraphRunner.create(
            graph_schema=graphs.train_schema,
            model_storage=storage,
            execution_context=ExecutionContext(graph_schema=graphs.train_schema),
        )
        runner.run(inputs={PLACEHOLDER_IMPORTER: importer})
        written = Path(folder) / target.name
        storage.create_model_package(written, graphs, importer.get_domain())
        part = target.with_suffix(".part")
        part.write_bytes(written.read_bytes())
        part.replace(target)
    return target


__all__ = ["ProjectImporter", "model_path", "train", "train_project"]
