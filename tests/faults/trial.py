"""One trial: people write over both channels, the service is killed at random moments, the providers misbehave."""

import asyncio
import contextlib
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.channels.registry import CHANNELS
from store.database import Database
from tests.bot.fake_telegram import FakeTelegram
from tests.bot.fake_telegram.server import TOKEN as TELEGRAM_TOKEN
from tests.bot.fake_twilio import ACCOUNT, SENDER, FakeTwilio, Faults
from tests.bot.fake_twilio import TOKEN as TWILIO_TOKEN
from tests.faults.people import Person, people
from tests.faults.service import Process, kill_at_random, until_ready
from tests.faults.verdict import Arrival, Verdict, accepted, judge, waiting
from tests.listening import free_port

_FAULTS = {"too_many": 0.02, "server_error": 0.02, "lost_answer": 0.003, "duplicate_webhook": 0.05, "hang": 7.0}
"""`lost_answer`: the provider took the message and the answer never comes, longer than the clients wait."""


_SECONDS_BETWEEN_REPORTS = 15.0


@dataclass(frozen=True, slots=True)
class Plan:
    """How large a trial is."""

    persons: int
    messages_each: int
    kills: int
    processes: int = 1
    """That handle and send: `casa serve` and further ones of `casa work`; several need PostgreSQL."""
    seed: int = 7
    seconds: float = 1_200.0
    """After so long it is judged as it stands."""

    @property
    def messages(self) -> int:
        return self.persons * self.messages_each


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a trial."""

    verdict: Verdict
    kills: int
    seconds: float
    ended: bool
    """Whether everything was done when it was judged."""


async def run_trial(
    plan: Plan, database_url: str, folder: Path, *, tell: Callable[[str], None] = lambda line: None
) -> Outcome:
    """Runs it to its end or until its time is up; `tell` hears now and then how far it is."""
    chance, port = random.Random(plan.seed), free_port()
    url = f"http://127.0.0.1:{port}"
    started = time.monotonic()
    async with contextlib.AsyncExitStack() as stack:
        database = await Database.open(database_url)
        stack.push_async_callback(database.close)
        telegram = await stack.enter_async_context(FakeTelegram.running(faults=Faults(seed=plan.seed, **_FAULTS)))
        # An operator tells Twilio to try again (docs/going-live.md); here it does so until somebody answers.
        settings = {
            "webhook": f"{url}/whatsapp/messages",
            "retries": 1_000,
            "retry_seconds": 2.0,
            "retry_on_errors": True,
        }
        twilio = await stack.enter_async_context(
            FakeTwilio.running(faults=Faults(seed=plan.seed + 1, **_FAULTS), answer_statuses=True, **settings)
        )
        environment = service_environment(url, database_url, folder, telegram, twilio)
        processes = [Process(("serve", "--port", str(port)), environment, folder / "serve.log")]
        processes += [
            Process(("work",), environment, folder / f"work{number}.log") for number in range(1, plan.processes)
        ]
        for process in processes:
            stack.push_async_callback(process.end)
            await process.start()

        def arrived() -> int:
            return len(telegram.sent) + len(twilio.sent)

        async def go_on() -> None:
            await until_ready(url)
            killing = kill_at_random(processes, url, kills=plan.kills, chance=chance, done=arrived, of=plan.messages)
            everybody = people(plan.persons, plan.messages_each, [opener.__name__ for opener in CHANNELS])
            await asyncio.gather(_write(everybody, telegram, twilio, chance), killing)
            while await accepted(database) < plan.messages or await waiting(database):
                await asyncio.sleep(0.5)

        async def report() -> None:
            while True:
                await asyncio.sleep(_SECONDS_BETWEEN_REPORTS)
                kills = sum(process.kills for process in processes)
                tell(f"{time.monotonic() - started:.0f} s: {arrived()} replies arrived, {kills} kills")

        reporting = asyncio.create_task(report())
        try:
            async with asyncio.timeout(plan.seconds):
                await go_on()
            ended = True
        except TimeoutError:
            ended = False
        finally:
            reporting.cancel()
        seconds = time.monotonic() - started
        for process in processes:
            await process.stop()
        verdict = await judge(database, _arrivals(telegram, twilio))
        assert (telegram.violations, twilio.violations) == ([], [])
        return Outcome(verdict, sum(process.kills for process in processes), seconds, ended)


async def _write(
    everybody: Sequence[Person], telegram: FakeTelegram, twilio: FakeTwilio, chance: random.Random
) -> None:
    """Everybody writes at their own pace."""

    async def one(person: Person, pause: float) -> None:
        for text in person.messages:
            await asyncio.sleep(pause)
            if person.channel == "telegram":
                await telegram.says(int(person.address), text)
            else:
                await twilio.receive(person.address, text)

    await asyncio.gather(*(one(person, chance.uniform(0.1, 2.0)) for person in everybody))


def _arrivals(telegram: FakeTelegram, twilio: FakeTwilio) -> list[Arrival]:
    found = [Arrival("telegram", str(entry["message_id"])) for entry in telegram.sent]
    return found + [Arrival("whatsapp", message["sid"]) for message in twilio.sent]


def service_environment(
    url: str, database_url: str, folder: Path, telegram: FakeTelegram, twilio: FakeTwilio
) -> dict[str, str]:
    return {
        "DATABASE_URL": database_url,
        "DATA_DIR": str(folder),
        "PUBLIC_URL": url,
        "TELEGRAM_TOKEN": TELEGRAM_TOKEN,
        "TELEGRAM_API_URL": telegram.url,
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": TWILIO_TOKEN,
        "TWILIO_API_URL": twilio.url,
        "WHATSAPP_FROM": SENDER,
    }
