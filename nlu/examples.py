"""Training examples in their files: Rasa's YAML under `data/nlu/`, and the `examples` of every answer in `data/faq/`."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from nlu.plain_yaml import load_yaml
from nlu.text import normalise
from nlu.understanding import Language

MIXED = "mixed"
"""Language tag of examples that mix French and Darija; they teach intents, not language."""

INTENTS_FILE = "data/nlu/intents.yml"
CONCEPTS_FILE = "data/nlu/concepts.yml"
PLACES_FILE = "data/city/places.yml"


_CODE_THAT_SHAPES_A_MODEL = (
    "concepts.py",
    "features.py",
    "linear.py",
    "romanise.py",
    "skeleton.py",
    "sparse.py",
    "text.py",
    "weights.py",
)
"""A model trained before one of these changed would read messages otherwise than it learnt them."""


class ExampleError(ValueError):
    """A file of examples that cannot be read; the message names file, line and remedy."""


@dataclass(frozen=True, slots=True)
class Example:
    """One message a person might write, with its intent; `language` is a `Language` tag or `mixed`."""

    text: str
    intent: str
    language: str
    path: Path
    line: int
    group: str = ""
    """Names the paraphrases it belongs to, where a file says so; see `nlu.grouping`."""


def read_yaml(path: Path) -> Any:
    """The content of a YAML file; raises `ExampleError` with the line when it is not YAML."""
    try:
        return load_yaml(path.read_bytes())
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        problem = getattr(error, "problem", None) or "not valid YAML"
        raise ExampleError(f"{path}:{line}: {problem}; check indentation, colons and quotes of this line") from error


def read_examples(root: Path) -> list[Example]:
    """All examples of the project at `root`, in a stable order."""
    found: list[Example] = []
    for path in sorted((root / "data" / "nlu").rglob("*.yml")):
        if str(path.relative_to(root)) not in (INTENTS_FILE, CONCEPTS_FILE):
            found.extend(_from_rasa_yaml(path))
    for path in sorted((root / "data" / "faq").rglob("*.yml")):
        found.extend(_from_faq(path))
    known = {(normalise(example.text), example.intent) for example in found}
    return found + [e for e in _from_buttons(root / INTENTS_FILE) if (normalise(e.text), e.intent) not in known]


def _from_rasa_yaml(path: Path) -> Iterator[Example]:
    content = read_yaml(path)
    blocks = content.get("nlu") if isinstance(content, dict) else None
    if not isinstance(blocks, list):
        raise ExampleError(f"{path}:1: expected a list under `nlu:` as in Rasa's training data format")
    finder = LineFinder(path)
    for block in blocks:
        intent = block.get("intent") if isinstance(block, dict) else None
        metadata = (block.get("metadata") or {}) if isinstance(block, dict) else {}
        language, group = metadata.get("language"), str(metadata.get("group") or "")
        if not intent or language not in {*Language, MIXED}:
            tags = ", ".join([*Language, MIXED])
            raise ExampleError(f"{path}:1: every block needs `intent:` and `metadata: {{language: …}}`, one of {tags}")
        for row in str(block.get("examples") or "").splitlines():
            text = row.strip().removeprefix("-").strip()
            if text:
                yield Example(text, str(intent), str(language), path, finder.line_of(text), group)


def _from_faq(path: Path) -> Iterator[Example]:
    content = read_yaml(path)
    if not isinstance(content, dict):
        raise ExampleError(f"{path}:1: expected `intent:`, `answer:`, `examples:` … as docs/faq.md shows")
    finder = LineFinder(path)
    for language, texts in (content.get("examples") or {}).items():
        for text in texts or []:
            yield Example(str(text).strip(), str(content.get("intent")), str(language), path, finder.line_of(str(text)))


def _from_buttons(path: Path) -> Iterator[Example]:
    """What a button says, typed by hand, means what the button means."""
    finder = LineFinder(path)
    for intent, entry in read_yaml(path).items():
        for kind in ("label", "phrase"):
            for language, text in entry[kind].items():
                line = finder.line_of(str(text))
                yield Example(str(text), str(intent), str(language), path, line, group=f"{kind} of {intent}")


class LineFinder:
    """Finds in which line of a file a text stands, reading forward, so that errors can name the line."""

    def __init__(self, path: Path) -> None:
        self._lines = path.read_text(encoding="utf-8").splitlines()
        self._next = 0

    def line_of(self, text: str) -> int:
        """1-based line of the next occurrence of `text`; the last line found where it is written differently."""
        for number in range(self._next, len(self._lines)):
            if text in self._lines[number]:
                self._next = number + 1
                return number + 1
        return max(self._next, 1)


def data_hash(root: Path, examples: list[Example]) -> str:
    """Names what a model depends on: `<shape>-<examples>`, two short hashes.

    The shape is the configuration, the word tables and the pipeline's own code. A model may be extended by examples, never
    across shapes.
    """
    written = hashlib.sha256()
    for example in examples:
        written.update(f"{example.intent}\t{example.language}\t{example.text}\n".encode())
    shape = hashlib.sha256()
    files = [root / "config.yml", root / CONCEPTS_FILE, root / PLACES_FILE, root / "nlu" / "loans.yml"]
    files += [root / "nlu" / name for name in _CODE_THAT_SHAPES_A_MODEL]
    files += sorted((root / "nlu" / "components").glob("*.py"))
    for file in files:
        if file.exists():
            shape.update(file.read_bytes())
    return f"{shape.hexdigest()[:8]}-{written.hexdigest()[:12]}"
