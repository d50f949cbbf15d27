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
from actions.programme import BREAKS, Edition, Localised, Room, Session, Speaker
from actions.reply import Choice, Part, Pin, Reply, Say, Words, say
from actions.texts import with_directions
from nlu.text import normalise
from nlu.times import CASABLANCA, Moment, find_times, resolve
from nlu.understanding import Entity, Language

PAGE = 5
_LABEL = 20
_PAYLOAD_BYTES = 64
_ALWAYS_FAQ = frozenset({"expo/overview", "expo/past_editions", "expo/directions"})
_NEEDS_EDITION = frozenset({f"expo/{name}" for name in ("now", "next", "programme", "session", "my_agenda", "remind")})


@dataclass(frozen=True, slots=True)
class _Question:
    """What was asked, in which language, and when; `when` is the time the message names, as `nlu.times` reads it."""

    text: str
    when: Mapping[str, Any]
    language: Language
    now: datetime


@dataclass(frozen=True, slots=True)
class _Listing:
    """Sessions under a heading; `key` finds them again when the next page is asked for."""

    key: str
    heading: Say
    sessions: Sequence[Session]
    with_day: bool = True


class Expo:
    """What the assistant knows of the expo: the edition under way or to come, if any, and the past ones."""

    def __init__(self, edition: Edition | None, past: Sequence[Edition]) -> None:
        self._edition = edition
        self._past = sorted(past, key=lambda known: known.days, reverse=True)

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
        return say("expo.none.last", ordinal=ordinal, days=_days(last.days), site=last.site)

    def _of_the_past(self, intent: str, text: str) -> Reply | None:
        """When a speaker or a topic that the text names was at a past edition."""
        if intent not in ("expo/speakers", "expo/session"):
            return None
        found = [(known, s) for known in self._past for s in programme.by_speaker(known, text)]
        if not found and intent == "expo/session":
            found = [(known, s) for known in self._past for s in programme.search(known, text)[:2]]
        lines = [_past_line(known, session) for known, session in found[:PAGE]]
        return Reply((Say("expo.past.heading"), _lines(lines))) if lines else None


