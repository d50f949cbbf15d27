"""What was asked of the programme last, at another time: "on Thursday" after "only the workshops" are the workshops of Thursday,
"et l'après-midi ?" after tomorrow's programme is tomorrow's afternoon."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from actions.agenda.agenda import with_ids
from actions.expo.asked import pages_for
from actions.expo.lists import Listing
from actions.expo.meant import PROGRAMME
from actions.expo.named import Named
from actions.expo.screen import is_spoken_of
from actions.expo.wording import clock
from actions.programme.edition import BREAKS, Edition, Session
from actions.programme.reading import Reading, is_another_room, is_another_time, read
from actions.reply import Reply, Say
from actions.turn import Turn
from nlu.programme_words import asks_what_is_after, asks_where
from nlu.times import resolve
from nlu.understanding import Entity

_LISTS = ("in", "track", "p", "q", "public")
"""Kinds of lists that a button may open, and that hold sessions of several days."""
_AT_A_DOOR = 2
"""What is on behind a door, and what comes next."""
_OF_A_DAY = ("day", "win", "at")
_DAY = len("2027-05-19")
_TELLS_DAY = ("day", "now")


def at_another_time(turn: Turn) -> Reply | None:
    """The list on the screen at the time that a message names and says nothing else; None for any other message."""
    edition, key = turn.expo.edition, turn.state.listed
    if edition is None or key is None or not is_spoken_of(turn) or not is_another_time(turn.text):
        return None
    reading = read(edition, turn.text, entities(turn))
    found = _named(turn, edition, reading).again(key)
    if found is None:
        return None
    _keep_day(turn, edition, reading)
    turn.state.listed_at = _named(turn, edition, reading).time()
    return turn.expo.marked(found)


def in_another_room(turn: Turn) -> Reply | None:
    """What is on in the room that a message names and says nothing else ("and in room B?"), when the one before was asked about."""
    edition, text = turn.expo.edition, turn.text
    if edition is None or not is_spoken_of(turn) or asks_where(text):
        return None
    reading = read(edition, text, turn.understanding.entities if turn.understanding else ())
    bare = len(reading.rooms) == 1 and is_another_room(text, reading.rooms[0])
    listing = pages_for(turn, edition).lists.find("in", reading.rooms[0].id) if bare else None
    day, of_a_room = turn.state.listed_day, (turn.state.listed or "").startswith("in:")
    if listing is None or not (of_a_room or turn.state.listed_at or day):
        return None
    turn.state.listed = listing.key
    moment = turn.state.listed_at or day
    at_hour = pages_for(turn, edition).lists.find("in", f"{reading.rooms[0].id}@{moment}") if day else None
    if at_hour is not None and not at_hour.sessions:
        moment = day  # Nothing is on there at that hour of the day that was asked about.
    return turn.expo.marked(_named(turn, edition, reading).narrowed(listing, moment))


def after_that(turn: Turn) -> Reply | None:
    """What comes after what was just shown: in the room that was asked about, else in any; None for any other message."""
    edition = turn.expo.edition
    if edition is None or not is_spoken_of(turn) or not asks_what_is_after(turn.text):
        return None
    shown = [session for session in with_ids(edition, turn.state.sessions) if session.start and session.end]
    room = _room_asked(turn)
    since = _shown_until(turn, shown, in_room=room is not None)
    coming = [s for s in edition.sessions if s.start and s.start >= since and s.kind not in BREAKS and (room or s.room)]
    coming = [s for s in coming if room in (None, s.room)]
    first = min((s.start for s in coming if s.start), default=None)
    if first is None:
        return None
    pages = pages_for(turn, edition)
    found = [session for session in coming if session.start == first]
    if room is not None:
        return turn.expo.marked(pages.detail(found[0]))
    heading = Say("expo.next.heading", {"day": pages.say.day_name(first.date()), "time": clock(first)})
    return turn.expo.marked(pages.page(Listing("", heading, found, with_day=False), 0))


def _room_asked(turn: Turn) -> str | None:
    """The room whose list or door was asked for last."""
    listed = turn.state.listed or ""
    if listed.startswith("in:"):
        return listed.removeprefix("in:").partition("@")[0]
    at_door = turn.state.door_at is not None and turn.state.door_at == turn.state.expo_at
    return turn.state.door if at_door else None


def _shown_until(turn: Turn, shown: Sequence[Session], *, in_room: bool) -> datetime:
    """The end of what stands on the screen as one moment of the programme; of a longer list the end of what is on now.

    Of several sessions that begin together it is the first end, for nobody is in all of them; in one room it is the last
    beginning, since there the next session is whichever begins behind it.
    """
    now = turn.expo_time
    starts = {session.start for session in shown}
    if in_room and shown and (len(starts) == 1 or len(shown) <= _AT_A_DOOR):
        return max((session.start for session in shown if session.start), default=now) + timedelta(minutes=1)
    ends = [session.end for session in shown if session.end]
    return min(ends) if ends and len(starts) == 1 else now


def entities(turn: Turn) -> Sequence[Entity]:
    """Those of the message; an hour or a part of the day that is all it says is of the day that was asked about last."""
    found = turn.understanding.entities if turn.understanding else ()
    day = turn.state.listed_day
    if day is None or not is_spoken_of(turn) or not is_another_time(turn.text):
        return found
    return [replace(e, value={"day": f"date:{day[5:]}", **e.value}) if _needs_day(e) else e for e in found]


def keep(turn: Turn, intent: str) -> None:
    """Notes which list, and which day, a question for sessions asked for; the whole programme is no list."""
    edition = turn.expo.edition
    turn.state.listed = None
    if edition is None or intent not in PROGRAMME:
        turn.state.listed_day = turn.state.listed_at = None
        return
    reading = read(edition, turn.text, entities(turn))
    named = _named(turn, edition, reading)
    turn.state.listed, turn.state.listed_at = named.key(), named.time()
    _keep_day(turn, edition, reading)


def keep_chosen(turn: Turn, payload: str) -> None:
    """Notes which list or day a button opened ("expo:in:room-a:0", "expo:day:2027-05-20:0")."""
    turn.state.listed_at = None
    kind, _, rest = payload.removeprefix("expo:").partition(":")
    argument = rest.rpartition(":")[0]
    if kind in _OF_A_DAY:
        turn.state.listed, turn.state.listed_day = None, argument[:_DAY]
    elif kind in _LISTS and "@" not in argument:
        turn.state.listed, turn.state.listed_day = f"{kind}:{argument}", None


def _needs_day(entity: Entity) -> bool:
    return (
        entity.kind == "time"
        and not any(key in entity.value for key in _TELLS_DAY)
        and entity.value.get("part") != "tonight"
    )


def _keep_day(turn: Turn, edition: Edition, reading: Reading) -> None:
    named = "day" in reading.when
    day = resolve(reading.when, now=turn.expo_time, days=edition.days).day if named else None
    turn.state.listed_day = day.isoformat() if day else None


def _named(turn: Turn, edition: Edition, reading: Reading) -> Named:
    return Named(pages_for(turn, edition, turn.text, reading.when), reading)
