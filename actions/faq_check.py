"""`casa faq check`: every problem of answers and examples, with file, line and remedy."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from actions.faq_text import content_of
from actions.knowledge import ASPECTS
from nlu.examples import INTENTS_FILE, MIXED, Example, ExampleError, read_examples, read_yaml
from nlu.grouping import near_duplicates
from nlu.text import normalise
from nlu.understanding import Language

MAX_ANSWER = 1_600
"""Characters of one WhatsApp message."""
MAX_LABEL = 20
"""Characters of a WhatsApp button."""
STATUSES = ("publiable", "verifier")
_REQUIRED = ("intent", "owner", "checked_on", "valid_until", "status", "source", "answer")
_WITH_ENGLISH = ("expo/", "transport/")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend."""

    path: Path
    line: int
    message: str
    code: str = "other"
    """The kind of problem, for the staff desk, which says it in the reader's language."""
    about: str = ""
    """The field, language or value that it is about."""

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


def check(root: Path, *, today: date | None = None) -> list[Problem]:
    """All problems of the project at `root`; none means that it can be published."""
    problems = list(_check_intents(root / INTENTS_FILE))
    intents = _known_intents(root)
    owners: dict[str, Path] = {}
    for path in sorted((root / "data" / "faq").rglob("*.yml")):
        file = _FaqFile.read(root, path)
        if isinstance(file, Problem):
            problems.append(file)
            continue
        problems.extend(file.problems(intents, today or datetime.now(ZoneInfo("Africa/Casablanca")).date()))
        first = owners.setdefault(str(file.content.get("intent")), path)
        if first != path:
            problems.append(
                file.problem(
                    "intent", f"{file.content.get('intent')} has an answer in {first} already; keep one of the two"
                )
            )
    if not any(problem.message.startswith("not YAML") for problem in problems):
        problems.extend(_check_examples(root, intents))
    return problems


def check_text(root: Path, text: str, intents: Collection[str], *, today: date) -> list[Problem]:
    """The problems of one answer that is no file yet; `intents` are the known ones."""
    content = content_of(text)
    path = root / "data" / "faq" / f"{str(content['intent']).removeprefix('faq/')}.yml"
    return list(_FaqFile(root, path, content, text.splitlines()).problems(intents, today))


@dataclass(frozen=True)
class _FaqFile:
    root: Path
    path: Path
    content: dict[str, Any]
    lines: list[str]

    @classmethod
    def read(cls, root: Path, path: Path) -> "_FaqFile | Problem":
        try:
            content = read_yaml(path)
        except ExampleError as error:
            _, line, message = str(error).removeprefix(str(path)).split(":", 2)
            return Problem(path, int(line), f"not YAML: {message.strip()}")
        except UnicodeDecodeError:
            return Problem(path, 1, "not YAML: the file is not UTF-8; save it again as UTF-8")
        if not isinstance(content, dict):
            return Problem(path, 1, "not YAML of the right shape: expected `intent:`, `answer:` … as docs/faq.md shows")
        return cls(root, path, content, path.read_text(encoding="utf-8").splitlines())

    def line_of(self, *keys: str) -> int:
        """The line where the last of nested keys stands."""
        found = 0
        for key in keys:
            for number in range(found, len(self.lines)):
                if self.lines[number].lstrip(" -{").startswith(f"{key}:"):
                    found = number
                    break
        return found + 1

    def problem(self, key: str, message: str, *more: str, code: str = "other", about: str = "") -> Problem:
        return Problem(self.path, self.line_of(key, *more), message, code, about or key)

    def problems(self, intents: Collection[str], today: date) -> Iterator[Problem]:
        missing = [key for key in _REQUIRED if not self.content.get(key)]
        for key in missing:
            yield Problem(self.path, 1, f"`{key}:` is missing; add it as docs/faq.md shows", "missing", key)
        intent = str(self.content.get("intent"))
        if intent != "None" and intent not in intents:
            yield self.problem("intent", f"unknown intent {intent}; the known ones are in {INTENTS_FILE}")
        expected = self.root / "data" / "faq" / f"{intent.removeprefix('faq/')}.yml"
        if intent in intents and self.path != expected:
            yield self.problem(
                "intent", f"the answer to {intent} belongs in {expected}; rename the file or mend the intent"
            )
        yield from self._check_dates(today)
        yield from self._check_source()
        if "answer" not in missing:
            yield from self._check_texts("answer", self.content["answer"], english=intent.startswith(_WITH_ENGLISH))
        for aspect, texts in (self.content.get("follow_ups") or {}).items():
            if aspect not in ASPECTS:
                yield self.problem("follow_ups", f"unknown follow-up {aspect}; use one of {', '.join(ASPECTS)}", aspect)
            yield from self._check_texts(aspect, texts, english=intent.startswith(_WITH_ENGLISH))
        for related in self.content.get("related") or ():
            if related not in intents:
                yield self.problem(
                    "related",
                    f"unknown related intent {related}; the known ones are in {INTENTS_FILE}",
                    code="related",
                    about=str(related),
                )

    def _check_dates(self, today: date) -> Iterator[Problem]:
        for key in ("checked_on", "valid_until"):
            value = self.content.get(key)
            if value is not None and not isinstance(value, date):
                yield self.problem(key, f"{key} is no date; write it like 2027-05-22", code="no_date")
        checked, until = self.content.get("checked_on"), self.content.get("valid_until")
        if isinstance(until, date) and until < today:
            yield self.problem(
                "valid_until",
                f"the answer expired on {until}; check it again and set checked_on and valid_until",
                code="expired",
            )
        if isinstance(checked, date) and checked > today:
            yield self.problem(
                "checked_on", f"checked_on {checked} lies in the future; write the day it was checked", code="future"
            )
        status = self.content.get("status")
        if status and status not in STATUSES:
            yield self.problem("status", f"unknown status {status}; use {' or '.join(STATUSES)}")

    def _check_source(self) -> Iterator[Problem]:
        sources = self.content.get("source")
        if sources is not None and not isinstance(sources, list):
            yield self.problem("source", "source must be a list of {url, date}", code="source")
            return
        for source in sources or ():
            if not isinstance(source, dict) or not source.get("url") or not source.get("date"):
                yield self.problem(
                    "source",
                    "every source needs a url and a date; an answer without source is not published",
                    code="source",
                )

    def _check_texts(self, key: str, texts: Any, *, english: bool) -> Iterator[Problem]:
        if not isinstance(texts, dict):
            yield self.problem(key, f"{key} must hold one text a language: fr, ary, ary-Latn, en")
            return
        for language in Language:
            needed = english or language is not Language.ENGLISH
            if needed and not str(texts.get(language.value) or "").strip():
                yield self.problem(
                    key,
                    f"{key} has no text in {language.value}; write one",
                    code="no_text",
                    about=f"{key} {language.value}",
                )
        for language, text in texts.items():
            if language not in set(Language):
                yield self.problem(key, f"unknown language {language} in {key}; use {', '.join(Language)}")
            elif len(str(text)) > MAX_ANSWER:
                yield self.problem(
                    key,
                    f"the text in {language} has {len(str(text))} characters, {MAX_ANSWER} at most; shorten it",
                    str(language),
                    code="too_long",
                    about=f"{key} {language}",
                )


