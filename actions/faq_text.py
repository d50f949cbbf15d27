"""Changing an answer inside the text of its file: what is not changed stays as it is, letter by letter."""

import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString

from nlu.plain_yaml import load_yaml
from nlu.understanding import Language

Texts = Mapping[str, str]
"""One text a language."""


@dataclass(frozen=True)
class FaqFields:
    """What an editor changes of an answer; languages are tags, dates may be text where the file has something else."""

    owner: str
    checked_on: date | str
    valid_until: date | str
    status: str
    source: tuple[Mapping[str, Any], ...]
    related: tuple[str, ...]
    answer: Texts
    follow_ups: Mapping[str, Texts]
    examples: Mapping[str, tuple[str, ...]]


def text_hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def content_of(text: str) -> Any:
    """The content of a file as plain data."""
    return load_yaml(text)


def read_fields(text: str) -> FaqFields:
    """The fields of a file; missing ones are empty."""
    content = content_of(text) or {}
    return FaqFields(
        owner=str(content.get("owner") or ""),
        checked_on=content.get("checked_on") or "",
        valid_until=content.get("valid_until") or "",
        status=str(content.get("status") or ""),
        source=tuple(dict(source) for source in content.get("source") or ()),
        related=tuple(str(name) for name in content.get("related") or ()),
        answer=_texts(content.get("answer")),
        follow_ups={str(aspect): _texts(texts) for aspect, texts in (content.get("follow_ups") or {}).items()},
        examples={
            str(tag): tuple(str(example).strip() for example in examples or ())
            for tag, examples in (content.get("examples") or {}).items()
        },
    )


def with_fields(text: str, wanted: FaqFields) -> str:
    """The text with these fields; where a field has the value it had, its lines do not change."""
    before = read_fields(text)
    editor = _round_trip()
    document = editor.load(text)
    for field in fields(FaqFields):
        old, new = getattr(before, field.name), getattr(wanted, field.name)
        if old != new:
            _put(document, field.name, old, new)
    out = io.StringIO()
    editor.dump(document, out)
    return out.getvalue()


def new_text(intent: str) -> str:
    """The beginning of a file for a question that has none."""
    lines = [f"intent: {intent}", 'owner: ""', "checked_on:", "valid_until:", "status: verifier", "source: []"]
    lines += ["related: []", "answer: {}", "examples: {}"]
    return "\n".join(lines) + "\n"


def _round_trip() -> Any:
    editor: Any = YAML(typ="rt")
    editor.preserve_quotes = True
    editor.width = 100_000
    return editor


def _texts(texts: Any) -> dict[str, str]:
    return {str(tag): str(text).strip() for tag, text in (texts or {}).items() if str(text).strip()}


def _put(document: Any, name: str, old: Any, new: Any) -> None:
    match name:
        case "answer":
            document[name] = _merged(document.get(name), old, new, LiteralScalarString)
        case "follow_ups":
            _put_follow_ups(document, old, new)
        case "examples":
            _put_examples(document, old, new)
        case "source":
            document[name] = [_flow(source) for source in new]
        case "related":
            kept = list(new)
            sequence = document.get(name)
            if sequence is None or not hasattr(sequence, "fa"):
                document[name] = kept
            else:
                sequence[:] = kept
        case "owner":
            document[name] = DoubleQuotedScalarString(new)
        case _:
            document[name] = new


def _put_follow_ups(document: Any, old: Mapping[str, Texts], new: Mapping[str, Texts]) -> None:
    present = document.get("follow_ups")
    if present is None:
        present = document["follow_ups"] = {}
    for aspect in [*old, *(aspect for aspect in new if aspect not in old)]:
        texts = new.get(aspect) or {}
        if not texts:
            present.pop(aspect, None)
        elif texts != old.get(aspect):
            present[aspect] = _merged(present.get(aspect), old.get(aspect) or {}, texts, DoubleQuotedScalarString)
    if not present:
        del document["follow_ups"]


def _put_examples(document: Any, old: Mapping[str, Sequence[str]], new: Mapping[str, Sequence[str]]) -> None:
    """Only examples that came or went change their lines, where the others keep their order; comments stay with theirs."""
    present = document.get("examples")
    if not present:
        document["examples"] = {tag: [_plain(e) for e in examples] for tag, examples in new.items() if examples}
        return
    for tag in [*present]:
        if not new.get(tag):
            del present[tag]
    for tag, examples in new.items():
        if not examples or examples == old.get(tag):
            continue
        kept = [example for example in old.get(tag, ()) if example in examples]
        if tag not in present or list(examples[: len(kept)]) != kept:
            present[tag] = [_plain(example) for example in examples]
            continue
        for position in reversed(range(len(old[tag]))):
            if old[tag][position] not in examples:
                del present[tag][position]
        present[tag].extend(_plain(example) for example in examples[len(kept) :])


def _merged(present: Any, old: Texts, new: Texts, style: type[str]) -> Any:
    """The texts of a mapping with only the changed ones replaced, in the order of the languages."""
    if not present or getattr(getattr(present, "fa", None), "flow_style", lambda: False)():
        present = {}
    for tag in list(present):
        if tag not in new:
            del present[tag]
    for tag in [language.value for language in Language if language.value in new]:
        if tag not in present or new[tag] != old.get(tag):
            text = new[tag].replace("\r\n", "\n")
            chosen = LiteralScalarString if "\n" in text else style
            present[tag] = chosen(text)
    return present


def _plain(example: str) -> str:
    """Without quotes where every reader of YAML takes it for the same text ("no" is a yes-or-no to some)."""
    try:
        same = content_of(f"- {example}") == [example]
    except yaml.YAMLError:
        same = False
    return example if same else DoubleQuotedScalarString(example)


def _flow(source: Mapping[str, Any]) -> Any:
    entry = CommentedMap({key: _quoted(value) for key, value in source.items()})
    entry.fa.set_flow_style()
    return entry


def _quoted(value: Any) -> Any:
    return (
        DoubleQuotedScalarString(value)
        if isinstance(value, str) and ("://" in value or " " in value or value[:1].isdigit())
        else value
    )


def languages() -> Sequence[str]:
    return [language.value for language in Language]
