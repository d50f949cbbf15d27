"""What was asked of the programme last, at another time: "on Thursday" after "only the workshops" are the workshops of Thursday,
"et l'après-midi ?" after tomorrow's programme is tomorrow's afternoon."""

from collections.abc import Sequence
from dataclasses import replace

from actions.expo.asked import pages_for
from actions.expo.meant import PROGRAMME
from actions.expo.named import Named
from actions.expo.screen import is_spoken_of
from actions.programme.edition import Edition
from actions.programme.reading import Reading, is_another_time, read
from actions.reply import Reply
from actions.turn import Turn
from nlu.times import resolve
from nlu.understanding import Entity

_LISTS = ("in", "track", "p", "q", "public")
"""Kinds of lists that a button may open, and that hold sessions of several days."""
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
    return turn.expo.marked(found)


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
        turn.state.listed_day = None
        return
    reading = read(edition, turn.text, entities(turn))
    turn.state.listed = _named(turn, edition, reading).key()
    _keep_day(turn, edition, reading)


def keep_chosen(turn: Turn, payload: str) -> None:
    """Notes which list or day a button opened ("expo:in:room-a:0", "expo:day:2027-05-20:0")."""
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
