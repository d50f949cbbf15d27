"""The sessions that a question names: of a room, a person, a kind, a language or a topic, at the time that it names."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from actions.expo.lists import Listing, short, talks
from actions.expo.pages import Pages
from actions.programme.edition import Session
from actions.programme.reading import Reading, is_pause
from actions.programme.search import find_track, search
from actions.programme.selection import on_day
from actions.reply import Choice, Part, Reply, Say


class Named:
    """Finds them in one edition, for one question."""

    def __init__(self, pages: Pages, reading: Reading) -> None:
        self._pages = pages
        self._edition, self._asked, self._lists = pages.edition, pages.asked, pages.lists
        self._reading = reading

    def sessions(self, *, topic: bool = False, to_come: bool = False) -> Reply | None:
        """The sessions that are named, also by their topic where that is wanted; None where nothing is named or found.

        Where nothing is on at the time that is named, it says so, and when else. Without a time it may be what is `to_come`.
        """
        listing = self._listing(topic=topic)
        return self._timed(listing, to_come=to_come) if listing else None

    def key(self) -> str | None:
        """Which list the question names, without its time."""
        listing = self._listing(topic=self._reading.names_sessions or self._reading.is_bare)
        return listing.key if listing and not is_pause(self._reading.kind) else None

    def again(self, key: str) -> Reply | None:
        """A list that was asked for before, at the time that is named now; None where the edition no longer has it."""
        listing = self._lists.find(*key.split(":", 1))
        return self._timed(replace(listing, sessions=talks(listing.sessions)), to_come=False) if listing else None

    def narrowed(self, listing: Listing, moment: str | None) -> Reply:
        """A list at a time; where nothing is on then, it says so, and when else."""
        sessions = replace(listing, sessions=talks(listing.sessions))
        timed = self._narrowed(sessions, moment) if moment else sessions
        if timed.sessions or not sessions.sessions:
            return self._page(timed)
        return Reply((Say("expo.named.other_times"),)).then(self._page(sessions))

    def _timed(self, listing: Listing, *, to_come: bool) -> Reply | None:
        if to_come and not self._asked.when:
            later = self._narrowed(listing, f"{self._asked.now:%Y-%m-%d:%H%M}-2359")
            listing = later if later.sessions else listing
        if not listing.sessions and self._reading.language:
            language = Say(f"expo.language.{self._reading.language}")
            return Reply((Say("expo.spoken.nothing", {"language": language}),), self._pages.day_choices())
        moment = self.time()
        timed = self._narrowed(listing, moment) if moment else listing
        if self._reading.edge and timed.sessions:
            timed = self._narrowed(timed, self._reading.edge)
        if not timed.sessions:
            at_other_times = self._page(listing)
            return Reply((Say("expo.named.other_times"),)).then(at_other_times) if listing.sessions else None
        return self._page(timed)

    def sought(self) -> Sequence[Session]:
        """The sessions that somebody looks for who wants to go there: those of the time named, else not over yet, else all."""
        listing, moment = self._listing(topic=True), self.time()
        if listing is None and moment:
            listing = self._lists.find("all", "")
        if listing is None:
            return ()
        timed = self._narrowed(listing, moment).sessions if moment else listing.sessions
        return [s for s in timed if s.end and s.end > self._asked.now] or timed

    def people(self) -> Sequence[str]:
        """The ids of who speaks in the sessions that are named, also by topic or time alone."""
        listing, moment = self._listing(topic=self._reading.is_bare), self.time()
        if listing is None and moment:
            listing = self._lists.find("all", "")
        timed = self._narrowed(listing, moment) if listing and moment else listing
        return list(dict.fromkeys(key for session in timed.sessions for key in session.speakers)) if timed else []

    def _page(self, listing: Listing) -> Reply:
        if is_pause(self._reading.kind):
            lines = [self._pages.say.line(session, with_day=True) for session in listing.sessions]
            return Reply(tuple[Part, ...](lines))
        one = len(listing.sessions) == 1 and not self._reading.speakers
        reply = self._pages.detail(listing.sessions[0]) if one else self._pages.page(listing, 0)
        return Reply(reply.parts, (*reply.choices, *self._translated_too(listing)), reply.shows)

    def _translated_too(self, listing: Listing) -> tuple[Choice, ...]:
        """Beside the sessions in a language those that are translated into it."""
        language = self._reading.language
        if language is None or self._reading.translated:
            return ()
        key = listing.key.replace(f"@{language}", f"@to-{language}")
        also = self._lists.find(*key.split(":", 1))
        return (Choice(Say("expo.choice.translated"), f"expo:{key}:0"),) if also and also.sessions else ()

    def _listing(self, *, topic: bool) -> Listing | None:
        """The list without its time; of what narrows it the kind gives way where it leaves nothing."""
        reading = self._reading
        track = find_track(self._edition, self._asked.text) if topic else None
        words = self._telling() if topic else ()
        tongue = (f"to-{reading.language}" if reading.translated else reading.language) if reading.language else None
        if is_pause(reading.kind):
            base: tuple[str, str] = "all", ""
        elif reading.rooms:
            base = "in", reading.rooms[0].id
        elif len(reading.speakers) == 1:
            base = "p", reading.speakers[0].id
        elif track:
            base = "track", track.id
        elif words:
            base = "q", short(words, f"@2027-05-19:0000-0000@{tongue}@{reading.kind}")
        elif reading.kind or reading.language or reading.edge:
            base = "all", ""
        else:
            return None
        listing = self._lists.find(*base)
        if listing is None:
            return None
        if tongue:
            listing = self._narrowed(listing, tongue)
        if reading.kind:
            of_kind = self._narrowed(listing, reading.kind)
            listing = of_kind if of_kind.sessions or base[0] == "all" else listing
        pause = is_pause(reading.kind)
        return replace(listing, sessions=listing.sessions if pause else talks(listing.sessions))

    def _telling(self) -> Sequence[str]:
        """The words of the question that sessions or tracks have; all of them where none has any."""
        reading = self._reading
        known = (*reading.topic, *(word for word in reading.rest if search(self._edition, word)))
        return known or reading.rest

    def _narrowed(self, listing: Listing, by: str) -> Listing:
        found = self._lists.find(*f"{listing.key}@{by}".split(":", 1))
        return found or listing

    def time(self) -> str | None:
        """The time that was named, as lists are narrowed by; a pause, the first and the last are those of the day unless another is named."""
        when, moment = self._asked.when, self._pages.moment()
        of_a_day = is_pause(self._reading.kind) or self._reading.edge
        day = moment.day or (self._day_to_come() if of_a_day else None)
        if day is None:
            return None
        if moment.start and moment.end and when.keys() & {"part", "bound"}:
            return f"{day}:{moment.start:%H%M}-{moment.end:%H%M}"
        if moment.start and ("hour" in when or when.get("now")):
            return f"{day}:{moment.start:%H%M}-{moment.start:%H%M}"
        return day.isoformat()

    def _day_to_come(self) -> date:
        """Today, or the day of the edition after it once all rooms are done."""
        day, now = self._pages.default_day(), self._asked.now
        goes_on = any(s.room and s.end and s.end > now for s in on_day(self._edition, day))
        return day if goes_on else next((later for later in self._edition.days if later > day), day)
