"""Answers between the desk and files: what staff published into `data/faq/`, and files that were edited elsewhere into drafts.

Texts go letter by letter. Whatever changed on the other side meanwhile is shown and left as it is.
"""

import difflib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from actions.faq_text import content_of, text_hash
from actions.live import Effective, FaqFile, path_of
from nlu.examples import INTENTS_FILE
from store.tables import FaqVersionRow

MANIFEST = ".casa-export.json"
"""Beside exported files: the hash of each text as it left the desk, by intent."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one answer. `kind`: written, unchanged, draft, conflict or refused."""

    intent: str
    path: Path
    kind: str
    said: str = ""
    """The reason, or the lines that differ."""


def export_published(root: Path, files: Mapping[str, FaqFile], versions: Mapping[str, FaqVersionRow]) -> list[Outcome]:
    """Writes what the desk published over the files that it was made from; a file that changed since stays."""
    return [_export(root, files.get(intent), version) for intent, version in sorted(versions.items())]


def _export(root: Path, file: FaqFile | None, version: FaqVersionRow) -> Outcome:
    intent = version.intent
    path = file.path if file else path_of(root, intent)
    if file and file.text == version.text:
        return Outcome(intent, path, "unchanged")
    if file and file.hash != version.file_hash:
        difference = diff(file.text, version.text, f"{path} (changed)", f"desk, version {version.number}")
        return Outcome(intent, path, "conflict", difference)
    write(path, version.text)
    if version.entry:
        _add_entry(root / INTENTS_FILE, intent, version.entry)
    return Outcome(intent, path, "written", f"version {version.number}, {version.author}")


def export_all(root: Path, folder: Path, texts: Mapping[str, Effective], files: Mapping[str, FaqFile]) -> list[Outcome]:
    """Writes every answer as it is said now into a folder, to be edited there and imported again."""
    source = root / "data" / "faq"
    done = []
    for intent, found in sorted(texts.items()):
        place = files[intent].path if intent in files else path_of(root, intent)
        path = folder / place.relative_to(source)
        write(path, found.text)
        done.append(Outcome(intent, path, "written"))
    hashes = {intent: text_hash(found.text) for intent, found in sorted(texts.items())}
    write(folder / MANIFEST, json.dumps(hashes, indent=1) + "\n")
    return done


@dataclass(frozen=True, slots=True)
class Brought:
    """A file that is brought to the desk."""

    path: Path
    intent: str
    text: str
    base: str | None
    """Hash of the text that it was made from, where the export noted it."""


def read_brought(paths: Iterable[Path]) -> list[Brought | Outcome]:
    """The files, and all those in folders; a file that is no answer is refused with line and remedy."""
    found: list[Brought | Outcome] = []
    for path in paths:
        hashes = _manifest(path if path.is_dir() else path.parent)
        for file in sorted(path.rglob("*.yml")) if path.is_dir() else [path]:
            found.append(_read(file, hashes))
    return found


def judge(
    brought: Brought,
    *,
    live: Effective | None,
    file: FaqFile | None,
    draft: str | None,
    known: bool,
) -> Outcome:
    """Whether a file becomes a draft: not where nothing differs, nor over what somebody changed at the desk since.

    Without a note of the export a file counts as made from the one in `data/faq/`. `known`: the intent has an entry.
    """
    intent, path, text = brought.intent, brought.path, brought.text
    if text == (draft if draft is not None else live.text if live else None):
        return Outcome(intent, path, "unchanged")
    if draft is not None:
        return Outcome(intent, path, "conflict", diff(draft, text, "draft at the desk", str(path)))
    base = brought.base or (file.hash if file else None)
    if live and text_hash(live.text) != base:
        return Outcome(intent, path, "conflict", diff(live.text, text, "said now", str(path)))
    if live is None and not known:
        reason = f"{intent} has no entry in {INTENTS_FILE}; begin it at the desk (Nouvelle question), then import it"
        return Outcome(intent, path, "refused", reason)
    return Outcome(intent, path, "draft")


def diff(old: str, new: str, old_name: str, new_name: str) -> str:
    """The lines that differ, as `diff -u` shows them."""
    lines = difflib.unified_diff(old.splitlines(), new.splitlines(), old_name, new_name, lineterm="", n=1)
    return "\n".join(lines)


def write(path: Path, text: str) -> None:
    """Writes a file whole or not at all, with the line ends it had."""
    path.parent.mkdir(parents=True, exist_ok=True)
    windows = path.is_file() and b"\r\n" in path.read_bytes()
    part = path.with_name(f"{path.name}.part")
    part.write_text(text, encoding="utf-8", newline="\r\n" if windows else "\n")
    part.replace(path)


def _read(path: Path, hashes: Mapping[str, str]) -> Brought | Outcome:
    try:
        text = path.read_text(encoding="utf-8")
        content = content_of(text)
    except OSError as error:
        return Outcome("?", path, "refused", f"cannot be read: {error.strerror}")
    except UnicodeDecodeError:
        return Outcome("?", path, "refused", "is not UTF-8: save it again as UTF-8")
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        return Outcome("?", path, "refused", f"line {line} is not YAML: {error.problem}; mend it and import it again")
    except yaml.YAMLError:
        return Outcome("?", path, "refused", "holds signs that YAML does not allow: take them out")
    intent = content.get("intent") if isinstance(content, dict) else None
    if not isinstance(intent, str) or not intent:
        return Outcome("?", path, "refused", 'has no line "intent: faq/..."; begin from an exported file')
    return Brought(path, intent, text, hashes.get(intent))


def _manifest(folder: Path) -> Mapping[str, str]:
    for place in (folder, *folder.parents[:2]):
        path = place / MANIFEST
        if path.is_file():
            return {str(intent): str(hash_) for intent, hash_ in json.loads(path.read_text(encoding="utf-8")).items()}
    return {}


def _add_entry(path: Path, intent: str, entry: Mapping[str, Any]) -> None:
    """Adds a new question's entry at the end of the file, unless it is there."""
    text = path.read_text(encoding="utf-8")
    if intent in (content_of(text) or {}):
        return
    lines: list[str] = [f"{intent}:", f"  covers: {_quoted(entry['covers'])}"]
    for part in ("label", "phrase"):
        lines += [f"  {part}:", *(f"    {tag}: {_quoted(words)}" for tag, words in entry[part].items())]
    write(path, text.rstrip("\n") + "\n\n" + "\n".join(lines) + "\n")


def _quoted(text: object) -> str:
    return json.dumps(str(text), ensure_ascii=False)


def problems(outcomes: Sequence[Outcome]) -> int:
    """How many need somebody."""
    return sum(outcome.kind in ("conflict", "refused") for outcome in outcomes)
