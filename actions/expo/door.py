"""A door of the venue: its code opens the chat here, with what is on behind it, what comes next there, and ways on.

Telegram and the phone page bring a code as the choice `start:room-B`, WhatsApp as the words that stand in its link.
Payloads of this room's choices begin with "door:".
"""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from actions.agenda.agenda import with_ids
from actions.expo import hours
from actions.expo.around import Around
from actions.expo.asked import pages_for
from actions.expo.pages import Pages
from actions.expo.screen import is_recent, shows_sessions
from actions.expo.walks import find_walk
from actions.expo.wording import clock, joined, named_days, room_name
from actions.programme import selection
from actions.programme.edition import Edition, Room, Session
from actions.programme.reading import read
from actions.programme.search import find_rooms, leaves, only_room, room_by_code, room_by_letter
from actions.reply import Choice, Lines, Part, Reply, Say, Words
from actions.turn import House, Incoming, Turn
from nlu.agenda_words import beside_own_next, topic_words
from nlu.programme_words import (
    asks_for_that_room,
    asks_the_way,
    asks_where,
    content_words,
    says,
    stands_in,
    tells_nothing,
)
from nlu.understanding import Decision, Understanding

START = "room-"
"""Begins the parameter of a door's link; the id of the room follows."""
_ABOUT_PLACE = frozenset({"expo/venue", "expo/directions", "transport/directions", "transport/nearest_stop"})
"""What a question for a room is taken for."""
_HERE_LASTS = timedelta(minutes=45)
"""After this somebody has walked on from the door that they opened."""
_LATE = timedelta(minutes=20)
"""So long after it began somebody who is lost still looks for a session of their agenda."""
_SEEKING_LASTS = timedelta(minutes=10)
"""After this somebody has come to the room that they asked for."""
_SMALL_WORDS = 1
"""Beside the way and the entrance: "liha", "do"."""
_SOON = timedelta(minutes=30)
"""So long before a session its room can be full."""


def scanned(incoming: Incoming, house: House) -> Incoming:
    """The words in the link of a door's code count as its scan: a person did not choose them, nor their language."""
    edition = (house.demo_expo if incoming.demo_at else house.expo).edition
    room = room_by_code(edition, incoming.text) if edition and incoming.text and not incoming.photo else None
    return replace(incoming, text=None, choice=f"start:{START}{room.id}") if room else incoming


def opened(turn: Turn, parameter: str) -> Reply | None:
    """The reply to a start parameter; None for one that is not a door's."""
    return chosen(turn, f"at:{parameter.removeprefix(START)}") if parameter.startswith(START) else None


def named(turn: Turn) -> Reply | None:
    """The reply to a message that names a room, or says that somebody stands in it, and nothing else; None for any other."""
    edition = turn.expo.edition
    room = only_room(edition, turn.text) if edition else None
    standing = _stands_in(turn, edition) if edition and room is None else None
    if standing is not None:
        goal = _room_sought(turn)
        here = chosen(turn, f"at:{standing}")
        return chosen(turn, f"way:{standing}:{goal}") if goal and goal != standing else here
    return chosen(turn, f"at:{room.id}") if room else None


def _stands_in(turn: Turn, edition: Edition) -> str | None:
    """The room in which somebody says to be and nothing else: "i'm in room A", "ana f la salle B"; amid rooms also "from room A"."""
    rooms = find_rooms(edition, turn.text)
    if len(rooms) != 1 or not leaves(rooms[0], turn.text) or asks_where(turn.text):
        return None
    reading = read(edition, turn.text, turn.understanding.entities if turn.understanding else ())
    sought = _room_sought(turn) is not None
    only = not (reading.when or reading.topic or reading.rest or reading.kind or reading.speakers)
    return rooms[0].id if only and (sought or stands_in(turn.text)) else None


