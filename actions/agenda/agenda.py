"""One person's agenda: what is in it, putting sessions in and taking them out, showing it, the file for the phone's calendar."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from actions.agenda.clashes import clashes, walk_minutes
from actions.agenda.wording import clash_lines, ends_at, marked, minutes_in_words, show_choice
from actions.expo.pages import PAGE
from actions.expo.wording import Wording, joined
from actions.programme import selection
from actions.programme.edition import BREAKS, Edition, Session
from actions.reply import Choice, File, Part, Reply, Say, say
from actions.turn import Turn, button
from store import agenda as store
from store.tables import StarRow

DEFAULT_MINUTES = 15
"""How long before a session people are reminded who have not said otherwise."""
ASKED_TO_ADD, ASKED_TO_REMOVE, ASKED_TO_SWAP = "add?", "remove?", "swap?"
"""What is noted in place of a change while it is asked which sessions are meant; behind the last stands the one that is to go."""
CLEARING = "clear_agenda"
"""What is awaited while it is asked whether the whole agenda shall go."""
_NAME = "expo.ics"
_MEDIA_TYPE = "text/calendar"


@dataclass(frozen=True, slots=True)
class Agenda:
    """The starred sessions that are in the programme, in the order of time, and how each is kept."""

    edition: Edition
    sessions: tuple[Session, ...]
    rows: Mapping[str, StarRow]

    def minutes(self, session: Session) -> int | None:
        """The reminder of a session; None without."""
        row = self.rows.get(session.id)
        return row.remind_minutes if row else None


async def agenda_of(turn: Turn, edition: Edition) -> Agenda:
    rows = {row.session_id: row for row in await store.starred(turn.session, turn.conversation_id, edition.id)}
    return Agenda(edition, tuple(s for s in edition.sessions if s.id in rows), rows)


def wording_of(turn: Turn, edition: Edition) -> Wording:
    return Wording(edition, turn.language, turn.expo_time.date())


def wanted_minutes(turn: Turn) -> int | None:
    """The reminder that a session gets when it is starred; None when this person wants none."""
    chosen = turn.state.remind_minutes
    return DEFAULT_MINUTES if chosen is None else chosen or None


async def add(turn: Turn, edition: Edition, sessions: Sequence[Session]) -> Reply:
    """Puts sessions into the agenda, and says what they clash with and when the reminder comes."""
    say_it, now = wording_of(turn, edition), turn.expo_time
    minutes = wanted_minutes(turn)
    new = [
        await store.star(
            turn.session,
            turn.conversation_id,
            edition.id,
            session.id,
            ends_at=ends_at(session),
            remind_minutes=minutes,
            now=turn.now,
        )
        for session in sessions
    ]
    note_change(turn, "add", sessions)
    agenda = await agenda_of(turn, edition)
    parts: list[Part] = [Say("agenda.added" if any(new) else "agenda.added.before")]
    parts.append(joined([_with_end(say_it.line(session, with_day=True), session, now) for session in sessions]))
    found = clashes(_to_come(turn, agenda), walk_minutes(edition))
    parts += clash_lines([clash for clash in found if clash.first in sessions or clash.second in sessions], say_it)
    soon = begins_soon(agenda, sessions, now)
    coming = [session for session in sessions if session.start and session.start > now and session not in soon]
    reminded = [minutes for s in coming if (minutes := agenda.minutes(s))]
    if reminded:
        parts.append(Say("agenda.will_remind", {"minutes": minutes_in_words(reminded[0])}))
    elif soon:
        parts.append(Say("agenda.begins_in", {"minutes": minutes_in_words(minutes_until(soon[0], now))}))
    elif all(session.start is None for session in sessions):
        parts.append(Say("agenda.no_hours"))
    one = sessions[0].id if len(sessions) == 1 else None
    quiet = (button("agenda.button.quiet", f"ag:quiet:{one}"),) if one and reminded else ()
    remove = (button("agenda.button.remove", f"ag:-:{one}"),) if one else ()
    return marked(edition, Reply(tuple(parts), (show_choice(), *quiet, *remove)))


def begins_soon(agenda: Agenda, sessions: Sequence[Session], now: datetime) -> list[Session]:
    """The sessions that begin before the time of their reminder comes: so many minutes before cannot be promised of them."""
    leads = [(session, session.start, agenda.minutes(session)) for session in sessions]
    return [s for s, start, minutes in leads if start and minutes and now < start <= now + timedelta(minutes=minutes)]


def minutes_until(session: Session, now: datetime) -> int:
    """1 at least, for a session whose hours are known."""
    left = session.start - now if session.start else timedelta(0)
    return max(1, math.ceil(left.total_seconds() / 60))


async def remove(turn: Turn, edition: Edition, sessions: Sequence[Session]) -> Reply:
    """Takes sessions out of the agenda."""
    say_it = wording_of(turn, edition)
    gone = await store.unstar(turn.session, turn.conversation_id, edition.id, [s.id for s in sessions])
    note_change(turn, "remove", sessions)
    lines = joined([say_it.line(session, with_day=True) for session in sessions])
    again = (button("agenda.button.add", f"ag:+:{sessions[0].id}"),) if len(sessions) == 1 else ()
    told = Reply((Say("agenda.removed" if gone else "agenda.removed.before"), lines), (show_choice(), *again))
    return marked(edition, told)


async def ask_to_clear(turn: Turn, agenda: Agenda) -> Reply:
    """Emptying cannot be taken back, so it is asked first."""
    if not agenda.rows:
        return empty(agenda.edition)
    turn.state.awaiting = CLEARING
    # "Finalement non" now refuses the emptying.
    turn.state.changed = []
    asked = Say("agenda.clear.ask", count=len(agenda.rows))
    return Reply((asked,), (button("agenda.button.clear", "ag:clear"), button("agenda.button.keep", "keep")))


async def clear(turn: Turn, edition: Edition) -> Reply:
    turn.state.awaiting = None
    await store.unstar(turn.session, turn.conversation_id, edition.id)
    return marked(edition, say("agenda.cleared"))


def show(turn: Turn, agenda: Agenda, page: int = 0) -> Reply:
    """What is still to come first, then what is over; with what clashes, and how reminders stand."""
    edition, say_it, now = agenda.edition, wording_of(turn, agenda.edition), turn.expo_time
    if not agenda.sessions:
        return empty(edition)
    to_come = _to_come(turn, agenda)
    ordered = [*to_come, *(session for session in agenda.sessions if session not in to_come)]
    shown = ordered[page * PAGE : (page + 1) * PAGE]
    if not shown:
        return show(turn, agenda)
    lines = [_with_end(say_it.line(session, with_day=True), session, now) for session in shown]
    parts: list[Part] = [Say("agenda.heading", count=len(ordered)), joined(lines)]
    if page == 0:
        parts += clash_lines(clashes(to_come, walk_minutes(edition)), say_it)
        ahead = [session for session in to_come if session.start and session.start > now]
        parts += [reminders_line(agenda, ahead)] if ahead else []
    more = (button("expo.choice.more", f"ag:show:{page + 1}"),) if (page + 1) * PAGE < len(ordered) else ()
    tools = (button("agenda.button.file", "ag:file"), button("agenda.button.reminders", "ag:remind"))
    choices = (*(say_it.choice(session) for session in shown), *more, *(tools if page == 0 else ()))
    return marked(edition, Reply(tuple(parts), choices))


def reminders_line(agenda: Agenda, sessions: Sequence[Session]) -> Say:
    """Whether and when reminders come for these sessions."""
    minutes = [found for session in sessions if (found := agenda.minutes(session))]
    if not minutes:
        return Say("agenda.reminders.off")
    if len(minutes) < len(sessions):
        return Say("agenda.reminders.some", {"some": len(minutes), "all": len(sessions)})
    if len(set(minutes)) > 1:
        return Say("agenda.reminders.each")
    return Say("agenda.reminders.on", {"minutes": minutes_in_words(minutes[0])})


def file(turn: Turn, agenda: Agenda) -> Reply:
    """The agenda as a file that calendars read, with reminders as alarms, so that the phone rings without network."""
    # Three megabytes that a service does not carry about until somebody wants a file.
    from actions.agenda.calendar import calendar_file

    if not agenda.sessions:
        return empty(agenda.edition)
    minutes = {session.id: agenda.minutes(session) for session in agenda.sessions}
    content = calendar_file(agenda.edition, agenda.sessions, minutes, language=turn.language, made_at=turn.now)
    reference = turn.house.files.store_generated(content, "ics")
    told = (Say("agenda.file", count=len(agenda.sessions)), File(reference, _NAME, _MEDIA_TYPE))
    return marked(agenda.edition, Reply(told, (show_choice(),)))


def empty(edition: Edition) -> Reply:
    """Nothing is starred: how to begin."""
    days = tuple(button("agenda.button.programme", f"expo:day:{day}:0") for day in edition.days[:1])
    return marked(edition, Reply((Say("agenda.empty"),), days))


def which(turn: Turn, edition: Edition, sessions: Sequence[Session], *, key: str, verb: str, goes: str = "") -> Reply:
    """Asks which of some sessions is meant; a tap does it. `verb` is `+` or `-`, `goes` the session in whose place it comes."""
    say_it = wording_of(turn, edition)
    shown = sessions[:PAGE]
    asked = ASKED_TO_ADD if verb == "+" else ASKED_TO_REMOVE
    note_change(turn, f"{ASKED_TO_SWAP}{goes}" if goes else asked, shown)
    lines = joined([say_it.line(session, with_day=True) for session in shown])
    choices = tuple(Choice(say_it.choice(session).label, f"ag:{verb}:{session.id}") for session in shown)
    return marked(edition, Reply((Say(key), lines), choices))


def pick(turn: Turn, edition: Edition, found: Sequence[Session] = ()) -> Reply:
    """Which one? Of those named, else of those shown last, else of what comes next; what is over comes into question only where all is."""
    options = list(found) or with_ids(edition, turn.state.sessions)
    options = options or list(selection.next_after(edition, turn.expo_time)) or list(edition.sessions)
    options = [s for s in options if s.kind not in BREAKS]
    return which(turn, edition, not_over(turn, options) or options, key="agenda.which.add", verb="+")


def not_over(turn: Turn, sessions: Sequence[Session]) -> list[Session]:
    return [session for session in sessions if ends_at(session) > turn.expo_time]


async def starred(turn: Turn) -> frozenset[str]:
    """The sessions in this person's agenda; none without an edition."""
    edition = turn.expo.edition
    rows = await store.starred(turn.session, turn.conversation_id, edition.id) if edition else ()
    return frozenset(row.session_id for row in rows)


