"""How an agenda is worded: its sessions, what clashes, where a session is."""

from collections.abc import Sequence
from datetime import datetime, time

from actions.agenda.changes import Spot
from actions.agenda.clashes import Clash, Overlap
from actions.expo.wording import Wording, clock, named_days
from actions.programme.edition import Edition, Session
from actions.reply import Choice, Reply, Say
from nlu.times import CASABLANCA

MAX_CLASHES = 3


def spot(known: Spot, wording: Wording) -> Say:
    """Day, hours and place in one line."""
    place = wording.place(known.room, known.place)
    if known.start is None or known.end is None:
        return Say("agenda.spot.dates", {"days": named_days(known.dates), "place": place})
    about = {"day": wording.day_name(known.start.date()), "start": clock(known.start), "end": clock(known.end)}
    return Say("agenda.spot", about | {"place": place})


def clash_lines(found: Sequence[Clash], wording: Wording) -> tuple[Say, ...]:
    """The warnings, the first few."""
    return tuple(_clash(clash, wording) for clash in found[:MAX_CLASHES])


def _clash(clash: Clash, wording: Wording) -> Say:
    about = {"first": wording.words(clash.first.title), "second": wording.words(clash.second.title)}
    if isinstance(clash, Overlap):
        first, second = clash.first, clash.second
        ends = [end for end in (first.end, second.end) if end]
        start = second.start
        if start is None:
            raise ValueError("what overlaps has hours")
        hours = {"day": wording.day_name(start.date()), "start": clock(start), "end": clock(min(ends))}
        return Say("agenda.clash.overlap", about | hours)
    places = {"here": wording.place(clash.first.room, None), "there": wording.place(clash.second.room, None)}
    return Say("agenda.clash.walk", about | places | {"gap": clash.gap, "minutes": minutes_in_words(clash.minutes)})


def ends_at(session: Session) -> datetime:
    """When a session is over; the end of its last day where its hours are not known."""
    return session.end or datetime.combine(max(session.dates), time.max, CASABLANCA)


def minutes_in_words(number: int) -> Say:
    """So many minutes, as they are counted: languages have a form for 3 to 10 of a thing."""
    few = range(3, 11)
    return Say("agenda.minutes.few", {"number": number}) if number in few else Say("agenda.minutes", count=number)


def show_choice() -> Choice:
    return Choice(Say("agenda.button.show"), "ag:show")


def marked(edition: Edition, reply: Reply) -> Reply:
    """Nobody may take the demonstration for the real expo."""
    if not edition.demonstration:
        return reply
    return Reply((*reply.parts, Say("expo.demo.notice")), reply.choices, reply.shows)