def way(turn: Turn) -> Reply | None:
    """The reply to a question for a room or the way to it; None for a message about something else.

    Who names no start is taken to stand at the door that they opened last.
    """
    edition = turn.expo.edition
    rooms = find_rooms(edition, turn.text) if edition else ()
    here = _last_door(turn)
    by_letter = room_by_letter(edition, turn.text) if edition and not rooms else None
    if by_letter and here and asks_the_way(turn.text):
        return chosen(turn, f"way:{here}:{by_letter.id}")
    if by_letter and turn.understanding and _is_sure_of(turn.understanding, "expo/venue"):
        return to_room(turn, by_letter.id)
    leaves_first = bool(rooms) and leaves(rooms[0], turn.text)
    if len(rooms) > 1 and (leaves_first or asks_the_way(turn.text)):
        return chosen(turn, f"way:{rooms[0].id}:{rooms[1].id}")
    to_place = says(turn.text, "go") or (turn.understanding and _is_about_place(turn.understanding))
    if (
        edition
        and not rooms
        and (asks_for_that_room(turn.text) or _asks_way_from_entrance(turn.text))
        and (of_session := _room_shown(turn, edition))
    ):
        return chosen(turn, f"room:{of_session}")
    if len(rooms) == 1 and asks_where(turn.text) and to_place:
        return chosen(turn, f"walk:{rooms[0].id}") if leaves_first else to_room(turn, rooms[0].id)
    return None


def to_room(turn: Turn, room: str) -> Reply | None:
    """Where a room is, and the way there from the door that was opened last."""
    here = _last_door(turn)
    told = chosen(turn, f"way:{here}:{room}" if here and here != room else f"room:{room}")
    # That they stand at that door is only taken to be so: they may yet say where they are.
    turn.state.room_sought, turn.state.room_sought_at = room, turn.now
    return told


def room_spoken_of(turn: Turn) -> Reply | None:
    """The way to the room that was asked for last, or of the session that stands on the screen; None where there is no such room."""
    edition = turn.expo.edition
    if edition is None:
        return None
    told_last = turn.state.room_sought_at is not None and turn.state.room_sought_at == turn.state.expo_at
    room = _room_sought(turn) if told_last else _room_shown(turn, edition) if shows_sessions(turn) else None
    return to_room(turn, room) if room else None


def _room_sought(turn: Turn) -> str | None:
    """The room that somebody is on the way to who has not said from where."""
    at = turn.state.room_sought_at
    return turn.state.room_sought if at and is_recent(turn) and turn.now - at <= _SEEKING_LASTS else None


def full(turn: Turn) -> Reply | None:
    """What else is on, for somebody who says that a room is full; None for any other message.

    Who names no room is taken to stand at the door that they opened last.
    """
    edition, understanding = turn.expo.edition, turn.understanding
    if edition is None or understanding is None or not says(turn.text, "full"):
        return None
    rooms = find_rooms(edition, turn.text)
    if rooms:
        return chosen(turn, f"full:{rooms[0].id}")
    here, sure = _last_door(turn), understanding.decision is Decision.ANSWER
    seeks = says(turn.text, "room") or says(turn.text, "else")
    reports = sure and understanding.intent.startswith("report/")
    return chosen(turn, f"full:{here}") if here and seeks and not reports else None


def own_next(turn: Turn) -> Reply | None:
    """The next session of the agenda and the way there, for somebody who asks for their own; None where none is to come."""
    edition = turn.expo.edition
    beside = beside_own_next(turn.text)
    if edition is None or beside is None or _names_another_matter(edition, beside):
        return None
    mine = with_ids(edition, turn.starred)
    coming = any(session.start and session.start > turn.expo_time for session in mine)
    room = edition.rooms.get(_last_door(turn) or "")
    return turn.expo.marked(Doors(pages_for(turn, edition)).onward(room)) if coming else None


def _names_another_matter(edition: Edition, text: str) -> bool:
    """Whether something is left that is not of sessions: "mon prochain" may also be a tram, "ma prochaine" a bill."""
    reading = read(edition, text)
    telling = [word for word in (*reading.topic, *reading.rest) if not asks_where(word)]
    return bool(reading.speakers) or any(topic_words(word) for word in telling)


def adrift(turn: Turn, edition: Edition) -> Reply | None:
    """For somebody at the expo who is lost or late and says no more; None for who has not spoken of it."""
    here = _last_door(turn)
    if not (here or turn.starred or is_recent(turn)):
        return None
    return turn.expo.marked(Doors(pages_for(turn, edition)).onward(edition.rooms.get(here or "")))


def _is_sure_of(understanding: Understanding, intent: str) -> bool:
    return understanding.intent == intent and understanding.decision is Decision.ANSWER


def _is_about_place(understanding: Understanding) -> bool:
    return understanding.intent in _ABOUT_PLACE or understanding.decision is not Decision.ANSWER


