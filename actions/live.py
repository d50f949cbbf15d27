"""The house as it is right now: what its files say, what staff published since, and what they took back.

Every process keeps one and brings it up to date by the database, so that a published answer, or a programme of the expo
that was applied, is said without a restart.
"""

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from actions.exchange.versions import applied
from actions.expo.expo import Expo
from actions.faq_text import content_of, text_hash
from actions.knowledge import Knowledge, answer_of, intent_info
from actions.turn import House
from nlu.examples import Example, data_hash, read_examples
from nlu.runtime import Parser
from store import expo as expo_store
from store import faq as faq_store
from store.database import Database
from store.tables import ExpoVersionRow, FaqVersionRow

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class FaqFile:
    """An answer as its file in `data/faq/` says it."""

    path: Path
    text: str
    hash: str


@dataclass(frozen=True, slots=True)
class Effective:
    """What is said of an intent: the text, and whether the file changed after a publication of the desk."""

    text: str
    published: FaqVersionRow | None
    conflict: bool


def effective(file: FaqFile | None, version: FaqVersionRow | None) -> Effective | None:
    """A published version counts while the file is still the one it was made from; a file that changed since wins and is
    a conflict, unless it says the same (it was exported)."""
    if version is None:
        return Effective(file.text, None, conflict=False) if file else None
    if file is None or file.hash == version.file_hash or file.text == version.text:
        return Effective(version.text, version, conflict=False)
    return Effective(file.text, version, conflict=True)


class LiveHouse:
    """Holds the present house; what reads it each turn always has the newest."""

    def __init__(self, house: House, root: Path, model: Path) -> None:
        self.house = house
        self.root = root
        self.model = model
        """The archive of the model that is serving."""
        self.files = read_files(root)
        self.texts: Mapping[str, Effective] = {
            intent: Effective(file.text, None, conflict=False) for intent, file in self.files.items()
        }
        self._from_files = house.knowledge
        self._expo, self._demo_expo = house.expo, house.demo_expo
        self._seen: tuple[int, frozenset[str]] = (0, frozenset())
        self._seen_programme = 0
        self._examples: list[Example] | None = None
        self._loading = asyncio.Lock()
        self.settled = True
        """Whether the model that is serving is the one of the present examples."""

    async def refresh(self, session: AsyncSession) -> bool:
        """Takes over what was published, pulled or applied since the last time; whether there was anything."""
        programme = await self._refresh_programme(session)
        pulled = frozenset(await faq_store.pulled(session))
        seen = (await faq_store.newest_version_id(session), pulled)
        if seen == self._seen:
            return programme
        self._take(await faq_store.newest_versions(session), pulled)
        self._seen, self.settled = seen, False
        return True

    async def _refresh_programme(self, session: AsyncSession) -> bool:
        newest = await expo_store.newest_version_id(session)
        if newest == self._seen_programme:
            return False
        versions = await expo_store.newest_versions(session)
        expo, demo = (_with_programme(known, versions) for known in (self._expo, self._demo_expo))
        self.house = replace(self.house, expo=expo, demo_expo=demo, demo_edition=demo.edition)
        self._seen_programme = newest
        return True

    async def catch_up(self, database: Database) -> None:
        """Says what was published from the next message on."""
        async with database.reading() as session:
            await self.refresh(session)
        await self.settle()

    async def settle(self) -> None:
        """Loads the model that belongs to the present examples, where it is there.

        Loading takes about two seconds; turns go on with the old model meanwhile.
        """
        async with self._loading:
            if self.settled:
                return
            wanted = await asyncio.to_thread(self.wanted_model)
            if wanted != self.model and wanted.is_file():
                parser = await asyncio.to_thread(Parser.load, wanted)
                self.house, self.model = replace(self.house, parser=parser), wanted
            self.settled = wanted == self.model

    def wanted_model(self, replacing: Mapping[str, str] | None = None) -> Path:
        """The archive that belongs to the live examples, or to those with some texts replaced."""
        return self.root / "models" / f"nlu-{data_hash(self.root, self.examples(replacing))}.tar.gz"

    def examples(self, replacing: Mapping[str, str] | None = None) -> list[Example]:
        """All training examples, those of published and replaced answers instead of their files'."""
        if self._examples is None:
            self._examples = read_examples(self.root)
        texts = {intent: found.text for intent, found in self.texts.items() if self._differs(intent, found.text)}
        texts.update(replacing or {})
        changed = {intent: _examples_in(text) for intent, text in texts.items()}
        changed = {
            intent: examples for intent, examples in changed.items() if examples != self._examples_of_file(intent)
        }
        if not changed:
            return self._examples
        return _exchanged(self._examples, changed, self.root)

    def teaches_otherwise(self, intent: str, text: str) -> bool:
        """Whether a text has other examples than the live one, so that its model has to be trained and checked."""
        live = self.texts.get(intent)
        return _examples_in(text) != (_examples_in(live.text) if live else {})

    def with_text(self, intent: str, text: str, entry: Mapping[str, Any] | None = None) -> House:
        """The house as it would be with this text for this intent."""
        knowledge = self.house.knowledge
        intents = {**knowledge.intents, intent: intent_info(intent, entry)} if entry else knowledge.intents
        answers = {**knowledge.answers, intent: answer_of(content_of(text))}
        return replace(self.house, knowledge=Knowledge(intents, answers, knowledge.pulled - {intent}))

    def _take(self, versions: Mapping[str, FaqVersionRow], pulled: Collection[str]) -> None:
        texts, answers, intents = {}, dict(self._from_files.answers), dict(self._from_files.intents)
        for intent in {**self.files, **versions}:
            found = effective(self.files.get(intent), versions.get(intent))
            if found is None:
                continue
            texts[intent] = found
            if found.published and not found.conflict:
                answers[intent] = answer_of(content_of(found.text))
                if found.published.entry:
                    intents.setdefault(intent, intent_info(intent, found.published.entry))
        self.texts = texts
        self.house = replace(self.house, knowledge=Knowledge(intents, answers, pulled))

    def _differs(self, intent: str, text: str) -> bool:
        file = self.files.get(intent)
        return file is None or file.text != text

    def _examples_of_file(self, intent: str) -> dict[str, list[str]]:
        file = self.files.get(intent)
        return _examples_in(file.text) if file else {}


