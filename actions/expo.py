"""Answers about the expo: what is on now and next, the programme, sessions, speakers, rooms, practical matters.

With an edition loaded the answers come from its file; without one the assistant says that it knows of none under way.
None means: the FAQ has the answer. Payloads of this room's choices begin with "expo:" and hold at most 64 bytes.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import reduce
from typing import Any

from actions import programme
from actions.expo_lists import Listing, Lists, all_days, short, talks
from actions.expo_wording import (
    Wording,
    clock,
    cut,
    joined,
    named_date,
    named_days,
    past_line,
    room_name,
    short_date,
)
from actions.programme import Edition, Room, Session, Speaker, Venue
from actions.programme_search import (
    by_speaker,
    find_room,
    find_services,
    find_speakers,
    find_track,
    search,
    speakers_by_role,
)
from actions.reply import Choice, Part, Pin, Reply, Say, Words, say
from nlu.programme_words import content_words
from nlu.text import normalise
from nlu.times import CASABLANCA, Moment, find_times, resolve
from nlu.understanding import Entity, Language

PAGE = 5
_ALWAYS_FAQ = frozenset({"expo/overview", "expo/past_editions", "expo/directions"})
_NEEDS_EDITION = frozenset({f"expo/{name}" for name in ("now", "next", "programme", "session", "my_agenda", "remind")})


@dataclass(frozen=True, slots=True)
class _Question:
    """What was asked, in which language, and when; `when` is the time the message names, as `nlu.times` reads it."""

    text: str
    when: Mapping[str, Any]
    language: Language
    now: datetime


class Expo:
    """What the assistant knows of the expo: the edition under way or to come, if any, and the past ones."""

    def __init__(self, edition: Edition | None, past: Sequence[Edition]) -> None:
        self._edition = edition
        self._past = sorted(past, key=lambda known: known.days, reverse=True)

    @property
    def has_edition(self) -> bool:
        return self._edition is not None

    def answer(
        self, intent: str, text: str, entities: Sequence[Entity], *, language: Language, now: datetime
    ) -> Reply | None:
        """The reply to an `expo/*` intent; None where the answer of the FAQ is the right one."""
        if intent in _ALWAYS_FAQ:
            return None
        if self._edition is None:
            return self._without_edition(intent, text)
        known = [entity for entity in entities if entity.kind == "time"] or find_times(normalise(text))
        when: dict[str, Any] = reduce(lambda first, found: found.value | first, known, {})
        question = _Question(text, when, language, now.astimezone(CASABLANCA))
        answers = _Answers(self._edition, question)
        reply = answers.to(intent) or self._of_the_past(intent, text)
        return self._marked(reply or answers.at_least(intent)) if intent in answers.intents else None

    @property
    def place_to_go(self) -> tuple[Venue, Edition] | None:
        """The venue of the present edition, else the last one of the past, as far as its place on the map is known."""
        if self._edition and self._edition.venue:
            return self._edition.venue, self._edition
        located = ((known.venue, known) for known in self._past if known.venue and known.venue.lat is not None)
        return next(located, None)

    def choose(self, payload: str, *, language: Language, now: datetime) -> Reply | None:
        """The reply to one of this room's own choices; None for a payload that is not, or no longer, one of them."""
        kind, _, rest = payload.removeprefix("expo:").partition(":")
        if not payload.startswith("expo:"):
            return None
        if self._edition is None:
            return self._no_edition()
        question = _Question("", {}, language, now.astimezone(CASABLANCA))
        reply = _Answers(self._edition, question).chosen(kind, rest)
        return self._marked(reply) if reply else None

    def _marked(self, reply: Reply) -> Reply:
        """Nobody may take the demonstration for the real expo."""
        if self._edition is None or not self._edition.demonstration:
            return reply
        return Reply((*reply.parts, Say("expo.demo.notice")), reply.choices)

    def _without_edition(self, intent: str, text: str) -> Reply | None:
        past = self._of_the_past(intent, text)
        if intent not in _NEEDS_EDITION:
            return past
        return self._no_edition().then(past) if past else self._no_edition()

    def _no_edition(self) -> Reply:
        if not self._past:
            return say("expo.none")
        last = self._past[0]
        key = f"expo.ordinal.{last.number}" if last.number in range(1, 13) else "expo.ordinal.other"
        ordinal = Say(key, {"number": last.number})
        return say("expo.none.last", ordinal=ordinal, days=named_days(last.days), site=last.site)

    def _of_the_past(self, intent: str, text: str) -> Reply | None:
        """When a speaker or a topic that the text names was at a past edition."""
        if intent not in ("expo/speakers", "expo/session"):
            return None
        found = [(known, s) for known in self._past for s in by_speaker(known, text)]
        if not found and intent == "expo/session":
            found = [(known, s) for known in self._past for s in search(known, text)[:2]]
        lines = [past_line(known, session) for known, session in found[:PAGE]]
        return Reply((Say("expo.past.heading"), joined(lines))) if lines else None


