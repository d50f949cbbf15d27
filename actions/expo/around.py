"""Answers about what stands around the timetable: speakers, dates, the venue and its rooms, practical matters."""

from collections.abc import Sequence

from actions.expo.lists import all_days
from actions.expo.pages import PAGE, Pages, more
from actions.expo.wording import clock, cut, joined, named_date, named_days, room_name
from actions.programme.edition import Edition, Room, Speaker
from actions.programme.search import find_room, find_services, find_speakers, speakers_by_role
from actions.reply import Choice, Part, Pin, Reply, Say, Words


class Around:
    """What is known of one edition besides its timetable, asked one question."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._edition, self._asked, self._say, self._lists = pages.edition, pages.asked, pages.say, pages.lists

    def speakers(self, of_sessions: Sequence[str]) -> Reply | None:
        """Who is named, by name or role; else who speaks in the sessions that are."""
        text = self._asked.text
        named = find_speakers(self._edition, text) or speakers_by_role(self._edition, text)
        if len(named) == 1:
            listing = self._lists.find("p", named[0].id)
            day = self._pages.moment().day if "day" in self._asked.when else None
            of_day = self._lists.find("p", f"{named[0].id}@{day}") if day else None
            listing = of_day if of_day and of_day.sessions else listing
            return self._pages.page(listing, 0) if listing else None
        named = named or tuple(person for key, person in self._edition.speakers.items() if key in of_sessions)
        return self._speaker_list(named) if named else None

    def dates(self) -> Reply:
        edition, moment = self._edition, self._pages.moment()
        parts: list[Part] = [
            Say("expo.dates", {"name": self._say.words(edition.name), "days": named_days(edition.days)})
        ]
        if "day" in self._asked.when and moment.day and moment.day not in all_days(edition):
            parts = [Say("expo.not_on_day", {"day": self._say.day_name(moment.day), "days": named_days(edition.days)})]
        hours = [
            Say("expo.dates.hours", {"day": named_date(day), "opens": clock(opens), "closes": clock(closes)})
            for day, (opens, closes) in edition.opening.items()
        ]
        return Reply((*parts, *([joined(hours)] if hours else []), self._pages.status()), self._pages.day_choices())

    def venue(self) -> Reply:
        room, venue = find_room(self._edition, self._asked.text), self._edition.venue
        if room:
            return self.room(room)
        if venue is None:
            return self._pages.nothing_found()
        access = (self._say.words(venue.access),) if venue.access else ()
        rooms = tuple(Choice(room_name(key), f"expo:room:{key}") for key in self._edition.rooms)
        where = Say("expo.venue", {"name": Words(venue.name), "address": Words(venue.address)})
        return Reply((where, *access, *_pin(self._edition)), rooms)

    def practical(self, page: int) -> Reply:
        asked = find_services(self._edition, self._asked.text)
        if asked:
            return Reply(tuple(self._say.words(service.text) for service in asked[:PAGE]))
        every = list(self._edition.services.values())
        shown = [Say("expo.bullet", {"text": self._say.words(s.text)}) for s in every[page * PAGE : (page + 1) * PAGE]]
        further = more("services:", page, len(every))
        return Reply((Say("expo.practical.heading"), joined(shown)), further) if shown else self._pages.nothing_found()

    def registration(self) -> Reply | None:
        text = self._edition.registration
        return Reply((self._say.words(text),)) if text else None

    def room(self, room: Room) -> Reply:
        about = {"room": room_name(room.id), "floor": self._say.words(room.floor), "hint": self._say.words(room.hint)}
        choice = Choice(Say("expo.choice.in_room", {"room": room.id}), f"expo:in:{room.id}:0")
        return Reply((Say("expo.venue.room", about), *_pin(self._edition)), (choice,))

    def all_speakers(self, page: int) -> Reply | None:
        return self._speaker_list(list(self._edition.speakers.values()), page) if self._edition.speakers else None

    def _speaker_list(self, people: Sequence[Speaker], page: int = 0) -> Reply:
        shown = people[page * PAGE : (page + 1) * PAGE]
        lines = [self._say.speaker(person) for person in shown]
        choices = tuple(
            Choice(Words(cut(person.name, self._asked.language)), f"expo:p:{person.id}:0") for person in shown
        )
        further = more("speakers:", page, len(people)) if len(people) == len(self._edition.speakers) else ()
        return Reply((Say("expo.speakers.heading"), joined(lines)), choices + further) if lines else Reply(())


def _pin(edition: Edition) -> tuple[Pin, ...]:
    venue = edition.venue
    if venue is None or venue.lat is None or venue.lon is None:
        return ()
    return (Pin(venue.lat, venue.lon, venue.name, venue.address),)