def _with_programme(expo: Expo, versions: Mapping[str, ExpoVersionRow]) -> Expo:
    """With the applied programme; with that of the file where the two do not go together any more, which is logged."""
    if expo.edition is None:
        return expo
    try:
        return expo.with_edition(applied(expo.edition, versions.get(expo.edition.id)))
    except ValueError as error:
        log.error("programme not taken over", edition=expo.edition.id, problem=str(error))
        return expo


def read_files(root: Path) -> dict[str, FaqFile]:
    """The answers of `data/faq/`, by intent."""
    files = {}
    for path in sorted((root / "data" / "faq").rglob("*.yml")):
        text = path.read_text(encoding="utf-8")
        files[str(content_of(text)["intent"])] = FaqFile(path, text, text_hash(text))
    return files


def path_of(root: Path, intent: str) -> Path:
    """Where the file of an intent belongs."""
    return root / "data" / "faq" / f"{intent.removeprefix('faq/')}.yml"


def _examples_in(text: str) -> dict[str, list[str]]:
    content = content_of(text) or {}
    return {str(tag): [str(e).strip() for e in found or ()] for tag, found in (content.get("examples") or {}).items()}


def _exchanged(examples: list[Example], changed: Mapping[str, Mapping[str, list[str]]], root: Path) -> list[Example]:
    """The examples with those of some answers exchanged, each where they stood, so that the same data has the same hash."""
    out: list[Example] = []
    done: set[str] = set()
    for example in examples:
        if example.intent not in changed or example.path != path_of(root, example.intent):
            out.append(example)
        elif example.intent not in done:
            done.add(example.intent)
            out.extend(_as_examples(example.intent, changed[example.intent], root))
    for intent in sorted(set(changed) - done):
        out.extend(_as_examples(intent, changed[intent], root))
    return out


def _as_examples(intent: str, texts: Mapping[str, list[str]], root: Path) -> list[Example]:
    path = path_of(root, intent)
    return [Example(text, intent, tag, path, 1) for tag, found in texts.items() for text in found if text]