class _Answers:
    """The answers of one edition to one question."""

    def __init__(self, edition: Edition, question: _Question) -> None:
        self._edition = edition
        self._q = question
        self._say = Wording(edition, question.language, question.now.date())
        self._lists = Lists(edition, self._say)
        self.intents: Mapping[str, Callable[[], Reply | None]] = {
            "expo/now": self.now,
            "expo/next": self.next,
            "expo/programme": self.schedule,
            "expo/session": self.session,
            "expo/speakers": self.speakers,
            "expo/dates": self.dates,
            "expo/venue": self.venue,
            "expo/practical": lambda: self.practical(0),
            "expo/registration": self.registration,
            "expo/public_events": self.public_events,
            "expo/my_agenda": lambda: say("expo.agenda.not_yet").then(self.schedule()),
            "expo/remind": lambda: say("expo.remind.not_yet").then(self.schedule()),
        }

    def to(self, intent: str) -> Reply | None:
        """The answer to an intent; None where the edition has nothing on it."""
        return self.intents[intent]() if intent in self.intents else None

    def at_least(self, intent: str) -> Reply:
        """What can be said when neither this edition nor a past one has what was asked for."""
        everyone = self._all_speakers(0) if intent == "expo/speakers" else None
        return everyone or self.nothing_found()

    def chosen(self, kind: str, rest: str) -> Reply | None:
        edition = self._edition
        if kind == "s":
            return next((self._detail(session) for session in edition.sessions if session.id == rest), None)
        if kind == "room":
            return self._room(edition.rooms[rest]) if rest in edition.rooms else None
        argument, _, number = rest.rpartition(":")
        if not number.isdecimal() or len(number) > 3:
            return None
        if kind == "speakers":
            return self._all_speakers(int(number))
        if kind == "services":
            return self.practical(int(number))
        listing = self._lists.find(kind, argument)
        return self._page(listing, int(number)) if listing else None

    # now and next

    def now(self) -> Reply:
        if "hour" in self._q.when:
            return self.next()
        running = programme.on_at(self._edition, self._q.now)
        pauses = Reply(self._say.pauses(running))
        if not talks(running):
            return pauses.then(Reply((self._status(),))).then(self._upcoming(self._q.now))
        heading = Say("expo.now.heading", {"time": clock(self._q.now)})
        return pauses.then(self._page(replace(self._lists.at(self._q.now), heading=heading), 0))

    def next(self) -> Reply:
        moment = self._moment()
        if moment.start is None or self._q.when.get("now"):
            upcoming = programme.next_after(self._edition, self._q.now)
            return self._upcoming(self._q.now) if upcoming else Reply((Say("expo.list.empty"), self._status()))
        if moment.end is None:
            return self._at(moment.start)
        return self.schedule()

    def _at(self, moment: datetime) -> Reply:
        listing = self._lists.at(moment)
        if listing.sessions:
            return self._page(listing, 0)
        about = {"day": self._say.day_name(moment.date()), "time": clock(moment)}
        pauses = self._say.pauses(programme.on_at(self._edition, moment))
        return Reply(pauses or (Say("expo.at.nothing", about),)).then(self._upcoming(moment))

    def _upcoming(self, moment: datetime) -> Reply:
        """The sessions that start next; nothing once the last has begun."""
        coming = programme.next_after(self._edition, moment)
        if not coming or coming[0].start is None:
            return Reply(())
        start = coming[0].start
        heading = Say("expo.next.heading", {"day": self._say.day_name(start.date()), "time": clock(start)})
        key = f"win:{start:%Y-%m-%d}:{start:%H%M}-{start + timedelta(minutes=1):%H%M}"
        return self._page(Listing(key, heading, coming, with_day=False), 0)

    # the programme

    def schedule(self) -> Reply:
        moment = self._moment()
        named_day = moment.day if "day" in self._q.when else None
        if named_day and named_day not in all_days(self._edition):
            closed = Say(
                "expo.not_on_day", {"day": self._say.day_name(named_day), "days": named_days(self._edition.days)}
            )
            return Reply((closed,), self._day_choices())
        day = moment.day if moment.day in all_days(self._edition) else self._default_day()
        listing = self._lists.find("day", day.isoformat())
        if moment.start and moment.end and "part" in self._q.when:
            part_start = self._lunch_end(day) if self._q.when["part"] == "after_lunch" else moment.start.timetz()
            start = max(datetime.combine(day, part_start), self._opening(day)[0])
            listing = self._lists.find("win", f"{day}:{start:%H%M}-{moment.end:%H%M}")
        over = self._phase_over()
        return Reply((self._status(),) if over else ()).then(self._page(listing, 0) if listing else Reply(()))

    def session(self) -> Reply | None:
        room = find_room(self._edition, self._q.text)
        track = find_track(self._edition, self._q.text)
        kind, argument = "q", short(content_words(self._q.text))
        if room or track:
            kind, argument = ("in", room.id) if room else ("track", track.id if track else "")
        day = self._moment().day
        of_day = self._lists.find(kind, f"{argument}@{day}") if day else None
        listing = of_day if of_day and of_day.sessions else self._lists.find(kind, argument)
        if listing is None or not listing.sessions:
            return None
        return self._detail(listing.sessions[0]) if len(listing.sessions) == 1 else self._page(listing, 0)

    def public_events(self) -> Reply | None:
        about = self._lists.find("public", short(content_words(self._q.text)))
        listing = about if about and about.sessions else self._lists.find("public", "")
        return self._page(listing, 0) if listing and listing.sessions else None

    # people, places, practical matters

    def speakers(self) -> Reply | None:
        text = self._q.text
        named = find_speakers(self._edition, text) or speakers_by_role(self._edition, text)
        if len(named) == 1:
            listing = self._lists.find("p", named[0].id)
            return self._page(listing, 0) if listing else None
        return self._speaker_list(named) if named else None

    def dates(self) -> Reply:
        edition, moment = self._edition, self._moment()
        parts: list[Part] = [
            Say("expo.dates", {"name": self._say.words(edition.name), "days": named_days(edition.days)})
        ]
        if "day" in self._q.when and moment.day and moment.day not in all_days(edition):
            parts = [Say("expo.not_on_day", {"day": self._say.day_name(moment.day), "days": named_days(edition.days)})]
        hours = [
            Say("expo.dates.hours", {"day": named_date(day), "opens": clock(opens), "closes": clock(closes)})
            for day, (opens, closes) in edition.opening.items()
        ]
        return Reply((*parts, *([joined(hours)] if hours else []), self._status()), self._day_choices())

    def venue(self) -> Reply:
        room, venue = find_room(self._edition, self._q.text), self._edition.venue
        if room:
            return self._room(room)
        if venue is None:
            return self.nothing_found()
        access = (self._say.words(venue.access),) if venue.access else ()
        rooms = tuple(Choice(room_name(key), f"expo:room:{key}") for key in self._edition.rooms)
        where = Say("expo.venue", {"name": Words(venue.name), "address": Words(venue.address)})
        return Reply((where, *access, *_pin(self._edition)), rooms)

    def practical(self, page: int) -> Reply:
        asked = find_services(self._edition, self._q.text)
        if asked:
            return Reply(tuple(self._say.words(service.text) for service in asked[:PAGE]))
        every = list(self._edition.services.values())
        shown = [Say("expo.bullet", {"text": self._say.words(s.text)}) for s in every[page * PAGE : (page + 1) * PAGE]]
        more = _more("services:", page, len(every))
        return Reply((Say("expo.practical.heading"), joined(shown)), more) if shown else self.nothing_found()

    def registration(self) -> Reply | None:
        text = self._edition.registration
        return Reply((self._say.words(text),)) if text else None

    def _room(self, room: Room) -> Reply:
        about = {"room": room_name(room.id), "floor": self._say.words(room.floor), "hint": self._say.words(room.hint)}
        choice = Choice(Say("expo.choice.in_room", {"room": room.id}), f"expo:in:{room.id}:0")
        return Reply((Say("expo.venue.room", about), *_pin(self._edition)), (choice,))

    def _all_speakers(self, page: int) -> Reply | None:
        return self._speaker_list(list(self._edition.speakers.values()), page) if self._edition.speakers else None

    def _speaker_list(self, people: Sequence[Speaker], page: int = 0) -> Reply:
        shown = people[page * PAGE : (page + 1) * PAGE]
        lines = [self._say.speaker(person) for person in shown]
        choices = tuple(Choice(Words(cut(person.name, self._q.language)), f"expo:p:{person.id}:0") for person in shown)
        more = _more("speakers:", page, len(people)) if len(people) == len(self._edition.speakers) else ()
        return Reply((Say("expo.speakers.heading"), joined(lines)), choices + more) if lines else Reply(())

    # building blocks

    def _page(self, listing: Listing, page: int) -> Reply:
        shown = listing.sessions[page * PAGE : (page + 1) * PAGE]
        if not shown:
            return Reply((Say("expo.list.empty"),), self._day_choices())
        lines = joined([self._say.line(session, with_day=listing.with_day) for session in shown])
        more = _more(f"{listing.key}:", page, len(listing.sessions)) if listing.key else ()
        return Reply((listing.heading, lines), tuple(self._say.choice(session) for session in shown) + more)

    def _detail(self, session: Session) -> Reply:
        room = (Choice(room_name(session.room), f"expo:room:{session.room}"),) if session.room else ()
        return Reply((self._say.full(session),), (*room, *self._day_choices()))

    def nothing_found(self) -> Reply:
        return Reply((Say("expo.nothing_found", {"site": self._edition.site}),), self._day_choices())

    def _day_choices(self) -> tuple[Choice, ...]:
        return tuple(Choice(short_date(day), f"expo:day:{day}:0") for day in self._edition.days[:4])

    # time

    def _moment(self) -> Moment:
        return resolve(self._q.when, now=self._q.now, days=self._edition.days)

    def _default_day(self) -> date:
        return next((day for day in self._edition.days if day >= self._q.now.date()), self._edition.days[0])

    def _lunch_end(self, day: date) -> time:
        """When lunch is over on that day; half past one where the programme does not say."""
        ends = [s.end for s in programme.on_day(self._edition, day) if s.kind == "lunch" and s.end]
        return ends[0].timetz() if ends else time(13, 30, tzinfo=CASABLANCA)

    def _phase_over(self) -> bool:
        return self._q.now > self._opening(self._edition.days[-1])[1]

    def _opening(self, day: date) -> tuple[datetime, datetime]:
        """The hours of a day; those of its sessions where the opening hours are not known, else the whole day."""
        timed = [s for s in programme.on_day(self._edition, day) if s.start and s.end]
        midnight = datetime.combine(day, time(0), CASABLANCA)
        first = min((s.start for s in timed if s.start), default=midnight)
        last = max((s.end for s in timed if s.end), default=datetime.combine(day, time.max, CASABLANCA))
        return self._edition.opening.get(day, (first, last))

    def _status(self) -> Say:
        """Whether the expo is open, opens later, is closed for the night or is over."""
        now = self._q.now
        for day in self._edition.days:
            opens, closes = self._opening(day)
            if now < opens:
                key = "expo.status.opens" if day == self._edition.days[0] else "expo.status.reopens"
                return Say(key, {"day": self._say.day_name(day), "time": clock(opens)})
            if now < closes:
                return Say("expo.status.open_until", {"time": clock(closes)})
        return Say("expo.status.over", {"day": self._say.day_name(self._edition.days[-1])})


def _pin(edition: Edition) -> tuple[Pin, ...]:
    venue = edition.venue
    if venue is None or venue.lat is None or venue.lon is None:
        return ()
    return (Pin(venue.lat, venue.lon, venue.name, venue.address),)


def _more(key: str, page: int, count: int) -> tuple[Choice, ...]:
    if (page + 1) * PAGE >= count:
        return ()
    return (Choice(Say("expo.choice.more"), f"expo:{key}{page + 1}"),)
