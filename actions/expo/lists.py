"""Lists of the expo's sessions. The key of a list finds it again when its next page is asked for."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from actions.expo.wording import Wording, clock, room_name
from actions.programme import selection
from actions.programme.edition import BREAKS, LANGUAGES, Edition, Session
from actions.programme.search import search
from actions.reply import Say
from nlu.times import CASABLANCA

_PAYLOAD_BYTES = 64


@dataclass(frozen=True, slots=True)
class Listing:
    """Sessions under a heading; `key` is their kind and its argument, as `Lists.find` takes them."""

    key: str
    heading: Say
    sessions: Sequence[Session]
    with_day: bool = True


class Lists:
    """The lists of one edition."""

    def __init__(self, edition: Edition, wording: Wording) -> None:
        self._edition = edition
        self._wording = wording

    def find(self, kind: str, argument: str) -> Listing | None:
        """The sessions behind a kind of list and its argument, as in payloads; None for what does not exist.

        What follows an "@" narrows the list: a day ("2027-05-19"), hours of it ("2027-05-19:1400-1800", twice the same
        for what is on then), a language ("en"), a language of translation ("to-en"), a kind ("workshop"), or which of them begin first
        or last ("first", "last").
        """
        argument, *narrower = argument.split("@")
        listing = self._find(kind, argument)
        for narrowing in narrower:
            listing = self._narrowed(listing, narrowing) if listing else None
        return listing

    def _narrowed(self, listing: Listing, by: str) -> Listing:
        listing, sessions = replace(listing, key=f"{listing.key}@{by}"), listing.sessions
        if by in LANGUAGES:
            heading = Say("expo.spoken.heading", {"language": Say(f"expo.language.{by}")})
            return replace(listing, heading=heading, sessions=[s for s in sessions if by in s.languages])
        if (language := by.removeprefix("to-")) in LANGUAGES:
            heading = Say("expo.translated.heading", {"language": Say(f"expo.language.{language}")})
            return replace(listing, heading=heading, sessions=[s for s in sessions if language in s.interpretation])
        if window := _window(by, self._edition):
            return replace(listing, sessions=[s for s in sessions if _is_in(s, *window)])
        if day := _day_of(by, self._edition):
            return replace(listing, sessions=[s for s in sessions if day in s.dates])
        if by in ("first", "last"):
            starts = [s.start for s in sessions if s.start]
            edge = min(starts, default=None) if by == "first" else max(starts, default=None)
            return replace(
                listing, heading=Say(f"expo.{by}.heading"), sessions=[s for s in sessions if s.start == edge]
            )
        return replace(listing, sessions=[s for s in sessions if s.kind == by])

    def _find(self, kind: str, argument: str) -> Listing | None:
        edition, key = self._edition, f"{kind}:{argument}"
        if kind == "day" and (day := _day_of(argument, edition)):
            heading = Say("expo.programme.heading", {"day": self._wording.day_name(day)})
            return Listing(key, heading, talks(selection.on_day(edition, day)), with_day=False)
        if kind == "win" and (window := _window(argument, edition)):
            heading = Say(
                "expo.window.heading", {"day": self._wording.day_name(window[0].date()), "time": clock(window[0])}
            )
            return Listing(key, heading, talks(selection.between(edition, *window)), with_day=False)
        if kind == "at" and (instant := _window(f"{argument}-{argument[-4:]}", edition)):
            return self.at(instant[0])
        if kind == "else" and (away := argument.partition("/"))[0] in edition.rooms:
            instant = _window(f"{away[2]}-{away[2][-4:]}", edition)
            listing = self.at(instant[0]) if instant else None
            others = [session for session in listing.sessions if session.room != away[0]] if listing else ()
            return replace(listing, key=key, sessions=others) if listing else None
        if kind == "in" and argument in edition.rooms:
            heading = Say("expo.room.heading", {"room": room_name(argument)})
            return Listing(key, heading, selection.in_room(edition, argument))
        if kind == "track" and argument in edition.tracks:
            heading = Say("expo.track.heading", {"track": self._wording.words(edition.tracks[argument].name)})
            return Listing(key, heading, selection.of_track(edition, argument))
        if kind == "p" and argument in edition.speakers:
            person = edition.speakers[argument]
            theirs = [session for session in edition.sessions if argument in session.speakers]
            return Listing(key, Say("expo.speaker.heading", {"speaker": self._wording.speaker(person)}), theirs)
        if kind == "q":
            return Listing(key, Say("expo.search.heading"), talks(search(edition, argument)))
        if kind == "all":
            return Listing(key, Say("expo.search.heading"), edition.sessions)
        if kind == "public":
            sought = search(edition, argument) if argument else edition.sessions
            return Listing(key, Say("expo.public.heading"), [s for s in sought if s.public])
        return None

    def at(self, moment: datetime) -> Listing:
        """What is on at a moment: rooms before the exhibitions that last all day, what begins before what goes on."""
        running = talks(selection.on_at(self._edition, moment))
        running.sort(key=lambda session: (session.room is None, session.start != moment))
        heading = Say("expo.at.heading", {"day": self._wording.day_name(moment.date()), "time": clock(moment)})
        return Listing(f"at:{moment:%Y-%m-%d:%H%M}", heading, running, with_day=False)


def talks(sessions: Sequence[Session]) -> list[Session]:
    return [session for session in sessions if session.kind not in BREAKS]


def short(words: Sequence[str], narrower: str = "@2027-05-19") -> str:
    """As many words of a search as a payload holds beside what narrows it."""
    room = _PAYLOAD_BYTES - len(f"expo:public:{narrower}:99")
    return next(t for n in range(len(words), -1, -1) if len((t := " ".join(words[:n])).encode()) <= room)


def _day_of(argument: str, edition: Edition) -> date | None:
    return next((day for day in all_days(edition) if day.isoformat() == argument), None)


def _window(argument: str, edition: Edition) -> tuple[datetime, datetime] | None:
    """ "2027-05-19:0900-1200" as two times of a day of the edition."""
    named, _, hours = argument.partition(":")
    day = _day_of(named, edition)
    try:
        first, last = (time.fromisoformat(part) for part in hours.split("-"))
    except ValueError:
        return None
    return (datetime.combine(day, first, CASABLANCA), datetime.combine(day, last, CASABLANCA)) if day else None


def _is_in(session: Session, start: datetime, end: datetime) -> bool:
    """Whether a session begins between two moments; whether it is on where they are one."""
    if session.start is None or session.end is None:
        return False
    return session.start <= start < session.end if start == end else start <= session.start < end


def all_days(edition: Edition) -> tuple[date, ...]:
    return tuple(sorted((*edition.days, *edition.public_days)))
