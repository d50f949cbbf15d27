"""Lists of the expo's sessions. The key of a list finds it again when its next page is asked for."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from actions import programme
from actions.expo_wording import Wording, clock, room_name
from actions.programme import BREAKS, Edition, Session
from actions.programme_search import search
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

        "@2027-05-19" after the argument keeps the sessions of that day.
        """
        argument, _, day = argument.partition("@")
        listing = self._find(kind, argument)
        if listing is None or not day:
            return listing
        of_day = [s for s in listing.sessions if day in (known.isoformat() for known in s.dates)]
        return replace(listing, key=f"{listing.key}@{day}", sessions=of_day)

    def _find(self, kind: str, argument: str) -> Listing | None:
        edition, key = self._edition, f"{kind}:{argument}"
        if kind == "day" and (day := _day_of(argument, edition)):
            heading = Say("expo.programme.heading", {"day": self._wording.day_name(day)})
            return Listing(key, heading, talks(programme.on_day(edition, day)), with_day=False)
        if kind == "win" and (window := _window(argument, edition)):
            heading = Say(
                "expo.window.heading", {"day": self._wording.day_name(window[0].date()), "time": clock(window[0])}
            )
            return Listing(key, heading, talks(programme.between(edition, *window)), with_day=False)
        if kind == "at" and (instant := _window(f"{argument}-{argument[-4:]}", edition)):
            return self.at(instant[0])
        if kind == "else" and (away := argument.partition("/"))[0] in edition.rooms:
            instant = _window(f"{away[2]}-{away[2][-4:]}", edition)
            listing = self.at(instant[0]) if instant else None
            others = [session for session in listing.sessions if session.room != away[0]] if listing else ()
            return replace(listing, key=key, sessions=others) if listing else None
        if kind == "in" and argument in edition.rooms:
            heading = Say("expo.room.heading", {"room": room_name(argument)})
            return Listing(key, heading, programme.in_room(edition, argument))
        if kind == "track" and argument in edition.tracks:
            heading = Say("expo.track.heading", {"track": self._wording.words(edition.tracks[argument].name)})
            return Listing(key, heading, programme.of_track(edition, argument))
        if kind == "p" and argument in edition.speakers:
            person = edition.speakers[argument]
            theirs = [session for session in edition.sessions if argument in session.speakers]
            return Listing(key, Say("expo.speaker.heading", {"speaker": self._wording.speaker(person)}), theirs)
        if kind == "q":
            return Listing(key, Say("expo.search.heading"), talks(search(edition, argument)))
        if kind == "public":
            sought = search(edition, argument) if argument else edition.sessions
            return Listing(key, Say("expo.public.heading"), [s for s in sought if s.public])
        return None

    def at(self, moment: datetime) -> Listing:
        """What is on at a moment: rooms before the exhibitions that last all day, what begins before what goes on."""
        running = talks(programme.on_at(self._edition, moment))
        running.sort(key=lambda session: (session.room is None, session.start != moment))
        heading = Say("expo.at.heading", {"day": self._wording.day_name(moment.date()), "time": clock(moment)})
        return Listing(f"at:{moment:%Y-%m-%d:%H%M}", heading, running, with_day=False)


def talks(sessions: Sequence[Session]) -> list[Session]:
    return [session for session in sessions if session.kind not in BREAKS]


def short(words: Sequence[str]) -> str:
    """As many words of a search as a payload holds."""
    room = _PAYLOAD_BYTES - len("expo:public:@2027-05-19:99")
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


def all_days(edition: Edition) -> tuple[date, ...]:
    return tuple(sorted((*edition.days, *edition.public_days)))