def _room_shown(turn: Turn, edition: Edition) -> str | None:
    """The room of the sessions that were shown last, where it was one alone and not long ago."""
    if not is_recent(turn):
        return None
    rooms = {s.room for s in edition.sessions if s.id in turn.state.sessions}
    room = rooms.pop() if len(rooms) == 1 else None
    return room if room in edition.rooms else None


def _asks_way_from_entrance(text: str) -> bool:
    """ "How do I get there from the entrance": where rooms are is told from there."""
    said = [word for word in content_words(text) if not (asks_where(word) or tells_nothing(word))]
    beside = [word for word in said if not any(says(word, known) for known in ("entrance", "origin", "onward"))]
    return asks_the_way(text) and says(text, "entrance") and len(beside) <= _SMALL_WORDS


def _last_door(turn: Turn) -> str | None:
    opened_at = turn.state.door_at
    return turn.state.door if opened_at and timedelta(0) <= turn.expo_time - opened_at <= _HERE_LASTS else None


def chosen(turn: Turn, payload: str) -> Reply | None:
    """The reply to a choice of this room, its "door:" left out; None for one that is not known."""
    edition = turn.expo.edition
    if edition is None:
        return turn.expo.no_edition()
    kind, _, rest = payload.partition(":")
    doors = Doors(pages_for(turn, edition))
    here, _, goal = rest.partition(":")
    room = edition.rooms.get(here)
    if room is None:
        return turn.expo.marked(doors.unknown()) if kind == "at" else None
    match kind:
        case "at":
            turn.state.door, turn.state.door_at = room.id, turn.expo_time
            reply = doors.at(room)
        case "room":
            turn.state.room_sought, turn.state.room_sought_at = room.id, turn.now
            reply = Around(doors.pages).room(room)
        case "full":
            reply = doors.elsewhere(room)
        case "walk":
            reply = doors.onward(room)
        case "way" if goal in edition.rooms:
            turn.state.room_sought = None
            reply = doors.way(room, edition.rooms[goal])
        case _:
            return None
    return turn.expo.marked(reply)


