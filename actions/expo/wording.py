"""How the expo is worded: sessions in a line or in full, days and hours, labels that fit a button."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from typing import Any

from actions.programme.edition import BREAKS, Edition, Localised, Session, Speaker
from actions.reply import Choice, Say, Words
from actions.texts import with_directions
from nlu.understanding import Language

_LABEL = 20


@dataclass(frozen=True, slots=True)
class Wording:
    """Words for the things of one edition, in a language; `today` is the day on which they are said.

    Sessions that are `starred` are marked in lists.
    """

    edition: Edition
    language: Language
    today: date
    starred: frozenset[str] = frozenset()

    def line(self, session: Session, *, with_day: bool) -> Say:
        title: Say | Words = self.words(session.title)
        title = Say("agenda.starred", {"title": title}) if session.id in self.starred else title
        about: dict[str, Any] = {"title": title, "place": self.place(session.room, session.place)}
        if session.start is None or session.end is None:
            return Say("expo.line.dates", about | {"days": named_days(session.dates)})
        about |= {"start": f"{session.start:%H:%M}", "end": f"{session.end:%H:%M}"}
        if not with_day:
            return Say("expo.line", about)
        return Say("expo.line.day", about | {"day": short_date(session.dates[0])})

    def place(self, room: str | None, place: Localised | None) -> Say | Words:
        """The room, else the place in words, else the venue."""
        if room:
            return room_name(room)
        venue = self.edition.venue
        return self.words(place) if place else Words(venue.name if venue else self.edition.site)

    def choice(self, session: Session) -> Choice:
        start = f"{session.start:%H:%M} " if session.start else ""
        label = cut(start + session.title.text(self.language), self.language)
        return Choice(Words(label), f"expo:s:{session.id}")

    def speaker(self, person: Speaker) -> Say | Words:
        if person.role is None:
            return Words(person.name)
        return Say("expo.speaker", {"name": Words(person.name), "role": self.words(person.role)})

    def about(self, session: Session) -> list[Say | Words]:
        """Who speaks, in which languages, and whether it is open to everyone."""
        found: list[Say | Words] = [self.speaker(self.edition.speakers[key]) for key in session.speakers]
        if session.languages:
            found.append(Say("expo.session.languages", {"languages": _languages(session.languages)}))
        if session.interpretation:
            found.append(Say("expo.session.interpretation", {"languages": _languages(session.interpretation)}))
        if session.public:
            found.append(Say("expo.session.public"))
        return found

    def words(self, text: Localised) -> Words:
        return Words(text.text(self.language))

    def pauses(self, sessions: Sequence[Session]) -> tuple[Say, ...]:
        """The breaks among the sessions, with their ends."""
        return tuple(
            Say("expo.now.break", {"title": self.words(s.title), "time": clock(s.end)})
            for s in sessions
            if s.kind in BREAKS and s.end
        )

    def day_name(self, day: date) -> Say:
        """Today, tomorrow and yesterday by these names, other days by their date."""
        near = {0: "expo.today", 1: "expo.tomorrow", -1: "expo.yesterday"}
        ahead = (day - self.today).days
        if ahead in near:
            return Say(near[ahead])
        this_year = day.year == self.today.year
        return named_date(day) if this_year else Say("expo.date.year", {"date": named_date(day), "year": day.year})


def past_line(edition: Edition, session: Session) -> Say:
    title = Words(next(iter(session.title.texts.values())))
    return Say(
        "expo.past.line",
        {"name": Words(edition.name.text(Language.FRENCH)), "title": title, "days": named_days(session.dates)},
    )


def joined(lines: Sequence[Say | Words]) -> Say | Words:
    """Several texts as the lines of one paragraph."""
    return reduce(lambda above, line: Say("expo.join", {"above": above, "line": line}), lines)


def cut(label: str, language: Language) -> str:
    """A label that fits a button, the invisible direction marks of Arabic-letter labels included."""
    if len(with_directions(label, language)) <= _LABEL:
        return label
    shorter = (f"{label[:size].rstrip()}…" for size in range(_LABEL - 1, 0, -1))
    return next(short for short in shorter if len(with_directions(short, language)) <= _LABEL)


def room_name(room: str) -> Say:
    return Say("expo.room", {"room": room})


def _languages(tags: Sequence[str]) -> Say:
    return reduce(
        lambda first, tag: Say("expo.and", {"first": first, "second": tag}),
        [Say(f"expo.language.{tag}") for tag in tags],
    )


def clock(moment: datetime) -> Say:
    key = "expo.time" if moment.minute else "expo.time.full"
    return Say(key, {"hour": moment.hour, "minute": moment.minute})


def named_date(day: date) -> Say:
    about = {"weekday": Say(f"expo.weekday.{day.weekday()}"), "month": Say(f"expo.month.{day.month}"), "day": day.day}
    return Say("expo.date.first" if day.day == 1 else "expo.date", about)


def short_date(day: date) -> Say:
    return Say("expo.date.short", {"weekday": Say(f"expo.weekday.{day.weekday()}"), "day": day.day})


def named_days(days: Sequence[date]) -> Say:
    """ "les 21 et 22 mai 2025", "du 17 au 19 mai 2017", "le 18 avril 2018"."""
    first, last = min(days), max(days)
    month = Say(f"expo.month.{last.month}")
    about: dict[str, Any] = {"first": first.day, "last": last.day, "month": month, "year": last.year}
    if first == last:
        return Say("expo.days.one", about)
    if first.month != last.month:
        return Say("expo.days.months", about | {"first_month": Say(f"expo.month.{first.month}")})
    return Say("expo.days.two" if (last - first).days == 1 else "expo.days.range", about)
