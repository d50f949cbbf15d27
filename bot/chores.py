"""What has to happen by the clock rather than by a message: reminders, deadlines, surveys, news of the programme.

A chore is a function of `actions/` that looks into the store and returns what is to be said. All of it, and what the chore
itself changed, is one transaction.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from actions.agenda import feedback, news, reminders
from actions.programme.edition import Edition
from actions.push import Push
from actions.requests.clock import ask_whether_fixed, close_after_silence, remind_of_deadlines
from actions.texts import Texts
from actions.turn import House
from bot.conversation import Clock
from bot.pushes import put_all
from nlu.times import CASABLANCA
from store.database import Database, alone

log = structlog.get_logger()

Chore = Callable[[AsyncSession, House, datetime], Awaitable[Sequence[Push]]]
"""Gets the session, the house and the time in Casablanca."""

CHORES: tuple[Chore, ...] = (
    remind_of_deadlines,
    ask_whether_fixed,
    close_after_silence,
    reminders.remind,
    feedback.ask,
)
ON_NEW_PROGRAMME: tuple[Chore, ...] = (news.tell_of_changes,)
"""What is done once in a process for each programme it serves. A process that still serves an older one must not compare
it with what another has told people since: it would tell them that all is back as it was."""
SECONDS_BETWEEN_ROUNDS = 20


class Chores:
    """Runs every chore in turn until stopped; one that fails is logged and does not hold up the others."""

    def __init__(
        self,
        database: Database,
        house: House | Callable[[], House],
        texts: Texts,
        *,
        clock: Clock,
        chores: Sequence[Chore] = CHORES,
        on_new_programme: Sequence[Chore] = ON_NEW_PROGRAMME,
        on_push: Callable[[int], None] = lambda conversation_id: None,
    ) -> None:
        """`house` may be a function, asked in every round: what staff publish counts for chores too."""
        self._database = database
        self._house: Callable[[], House] = house if callable(house) else lambda: house
        self._texts = texts
        self._clock = clock
        self._chores = chores
        self._on_new_programme = on_new_programme
        self._programme: Edition | None = None
        self._on_push = on_push

    async def run(self) -> None:
        """Works until cancelled."""
        while True:
            await self.run_once()
            await asyncio.sleep(SECONDS_BETWEEN_ROUNDS)

    async def run_once(self) -> int:
        """One round; the number of pushes stored."""
        house, stored, compared = self._house(), 0, True
        if house.expo.edition is not self._programme:
            for chore in self._on_new_programme:
                told = await self._do(chore, house)
                stored, compared = stored + (told or 0), compared and told is not None
            self._programme = house.expo.edition if compared else self._programme
        for chore in self._chores:
            stored += await self._do(chore, house) or 0
        return stored

    async def _do(self, chore: Chore, house: House) -> int | None:
        """Does one chore; the number of pushes stored, None where it failed or another process is at it."""
        try:
            async with self._database.transaction() as session:
                if not await alone(session, f"chore {chore.__name__}"):
                    return None
                pushes = await chore(session, house, self._clock().astimezone(CASABLANCA))
                told = await put_all(session, self._texts, pushes, now=self._clock())
        except Exception as error:
            log.error("chore failed", chore=chore.__name__, exc_info=error)
            return None
        for push in told:
            self._on_push(push.conversation_id)
        return len(told)
