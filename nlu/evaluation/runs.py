"""Training on some messages and understanding others: once, or in turns over the parts of one set."""

import hashlib
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from nlu.examples import Example
from nlu.grouping import group_ids
from nlu.importer import ListImporter
from nlu.runtime import Parser
from nlu.training import train
from nlu.understanding import Understanding

FOLDS = 5
_BATCH = 256


@dataclass(frozen=True, slots=True)
class Outcome:
    """A message with its right intent (`example`) and what was understood of it."""

    example: Example
    understanding: Understanding

    @property
    def right(self) -> bool:
        return self.understanding.intent == self.example.intent


def understand(parser: Parser, messages: Sequence[Example]) -> list[Outcome]:
    """What `parser` understands of `messages`, in their order."""
    found = []
    for start in range(0, len(messages), _BATCH):
        batch = messages[start : start + _BATCH]
        understood = parser.parse_many([message.text for message in batch])
        found += [Outcome(example, meaning) for example, meaning in zip(batch, understood, strict=True)]
    return found


def train_and_understand(config: Path, training: Sequence[Example], test: Sequence[Example]) -> list[Outcome]:
    """Trains the pipeline of `config` (a `config.yml` in a project's root) on `training`; keeps no model."""
    with tempfile.TemporaryDirectory() as folder:
        archive = train(ListImporter(config, training), Path(folder) / "model.tar.gz")
        return understand(Parser.load(archive), test)


def cross_validate(config: Path, examples: Sequence[Example]) -> Iterator[list[Outcome]]:
    """The outcomes of each fold, understood by a model that saw neither the fold nor a paraphrase of its messages."""
    fold_of = folds(examples)
    for fold in range(FOLDS):
        training = [example for example, its in zip(examples, fold_of, strict=True) if its != fold]
        test = [example for example, its in zip(examples, fold_of, strict=True) if its == fold]
        yield train_and_understand(config, training, test)


def folds(examples: Sequence[Example]) -> list[int]:
    """The fold of each example: by the words of its group's first example, so that it stays when others are added."""
    return [
        int.from_bytes(hashlib.sha256(examples[first].text.encode()).digest()[:4], "big") % FOLDS
        for first in group_ids(examples)
    ]
