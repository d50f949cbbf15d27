"""Reminders before starred sessions: setting and stopping them, and the chore that sends each of them once."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from actions.agenda.agenda import (
    DEFAULT_MINUTES,
    Agenda,
    begins_soon,
    empty,
    minutes_until,
    wanted_minutes,
    wording_of,
)
from actions.agenda.wording import marked, minutes_in_words, show_choice
from actions.expo.wording import Wording, joined
from actions.programme.edition import Edition, Session
from actions.push import Push
from actions.reply import Choice, Part, Reply, Say
from actions.requests.news import language_of
from actions.turn import House, Turn, button
from store import agenda as store

LEADS = (5, 10, 15, 30)
"""Minutes that are offered."""
_LONGEST = timedelta(hours=3)


async def stop(turn: Turn) -> Reply:
    """No reminder any more, of no session; the agenda stays."""
    await store.stop_reminders(turn.session, turn.conversation_id)
    turn.state.remind_minutes = 0
    return Reply((Say("agenda.remind.stopped"),), (show_choice(), button("agenda.button.remind_again", "ag:remind")))


def quiet(turn: Turn, agenda: Agenda, session_id: str) -> Reply:
    """No reminder of this session."""
    agenda.rows[session_id].remind_minutes = None
    lines = [wording_of(turn, agenda.edition).line(s, with_day=True) for s in agenda.sessions if s.id == session_id]
    told = (Say("agenda.remind.quiet"), joined(lines)) if lines else (Say("agenda.remind.quiet"),)
    return marked(agenda.edition, Reply(told, (show_choice(),)))


async def choose(turn: Turn, agenda: Agenda, argument: str) -> Reply:
    """Asks how many minutes before, or sets what was tapped."""
    if argument.isdecimal() and int(argument) in LEADS:
        return await set_all(turn, agenda, int(argument))
    leads = (
        Choice(Say("agenda.button.lead", {"minutes": minutes_in_words(minutes)}), f"ag:remind:{minutes}")
        for minutes in LEADS
    )
    return Reply((Say("agenda.remind.ask"),), (*leads, button("agenda.button.stop", "ag:stop")))


async def set_all(turn: Turn, agenda: Agenda, minutes: int | None) -> Reply:
    """Reminds so many minutes (as before, where none are named) before every session of the agenda, and of those to come."""
    if minutes is not None or turn.state.remind_minutes == 0:
        turn.state.remind_minutes = minutes
    lead = wanted_minutes(turn) or DEFAULT_MINUTES
    await store.set_reminders(turn.session, turn.conversation_id, agenda.edition.id, lead)
    told = Reply((Say("agenda.remind.set", {"minutes": minutes_in_words(lead)}),))
    if not agenda.sessions:
        return told.then(empty(agenda.edition))
    soon = begins_soon(agenda, agenda.sessions, turn.expo_time)
    if soon:
        title = wording_of(turn, agenda.edition).words(soon[0].title)
        left = minutes_in_words(minutes_until(soon[0], turn.expo_time))
        told = told.then(Reply((Say("agenda.begins_in.titled", {"title": title, "minutes": left}),)))
    choices = (button("agenda.button.lead_other", "ag:remind"), button("agenda.button.stop", "ag:stop"), show_choice())
    return marked(agenda.edition, Reply(told.parts, choices))


async def remind(session: AsyncSession, house: House, now: datetime) -> Sequence[Push]:
    """A chore: what begins soon, to all who starred it and were not reminded of this start yet."""
    return await due(session, house.expo.edition, now) if house.expo.edition else ()


async def due(
    session: AsyncSession, edition: Edition, now: datetime, *, conversation_id: int | None = None
) -> Sequence[Push]:
    """The reminders that are due at a moment, of everybody or of one person; each is noted as given with the push."""
    soon = {s.id: s for s in edition.sessions if s.start and now < s.start <= now + _LONGEST}
    if not soon:
        return ()
    pushes: list[Push] = []
    for star, conversation in await store.stars_of_sessions(session, edition.id, soon, conversation_id=conversation_id):
        talk = soon[star.session_id]
        if talk.start is None or star.remind_minutes is None or star.reminded_for == talk.start:
            continue
        if now < talk.start - timedelta(minutes=star.remind_minutes):
            continue
        star.reminded_for = talk.start
        wording = Wording(edition, language_of(conversation), now.date())
        key = f"remind:{edition.id}:{talk.id}:{talk.start:%Y%m%dT%H%M%z}"
        pushes.append(Push(conversation.id, key, _reminder(talk, wording, now)))
    return pushes


def _reminder(talk: Session, wording: Wording, now: datetime) -> Reply:
    place = wording.place(talk.room, talk.place)
    about = {"minutes": minutes_in_words(minutes_until(talk, now)), "title": wording.words(talk.title), "place": place}
    parts: list[Part] = [Say("agenda.remind.push", about)]
    room = wording.edition.rooms.get(talk.room or "")
    if room:
        parts.append(Say("agenda.remind.way", {"floor": wording.words(room.floor), "hint": wording.words(room.hint)}))
    return marked(wording.edition, Reply(tuple(parts), (button("agenda.button.stop", "ag:stop"), show_choice())))