class Doors:
    """What can be said at the doors of one edition."""

    def __init__(self, pages: Pages) -> None:
        self.pages = pages
        self._edition, self._now, self._say = pages.edition, pages.asked.now, pages.say

    def at(self, room: Room) -> Reply:
        """Which room it is, what is on there and next, and where to go from here."""
        running, coming = self._running_in(room), self._next_in(room)
        parts: list[Part] = [Say("expo.door.room", {"room": room_name(room.id), "floor": self._say.words(room.floor)})]
        of_room = Choice(Say("expo.choice.in_room", {"room": room.id}), f"expo:in:{room.id}:0")
        if hours.is_over(self._edition, self._now):
            return Reply((*parts, self.pages.status()), (of_room,))
        if not running and not coming:
            parts.append(Say("expo.door.over"))
        else:
            parts += [self._running(session) for session in running] or self._why_quiet()
            parts.append(self._coming(coming) if coming else Say("expo.door.nothing_next"))
        sessions = [*running, *([coming] if coming else [])]
        choices = [self._say.choice(session) for session in sessions]
        choices += [self.pages.star(session) for session in sessions[:1]]
        choices.append(Choice(Say("expo.door.button.walk"), f"door:walk:{room.id}"))
        if running or (coming and coming.start and coming.start - self._now <= _SOON):
            choices.append(Choice(Say("expo.door.button.full"), f"door:full:{room.id}"))
        return Reply(tuple(parts), (*choices, of_room))

    def elsewhere(self, room: Room) -> Reply:
        """What else is on while a room is full, or will be when its next session begins."""
        coming = self._next_in(room)
        soon = coming is not None and coming.start is not None and coming.start - self._now <= _SOON
        moment = coming.start if coming and coming.start and soon and not self._running_in(room) else self._now
        listing = self.pages.lists.find("else", f"{room.id}/{moment:%Y-%m-%d:%H%M}")
        if listing and listing.sessions:
            return self.pages.page(listing, 0)
        return Reply((Say("expo.door.nothing_else"),), self.pages.day_choices())

    def onward(self, room: Room | None) -> Reply:
        """The way to the next session of the agenda; without one the other rooms, with what is on or comes next there.

        `room` is where somebody stands; None where that is not known.
        """
        since = self._now if room else self._now - _LATE
        mine = (s for s in self._edition.sessions if s.id in self.pages.asked.starred)
        coming = min((s for s in mine if s.start and s.start > since), key=lambda s: s.start or since, default=None)
        if coming:
            told = Reply((Say("expo.door.mine"), self._say.line(coming, with_day=coming.dates[0] != self._now.date())))
            if coming.room is None:
                return replace(told, choices=(self._say.choice(coming),))
            told = replace(told, shows=(coming.id,))
            goal = self._edition.rooms[coming.room]
            return told.then(self.way(room, goal) if room else Around(self.pages).room(goal))
        others = [other for other in self._edition.rooms.values() if other != room]
        lines = [Say("expo.door.line", {"room": room_name(o.id), "what": self._now_or_next(o)}) for o in others]
        if not lines:
            return Reply((Say("expo.door.only_room"),), self.pages.day_choices())
        choices = tuple(
            Choice(room_name(o.id), f"door:way:{room.id}:{o.id}" if room else f"door:room:{o.id}") for o in others
        )
        return Reply((Say("expo.door.where_to"), joined(lines)), choices)

    def way(self, here: Room, goal: Room) -> Reply:
        """How to get from the door of a room to that of another, and what there is to see there."""
        reply = Around(self.pages).room(goal)
        legs = find_walk(self._edition, here.id, goal.id)
        about = {"room": room_name(goal.id), "floor": self._say.words(goal.floor)}
        if here.id == goal.id:
            return Reply((Say("expo.way.here", about),), self._ways_on(goal))
        if not legs:
            return reply
        minutes = sum(leg.minutes for leg in legs)
        heading = Say("expo.way", {"here": room_name(here.id), "goal": room_name(goal.id)}, minutes)
        hints: list[Say | Words] = [self._say.words(leg.hint or self._edition.rooms[leg.goal].hint) for leg in legs]
        if len(hints) > 1:
            hints = [Say("expo.way.leg", {"number": n, "hint": hint}) for n, hint in enumerate(hints, 1)]
        return Reply(
            (Say("expo.door.room", about), Lines((heading, *hints)), self._now_or_next(goal)), self._ways_on(goal)
        )

    def _ways_on(self, room: Room) -> tuple[Choice, ...]:
        coming = self._next_in(room)
        sessions = self._running_in(room) or ([coming] if coming else [])
        of_room = Choice(Say("expo.choice.in_room", {"room": room.id}), f"expo:in:{room.id}:0")
        return (*(self._say.choice(session) for session in sessions), of_room)

    def unknown(self) -> Reply:
        """A door's code whose room the edition does not have (any more)."""
        rooms = tuple(Choice(room_name(key), f"door:at:{key}") for key in self._edition.rooms)
        return Reply((Say("expo.door.unknown"),), rooms or self.pages.day_choices())

    def _running(self, session: Session) -> Lines:
        title = self._say.words(session.title)
        now = Say("expo.door.now", {"time": clock(session.end), "title": title}) if session.end else title
        return Lines((now, *self._say.about(session)))

    def _coming(self, session: Session) -> Say:
        about: dict[str, Any] = {"title": self._say.words(session.title)}
        if session.start is None:
            return Say("expo.line.dates", about | {"days": named_days(session.dates)})
        about |= {"time": clock(session.start)}
        if session.start.date() == self._now.date():
            return Say("expo.door.next", about)
        return Say("expo.door.next.day", about | {"day": self._say.day_name(session.start.date())})

    def _now_or_next(self, room: Room) -> Say:
        for session in self._running_in(room):
            if session.end:
                return Say("expo.door.now", {"time": clock(session.end), "title": self._say.words(session.title)})
        coming = self._next_in(room)
        return self._coming(coming) if coming else Say("expo.door.over")

    def _why_quiet(self) -> tuple[Say, ...]:
        """A pause, the night, an expo that has not begun or is over; else there is just nothing here."""
        pauses = self._say.pauses(selection.on_at(self._edition, self._now))
        if pauses or hours.is_open(self._edition, self._now):
            return pauses or (Say("expo.door.nothing_now"),)
        return (self.pages.status(),)

    def _running_in(self, room: Room) -> list[Session]:
        return [s for s in selection.on_at(self._edition, self._now) if s.room == room.id]

    def _next_in(self, room: Room) -> Session | None:
        coming = (s for s in selection.in_room(self._edition, room.id) if s.start and s.start > self._now)
        return min(coming, key=lambda session: session.start or self._now, default=None)
