"""What every answer of the expo is built of: pages of lists, a session in full, the choices of days."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from actions.expo import hours
from actions.expo.lists import Listing, Lists
from actions.expo.wording import Wording, joined, room_name, short_date
from actions.programme.edition import Edition, Session
from actions.reply import Choice, Reply, Say
from nlu.times import Moment, resolve
from nlu.understanding import Language

PAGE = 5


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked, in which language, and when; `when` is the time the message names, as `nlu.times` reads it."""

    text: str
    when: Mapping[str, Any]
    language: Language
    now: datetime
    starred: frozenset[str] = frozenset()
    """The sessions in the agenda of who asks."""


class Pages:
    """The building blocks of one edition for one question."""

    def __init__(self, edition: Edition, asked: Question) -> None:
        self.edition = edition
        self.asked = asked
        self.say = Wording(edition, asked.language, asked.now.date(), asked.starred)
        self.lists = Lists(edition, self.say)

    def page(self, listing: Listing, page: int) -> Reply:
        # What is over comes last: nobody at the expo asks for it first.
        in_order = sorted(listing.sessions, key=self.is_over)
        shown = in_order[page * PAGE : (page + 1) * PAGE]
        if not shown:
            return Reply((Say("expo.list.empty"),), self.day_choices())
        lines = joined([self._line(session, with_day=listing.with_day) for session in shown])
        further = more(f"{listing.key}:", page, len(listing.sessions)) if listing.key else ()
        star = [star for session in shown for star in self.stars(session)]
        star = star if len(shown) == 1 or not star else [Choice(Say("agenda.button.star"), "ag:pick")]
        return Reply((listing.heading, lines), (*(self.say.choice(session) for session in shown), *further, *star))

    def some(self, sessions: Sequence[Session]) -> Reply:
        """A few sessions that were found: one in full, several as a list."""
        if len(sessions) == 1:
            return self.detail(sessions[0])
        return self.page(Listing("", Say("expo.search.heading"), sessions), 0)

    def detail(self, session: Session) -> Reply:
        room = (Choice(room_name(session.room), f"expo:room:{session.room}"),) if session.room else ()
        told = joined([self._line(session, with_day=True), *self.say.about(session)])
        return Reply((told,), (*self.stars(session), *room, *self.day_choices()), (session.id,))

    def _line(self, session: Session, *, with_day: bool) -> Say:
        line = self.say.line(session, with_day=with_day)
        return Say("expo.line.over", {"line": line}) if self.is_over(session) else line

    def is_over(self, session: Session) -> bool:
        return session.end is not None and session.end <= self.asked.now

    def stars(self, session: Session) -> tuple[Choice, ...]:
        """What can be done with the session and the agenda: nothing, where it is over and not in it."""
        return () if self.is_over(session) and session.id not in self.asked.starred else (self.star(session),)

    def star(self, session: Session) -> Choice:
        """Puts the session into the agenda, or takes it out."""
        if session.id in self.asked.starred:
            return Choice(Say("agenda.button.remove"), f"ag:-:{session.id}")
        return Choice(Say("agenda.button.add"), f"ag:+:{session.id}")

    def nothing_found(self) -> Reply:
        return Reply((Say("expo.nothing_found", {"site": self.edition.site}),), self.day_choices())

    def day_choices(self) -> tuple[Choice, ...]:
        return tuple(Choice(short_date(day), f"expo:day:{day}:0") for day in self.edition.days[:4])

    def status(self) -> Say:
        return hours.status(self.edition, self.say, self.asked.now)

    def moment(self) -> Moment:
        """The time that was asked about."""
        return resolve(self.asked.when, now=self.asked.now, days=self.edition.days)

    def default_day(self) -> date:
        return next((day for day in self.edition.days if day >= self.asked.now.date()), self.edition.days[0])


def more(key: str, page: int, count: int) -> tuple[Choice, ...]:
    """The choice of the next page, where there is one."""
    if (page + 1) * PAGE >= count:
        return ()
    return (Choice(Say("expo.choice.more"), f"expo:{key}{page + 1}"),)