def remembered(turn: Turn, reply: Reply) -> Reply:
    """The reply; the sessions it shows are what "this one" and "number 3" mean from now on."""
    payloads = [choice.payload for choice in reply.choices]
    found = list(reply.shows) or [
        p.removeprefix(kind) for p in payloads for kind in ("expo:s:", "ag:+:", "ag:-:") if p.startswith(kind)
    ]
    turn.state.sessions, turn.state.sessions_in_view = list(dict.fromkeys(found)) or turn.state.sessions, bool(found)
    if len(turn.state.sessions) > 1 and found:
        turn.state.picked_from = turn.state.sessions
    return reply


def note_change(turn: Turn, what: str, sessions: Sequence[Session]) -> None:
    """From now on these are what stands on the screen, and what a correction is about."""
    ids = [session.id for session in sessions]
    turn.state.changed, turn.state.sessions = [what, *ids], ids


def forget_change(turn: Turn) -> None:
    """Something else was spoken of since, so that "actually no" is not about the change; a question that is open stays so."""
    if turn.state.changed[:1] in (["add"], ["remove"]):
        turn.state.changed = []


def last_change(turn: Turn) -> tuple[str, Sequence[str]] | None:
    """What was done with the agenda last and with which sessions, while nothing else has been shown since; else None."""
    what, *ids = turn.state.changed or [""]
    return (what, ids) if ids and ids == turn.state.sessions else None


def with_ids(edition: Edition, ids: Collection[str]) -> list[Session]:
    """The sessions of these ids that are in the programme, in its order."""
    return [session for session in edition.sessions if session.id in ids]


def _with_end(line: Say, session: Session, now: datetime) -> Say:
    return line if ends_at(session) > now else Say("agenda.over", {"line": line})


def _to_come(turn: Turn, agenda: Agenda) -> list[Session]:
    return not_over(turn, agenda.sessions)
