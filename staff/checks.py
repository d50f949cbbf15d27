"""Checking a draft of an answer: its model is trained and compared with the live one in a process of its own."""

import asyncio
import multiprocessing
import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog

from actions.faq_text import text_hash
from actions.live import LiveHouse
from nlu.examples import Example
from nlu.replay import Comparison, train_and_compare
from nlu.runtime import Parser
from store import turns as turns_store
from store.database import Database
from store.tables import FaqCheckRow

log = structlog.get_logger()

REAL_MESSAGES = 500
GOLDEN = Path("tests/data/heldout.csv")
"""The golden set, in the project's folder: messages with the intent that they have for certain."""


class Checks:
    """Runs checks one after another beside the assistant, which goes on answering."""

    def __init__(self, database: Database, live: LiveHouse) -> None:
        self._database = database
        self._live = live
        self._pool: ProcessPoolExecutor | None = None
        self._tried: tuple[str, Parser] | None = None
        self._running: set[asyncio.Task[None]] = set()

    def start(self, intent: str, text: str, model: Path, *, now: datetime) -> FaqCheckRow:
        """The row of a check that begins; `run` it once the row is stored."""
        return FaqCheckRow(
            intent=intent,
            text_hash=text_hash(text),
            model=model.name,
            state="running",
            golden={},
            changed=[],
            started_at=now,
        )

    async def run(self, intent: str, examples: Sequence[Example], model: Path) -> None:
        """Trains and compares in the background and writes down what came of it."""
        task = asyncio.get_running_loop().create_task(self._run(intent, list(examples), model))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def parser(self, model: str) -> Parser | None:
        """The model of a checked draft, to try it out; None where it is not on this machine. The last one is kept."""
        path = self._live.root / "models" / model
        if self._tried is None or self._tried[0] != model:
            if not path.is_file():
                return None
            self._tried = (model, await asyncio.to_thread(Parser.load, path))
        return self._tried[1]

    async def train(self, examples: Sequence[Example], model: Path) -> None:
        """Makes a model that is missing, for a publication whose archive is on another machine."""
        await self._compare(list(examples), model, [])

    async def wait(self) -> None:
        """Until no check runs (for tests and for the end of the program)."""
        await asyncio.gather(*self._running, return_exceptions=True)

    async def stop(self) -> None:
        for task in self._running:
            task.cancel()
        await self.wait()
        if self._pool:
            self._pool.shutdown(wait=False, cancel_futures=True)

    async def _run(self, intent: str, examples: list[Example], model: Path) -> None:
        try:
            async with self._database.reading() as session:
                messages = await turns_store.last_texts(session, REAL_MESSAGES)
            found = await self._compare(examples, model, messages)
        except Exception as error:
            log.error("check failed", intent=intent, error=type(error).__name__)
            log.debug("check failed", exc_info=error)
            await self._write(intent, model.name, None)
            return
        await self._write(intent, model.name, found)

    async def _compare(self, examples: list[Example], model: Path, messages: Sequence[str]) -> Comparison:
        """Raises `BrokenProcessPool` when the process was killed twice (it is what a kernel short of memory kills)."""
        root = self._live.root
        work = (root, examples, self._live.model, model, list(messages), root / GOLDEN)
        try:
            return await self._beside(*work)
        except BrokenProcessPool:
            log.warning("process of a check was killed", trying="once more")
            return await self._beside(*work)

    async def _beside(self, *work: Any) -> Comparison:
        """Trains and compares in the process beside the assistant, a new one where there is none that lives."""
        if self._pool is None:
            spawn = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(max_workers=1, mp_context=spawn, initializer=_be_modest)
        pool = self._pool
        try:
            return await asyncio.get_running_loop().run_in_executor(pool, train_and_compare, *work)
        except BrokenProcessPool:
            if self._pool is pool:  # Else another check that waited for it has a new one already.
                self._pool = None
            raise

    async def _write(self, intent: str, model: str, found: Comparison | None) -> None:
        async with self._database.transaction() as session:
            row = await session.get(FaqCheckRow, intent)
            if row is None or row.model != model:
                return  # The draft was dropped or checked anew meanwhile.
            if found is None:
                row.state = "failed"
                return
            row.state = "done"
            row.golden = {"all": found.golden, "before": found.right_before, "after": found.right_after}
            row.changed = [
                {
                    "text": change.text,
                    "before": change.before,
                    "after": change.after,
                    "accepted": False,
                    "golden": golden,
                }
                for changes, golden in ((found.changed, False), (found.lost, True))
                for change in changes
            ]


def _be_modest() -> None:
    os.nice(10)