class _Answers:
    """The answers of one edition to one question."""

    def __init__(self, edition: Edition, question: _Question) -> None:
        self._edition = edition
        self._q = question

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
        listing = self._listing(kind, argument)
        return self._page(listing, int(number)) if listing else None

    # now and next

    def now(self) -> Reply:
        if "hour" in self._q.when:
            return self.next()
        running = programme.on_at(self._edition, self._q.now)
        pauses = Reply(_pauses(running, self._q.language))
        if not _talks(running):
            return pauses.then(Reply((self._status(),))).then(self._upcoming(self._q.now))
        heading = Say("expo.now.heading", {"time": _time(self._q.now)})
        return pauses.then(self._page(replace(self._on_at(self._q.now), heading=heading), 0))

    def next(self) -> Reply:
        moment = self._moment()
        if moment.start is None or self._q.when.get("now"):
            upcoming = programme.next_after(self._edition, self._q.now)
            return self._upcoming(self._q.now) if upcoming else Reply((Say("expo.list.empty"), self._status()))
        if moment.end is None:
            return self._at(moment.start)
        return self.schedule()

    def _at(self, moment: datetime) -> Reply:
        listing = self._on_at(moment)
        if listing.sessions:
            return self._page(listing, 0)
        about = {"day": self._day_name(moment.date()), "time": _time(moment)}
        pauses = _pauses(programme.on_at(self._edition, moment), self._q.language)
        return Reply(pauses or (Say("expo.at.nothing", about),)).then(self._upcoming(moment))

    def _on_at(self, moment: datetime) -> _Listing:
        """What is on at a moment: rooms before the exhibitions that last all day, what begins before what goes on."""
        running = _talks(programme.on_at(self._edition, moment))
        running.sort(key=lambda session: (session.room is None, session.start != moment))
        heading = Say("expo.at.heading", {"day": self._day_name(moment.date()), "time": _time(moment)})
        return _Listing(f"at:{moment:%Y-%m-%d:%H%M}", heading, running, with_day=False)

    def _upcoming(self, moment: datetime) -> Reply:
        """The sessions that start next; nothing once the last has begun."""
        coming = programme.next_after(self._edition, moment)
        if not coming or coming[0].start is None:
            return Reply(())
        start = coming[0].start
        heading = Say("expo.next.heading", {"day": self._day_name(start.date()), "time": _time(start)})
        key = f"win:{start:%Y-%m-%d}:{start:%H%M}-{start + timedelta(minutes=1):%H%M}"
        return self._page(_Listing(key, heading, coming, with_day=False), 0)

    # the programme

    def schedule(self) -> Reply:
        moment = self._moment()
        named_day = moment.day if "day" in self._q.when else None
        if named_day and named_day not in _all_days(self._edition):
            closed = Say("expo.not_on_day", {"day": self._day_name(named_day), "days": _days(self._edition.days)})
            return Reply((closed,), self._day_choices())
        day = moment.day if moment.day in _all_days(self._edition) else self._default_day()
        listing = self._listing("day", day.isoformat())
        if moment.start and moment.end and "part" in self._q.when:
            part_start = self._lunch_end(day) if self._q.when["part"] == "after_lunch" else moment.start.timetz()
            start = max(datetime.combine(day, part_start), self._opening(day)[0])
            listing = self._listing("win", f"{day}:{start:%H%M}-{moment.end:%H%M}")
        over = self._phase_over()
        return Reply((self._status(),) if over else ()).then(self._page(listing, 0) if listing else Reply(()))

    def session(self) -> Reply | None:
        room = programme.find_room(self._edition, self._q.text)
        track = programme.find_track(self._edition, self._q.text)
        kind, argument = "q", _short(programme.content_words(self._q.text))
        if room or track:
            kind, argument = ("in", room.id) if room else ("track", track.id if track else "")
        day = self._moment().day
        of_day = self._listing(kind, f"{argument}@{day}") if day else None
        listing = of_day if of_day and of_day.sessions else self._listing(kind, argument)
        if listing is None or not listing.sessions:
            return None
        return self._detail(listing.sessions[0]) if len(listing.sessions) == 1 else self._page(listing, 0)

    def public_events(self) -> Reply | None:
        about = self._listing("public", _short(programme.content_words(self._q.text)))
        listing = about if about and about.sessions else self._listing("public", "")
        return self._page(listing, 0) if listing and listing.sessions else None

    # people, places, practical matters

    def speakers(self) -> Reply | None:
        text = self._q.text
        named = programme.find_speakers(self._edition, text) or programme.speakers_by_role(self._edition, text)
        if len(named) == 1:
            listing = self._listing("p", named[0].id)
            return self._page(listing, 0) if listing else None
        return self._speaker_list(named) if named else None

    def dates(self) -> Reply:
        edition, moment = self._edition, self._moment()
        parts: list[Part] = [Say("expo.dates", {"name": self._words(edition.name), "days": _days(edition.days)})]
        if "day" in self._q.when and moment.day and moment.day not in _all_days(edition):
            parts = [Say("expo.not_on_day", {"day": self._day_name(moment.day), "days": _days(edition.days)})]
        hours = [
            Say("expo.dates.hours", {"day": _date(day), "opens": _time(opens), "closes": _time(closes)})
            for day, (opens, closes) in edition.opening.items()
        ]
        return Reply((*parts, *([_lines(hours)] if hours else []), self._status()), self._day_choices())

    def venue(self) -> Reply:
        room, venue = programme.find_room(self._edition, self._q.text), self._edition.venue
        if room:
            return self._room(room)
        if venue is None:
            return self.nothing_found()
        access = (self._words(venue.access),) if venue.access else ()
        rooms = tuple(Choice(_room_name(key), f"expo:room:{key}") for key in self._edition.rooms)
        where = Say("expo.venue", {"name": Words(venue.name), "address": Words(venue.address)})
        return Reply((where, *access, *self._pin()), rooms)

    def practical(self, page: int) -> Reply:
        asked = programme.find_services(self._edition, self._q.text)
        if asked:
            return Reply(tuple(self._words(service.text) for service in asked[:PAGE]))
        every = list(self._edition.services.values())
        shown = [Say("expo.bullet", {"text": self._words(s.text)}) for s in every[page * PAGE : (page + 1) * PAGE]]
        more = _more("services:", page, len(every))
        return Reply((Say("expo.practical.heading"), _lines(shown)), more) if shown else self.nothing_found()

    def registration(self) -> Reply | None:
        text = self._edition.registration
        return Reply((self._words(text),)) if text else None

    def _room(self, room: Room) -> Reply:
        about = {"room": _room_name(room.id), "floor": self._words(room.floor), "hint": self._words(room.hint)}
        choice = Choice(Say("expo.choice.in_room", {"room": room.id}), f"expo:in:{room.id}:0")
        return Reply((Say("expo.venue.room", about), *self._pin()), (choice,))

    def _pin(self) -> tuple[Pin, ...]:
        venue = self._edition.venue
        if venue is None or venue.lat is None or venue.lon is None:
            return ()
        return (Pin(venue.lat, venue.lon, venue.name, venue.address),)

    def _all_speakers(self, page: int) -> Reply | None:
        return self._speaker_list(list(self._edition.speakers.values()), page) if self._edition.speakers else None

    def _speaker_list(self, people: Sequence[Speaker], page: int = 0) -> Reply:
        shown = people[page * PAGE : (page + 1) * PAGE]
        lines = [Say("expo.speaker", {"name": Words(p.name), "role": self._words(p.role)}) for p in shown]
        choices = tuple(Choice(Words(_cut(person.name, self._q.language)), f"expo:p:{person.id}:0") for person in shown)
        more = _more("speakers:", page, len(people)) if len(people) == len(self._edition.speakers) else ()
        return Reply((Say("expo.speakers.heading"), _lines(lines)), choices + more) if lines else Reply(())

    # building blocks

    def _listing(self, kind: str, argument: str) -> _Listing | None:
        """The sessions behind a kind of list and its argument, as in payloads; None for what does not exist.

        "@2027-05-19" after the argument keeps the sessions of that day.
        """
        argument, _, day = argument.partition("@")
        listing = self._listing_of(kind, argument)
        if listing is None or not day:
            return listing
        of_day = [s for s in listing.sessions if day in (known.isoformat() for known in s.dates)]
        return replace(listing, key=f"{listing.key}@{day}", sessions=of_day)

    def _listing_of(self, kind: str, argument: str) -> _Listing | None:
        edition, key = self._edition, f"{kind}:{argument}"
        if kind == "day" and (day := _day_of(argument, edition)):
            heading = Say("expo.programme.heading", {"day": self._day_name(day)})
            return _Listing(key, heading, _talks(programme.on_day(edition, day)), with_day=False)
        if kind == "win" and (window := _window(argument, edition)):
            heading = Say("expo.window.heading", {"day": self._day_name(window[0].date()), "time": _time(window[0])})
            return _Listing(key, heading, _talks(programme.between(edition, *window)), with_day=False)
        if kind == "at" and (instant := _window(f"{argument}-{argument[-4:]}", edition)):
            return self._on_at(instant[0])
        if kind == "in" and argument in edition.rooms:
            heading = Say("expo.room.heading", {"room": _room_name(argument)})
            return _Listing(key, heading, programme.in_room(edition, argument))
        if kind == "track" and argument in edition.tracks:
            heading = Say("expo.track.heading", {"track": self._words(edition.tracks[argument].name)})
            return _Listing(key, heading, programme.of_track(edition, argument))
        if kind == "p" and argument in edition.speakers:
            person = edition.speakers[argument]
            about = {"name": Words(person.name), "role": self._words(person.role)}
            theirs = [session for session in edition.sessions if argument in session.speakers]
            return _Listing(key, Say("expo.speaker.heading", about), theirs)
        if kind == "q":
            return _Listing(key, Say("expo.search.heading"), _talks(programme.search(edition, argument)))
        if kind == "public":
            sought = programme.search(edition, argument) if argument else edition.sessions
            return _Listing(key, Say("expo.public.heading"), [s for s in sought if s.public])
        return None

    def _page(self, listing: _Listing, page: int) -> Reply:
        shown = listing.sessions[page * PAGE : (page + 1) * PAGE]
        if not shown:
            return Reply((Say("expo.list.empty"),), self._day_choices())
        lines = _lines([self._line(session, with_day=listing.with_day) for session in shown])
        more = _more(f"{listing.key}:", page, len(listing.sessions)) if listing.key else ()
        return Reply((listing.heading, lines), tuple(self._choice(session) for session in shown) + more)

    def _line(self, session: Session, *, with_day: bool) -> Say:
        about: dict[str, Any] = {"title": self._words(session.title), "place": self._place(session)}
        if session.start is None or session.end is None:
            return Say("expo.line.dates", about | {"days": _days(session.dates)})
        about |= {"start": f"{session.start:%H:%M}", "end": f"{session.end:%H:%M}"}
        if not with_day:
            return Say("expo.line", about)
        return Say("expo.line.day", about | {"day": _short_date(session.dates[0])})

    def _place(self, session: Session) -> Say | Words:
        if session.room:
            return _room_name(session.room)
        venue = self._edition.venue
        return self._words(session.place) if session.place else Words(venue.name if venue else self._edition.site)

    def _choice(self, session: Session) -> Choice:
        start = f"{session.start:%H:%M} " if session.start else ""
        label = _cut(start + session.title.text(self._q.language), self._q.language)
        return Choice(Words(label), f"expo:s:{session.id}")

    def _detail(self, session: Session) -> Reply:
        speakers = [self._edition.speakers[key] for key in session.speakers]
        lines = [self._line(session, with_day=True)]
        lines += [Say("expo.speaker", {"name": Words(p.name), "role": self._words(p.role)}) for p in speakers]
        if session.languages:
            lines.append(Say("expo.session.languages", {"languages": _languages(session.languages)}))
        if session.interpretation:
            lines.append(Say("expo.session.interpretation", {"languages": _languages(session.interpretation)}))
        if session.public:
            lines.append(Say("expo.session.public"))
        room = (Choice(_room_name(session.room), f"expo:room:{session.room}"),) if session.room else ()
        return Reply((_lines(lines),), (*room, *self._day_choices()))

    def _words(self, text: Localised) -> Words:
        return Words(text.text(self._q.language))

    def nothing_found(self) -> Reply:
        return Reply((Say("expo.nothing_found", {"site": self._edition.site}),), self._day_choices())

    def _day_choices(self) -> tuple[Choice, ...]:
        return tuple(Choice(_short_date(day), f"expo:day:{day}:0") for day in self._edition.days[:4])

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
                return Say(key, {"day": self._day_name(day), "time": _time(opens)})
            if now < closes:
                return Say("expo.status.open_until", {"time": _time(closes)})
        return Say("expo.status.over", {"day": self._day_name(self._edition.days[-1])})

    def _day_name(self, day: date) -> Say:
        """Today, tomorrow and yesterday by these names, other days by their date."""
        near = {0: "expo.today", 1: "expo.tomorrow", -1: "expo.yesterday"}
        ahead = (day - self._q.now.date()).days
        if ahead in near:
            return Say(near[ahead])
        this_year = day.year == self._q.now.year
        return _date(day) if this_year else Say("expo.date.year", {"date": _date(day), "year": day.year})


