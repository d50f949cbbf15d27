"""Rasa's model archive, written quickly."""

import os
import tempfile
import warnings
from pathlib import Path

from rasa.engine.graph import GraphModelConfiguration
from rasa.engine.storage.local_model_storage import MODEL_ARCHIVE_COMPONENTS_DIR, LocalModelStorage
from rasa.engine.storage.storage import ModelMetadata
from rasa.shared.core.domain import Domain
from tarsafe import TarSafe


class QuickModelStorage(LocalModelStorage):
    """Writes the same archive at gzip's first level: weights hardly shrink, and the best level takes ten times as long."""

    def create_model_package(
        self, model_archive_path: str | Path, model_configuration: GraphModelConfiguration, domain: Domain
    ) -> ModelMetadata:
        metadata = self._create_model_metadata(domain, model_configuration)
        with (
            tempfile.TemporaryDirectory() as folder,
            TarSafe.open(model_archive_path, "w:gz", compresslevel=1) as archive,
        ):
            self._persist_metadata(metadata, Path(folder))
            archive.add(folder, arcname="")
            archive.add(self._storage_path, arcname=MODEL_ARCHIVE_COMPONENTS_DIR)
        return metadata


def write_archive(
    storage: QuickModelStorage, configuration: GraphModelConfiguration, domain: Domain, target: Path
) -> None:
    """Writes the model to `target` in one step, so that a reader never sees half of it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(f".{os.getpid()}.part")
    try:
        with warnings.catch_warnings():
            # Rasa stamps archives with datetime.utcnow(), deprecated since Python 3.12.
            warnings.filterwarnings("ignore", category=DeprecationWarning, module="rasa")
            storage.create_model_package(part, configuration, domain)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