def _known_intents(root: Path) -> Mapping[str, Any]:
    try:
        content = read_yaml(root / INTENTS_FILE)
    except (ExampleError, FileNotFoundError):
        return {}
    return content if isinstance(content, dict) else {}


def _check_intents(path: Path) -> Iterator[Problem]:
    try:
        content = read_yaml(path)
    except FileNotFoundError:
        yield Problem(path, 1, "the list of intents is missing")
        return
    except ExampleError as error:
        yield Problem(path, 1, str(error))
        return
    lines = path.read_text(encoding="utf-8").splitlines()
    for intent, entry in content.items():
        line = lines.index(f"{intent}:") + 1 if f"{intent}:" in lines else 1
        for kind in ("label", "phrase"):
            for language in Language:
                text = str((entry.get(kind) or {}).get(language.value) or "")
                if not text:
                    yield Problem(path, line, f"{intent} has no {kind} in {language.value}; add one")
                elif kind == "label" and len(text) > MAX_LABEL:
                    yield Problem(
                        path, line, f"the label {text!r} of {intent} is longer than {MAX_LABEL} characters; shorten it"
                    )


def _check_examples(root: Path, intents: Mapping[str, Any]) -> Iterator[Problem]:
    try:
        examples = read_examples(root)
    except ExampleError as error:
        yield Problem(root / "data", 1, str(error))
        return
    seen: dict[str, Example] = {}
    for example in examples:
        if example.intent not in intents:
            yield Problem(
                example.path, example.line, f"unknown intent {example.intent}; the known ones are in {INTENTS_FILE}"
            )
        if example.language not in {*Language, MIXED}:
            yield Problem(
                example.path, example.line, f"unknown language {example.language}; use {', '.join([*Language, MIXED])}"
            )
        other = seen.setdefault(normalise(example.text), example)
        if other is example:
            continue
        if other.intent != example.intent:
            where = f"{other.path}:{other.line}"
            yield Problem(
                example.path,
                example.line,
                f"{example.text!r} stands under {example.intent} and under {other.intent} ({where}); remove it from one of them",
            )
    for first, second in near_duplicates(examples):
        yield Problem(
            second.path,
            second.line,
            f"{second.text!r} says the same as {first.text!r} ({first.path}:{first.line}) and teaches nothing; remove one of them",
        )
    used = {example.intent for example in examples}
    for intent in intents:
        if intent not in used:
            yield Problem(root / INTENTS_FILE, 1, f"{intent} has no example; add some under data/nlu/ or in its answer")