def _past_line(edition: Edition, session: Session) -> Say:
    title = Words(next(iter(session.title.texts.values())))
    return Say(
        "expo.past.line",
        {"name": Words(edition.name.text(Language.FRENCH)), "title": title, "days": _days(session.dates)},
    )


def _talks(sessions: Sequence[Session]) -> list[Session]:
    return [session for session in sessions if session.kind not in BREAKS]


def _pauses(sessions: Sequence[Session], language: Language) -> tuple[Say, ...]:
    return tuple(
        Say("expo.now.break", {"title": Words(s.title.text(language)), "time": _time(s.end)})
        for s in sessions
        if s.kind in BREAKS and s.end
    )


def _more(key: str, page: int, count: int) -> tuple[Choice, ...]:
    if (page + 1) * PAGE >= count:
        return ()
    return (Choice(Say("expo.choice.more"), f"expo:{key}{page + 1}"),)


def _lines(lines: Sequence[Say]) -> Say:
    """Several texts as the lines of one paragraph."""
    return reduce(lambda above, line: Say("expo.join", {"above": above, "line": line}), lines)


def _cut(label: str, language: Language) -> str:
    """A label that fits a button, the invisible direction marks of Arabic-letter labels included."""
    if len(with_directions(label, language)) <= _LABEL:
        return label
    shorter = (f"{label[:size].rstrip()}…" for size in range(_LABEL - 1, 0, -1))
    return next(short for short in shorter if len(with_directions(short, language)) <= _LABEL)


def _short(words: Sequence[str]) -> str:
    """As many words of a search as a payload holds."""
    room = _PAYLOAD_BYTES - len("expo:public:@2027-05-19:99")
    return next(t for n in range(len(words), -1, -1) if len((t := " ".join(words[:n])).encode()) <= room)


def _day_of(argument: str, edition: Edition) -> date | None:
    return next((day for day in _all_days(edition) if day.isoformat() == argument), None)


def _window(argument: str, edition: Edition) -> tuple[datetime, datetime] | None:
    """ "2027-05-19:0900-1200" as two times of a day of the edition."""
    named, _, hours = argument.partition(":")
    day = _day_of(named, edition)
    try:
        first, last = (time.fromisoformat(part) for part in hours.split("-"))
    except ValueError:
        return None
    return (datetime.combine(day, first, CASABLANCA), datetime.combine(day, last, CASABLANCA)) if day else None


def _all_days(edition: Edition) -> tuple[date, ...]:
    return tuple(sorted((*edition.days, *edition.public_days)))


def _room_name(room: str) -> Say:
    return Say("expo.room", {"room": room})


def _languages(tags: Sequence[str]) -> Say:
    return reduce(
        lambda first, tag: Say("expo.and", {"first": first, "second": tag}),
        [Say(f"expo.language.{tag}") for tag in tags],
    )


def _time(moment: datetime) -> Say:
    key = "expo.time" if moment.minute else "expo.time.full"
    return Say(key, {"hour": moment.hour, "minute": moment.minute})


def _date(day: date) -> Say:
    about = {"weekday": Say(f"expo.weekday.{day.weekday()}"), "month": Say(f"expo.month.{day.month}"), "day": day.day}
    return Say("expo.date.first" if day.day == 1 else "expo.date", about)


def _short_date(day: date) -> Say:
    return Say("expo.date.short", {"weekday": Say(f"expo.weekday.{day.weekday()}"), "day": day.day})


def _days(days: Sequence[date]) -> Say:
    """ "les 21 et 22 mai 2025", "du 17 au 19 mai 2017", "le 18 avril 2018"."""
    first, last = min(days), max(days)
    month = Say(f"expo.month.{last.month}")
    about: dict[str, Any] = {"first": first.day, "last": last.day, "month": month, "year": last.year}
    if first == last:
        return Say("expo.days.one", about)
    if first.month != last.month:
        return Say("expo.days.months", about | {"first_month": Say(f"expo.month.{first.month}")})
    return Say("expo.days.two" if (last - first).days == 1 else "expo.days.range", about)
