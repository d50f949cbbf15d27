"""Telling people that a session they starred moved, changed its room or was cancelled, with how it was and how it is now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from actions.agenda.changes import Change, ChangeKind, Spot, changes_between, spots_from, spots_of
from actions.agenda.clashes import of_session, walk_minutes
from actions.agenda.wording import clash_lines, ends_at, marked, show_choice, spot
from actions.expo.wording import Wording
from actions.programme.edition import Edition
from actions.push import Push
from actions.reply import Choice, Part, Reply, Say
from actions.requests.news import language_of
from actions.turn import House
from nlu.times import CASABLANCA
from store import agenda as store


@dataclass(frozen=True, slots=True)
class Audience:
    """Who would be told of changes: how many people, in how many messages, and by session how many starred it."""

    people: int
    messages: int
    by_session: Mapping[str, int]


async def audience(session: AsyncSession, edition: Edition, changes: Sequence[Change], now: datetime) -> Audience:
    """Who would be told if these changes were announced now."""
    told = [change for change in changes if is_news(change, now)]
    pairs = await store.stars_of_sessions(session, edition.id, [change.session_id for change in told])
    counts: dict[str, int] = {}
    for star, _ in pairs:
        counts[star.session_id] = counts.get(star.session_id, 0) + 1
    return Audience(len({conversation.id for _, conversation in pairs}), len(pairs), counts)


async def tell_of_changes(session: AsyncSession, house: House, now: datetime) -> Sequence[Push]:
    """A chore: compares the programme with the one that people know, tells those concerned, and keeps the new one.

    It does not matter how the programme changed: by an import while the assistant runs, or in its file before a restart.
    """
    edition = house.expo.edition
    if edition is None:
        return ()
    present = spots_of(edition)
    row = await store.snapshot(session, edition.id)
    before = spots_from(row.sessions) if row else present
    changes = changes_between(before, present)
    if row is None or changes:
        await store.keep_snapshot(session, edition.id, {key: s.as_dict() for key, s in present.items()}, now=now)
    return await announce(session, edition, changes, now)


async def announce(session: AsyncSession, edition: Edition, changes: Sequence[Change], now: datetime) -> Sequence[Push]:
    """What those who starred changed sessions are told; `edition` is the programme after the changes."""
    told = {change.session_id: change for change in changes if is_news(change, now)}
    pushes: list[Push] = []
    for star, conversation in await store.stars_of_sessions(session, edition.id, list(told)):
        change = told[star.session_id]
        talk = next((s for s in edition.sessions if s.id == star.session_id), None)
        star.ends_at = ends_at(talk) if talk else star.ends_at
        wording = Wording(edition, language_of(conversation), now.date())
        warnings: tuple[Part, ...] = ()
        if talk:
            kept = {row.session_id for row in await store.starred(session, conversation.id, edition.id)}
            others = [s for s in edition.sessions if s.id in kept and ends_at(s) > now]
            warnings = clash_lines(of_session(talk, others, walk_minutes(edition)), wording)
        pushes.append(
            Push(
                conversation.id,
                f"change:{edition.id}:{change.session_id}:{now:%Y%m%dT%H%M%S%f}",
                _news(change, wording, warnings),
            )
        )
    return pushes


def is_news(change: Change, now: datetime) -> bool:
    """Whether somebody may still have to know: not of what was over before it changed, and is over now."""
    return any(_end(known) > now for known in (change.before, change.after) if known)


def _news(change: Change, wording: Wording, warnings: Sequence[Part]) -> Reply:
    known = change.after or change.before
    if known is None:
        raise ValueError("a change is of something")
    about: dict[str, Any] = {"title": wording.words(known.title)}
    about |= {"before": spot(change.before, wording)} if change.before else {}
    about |= {"after": spot(change.after, wording)} if change.after else {}
    instead: tuple[Choice, ...] = ()
    if change.kind is ChangeKind.CANCELLED and known.start:
        instead = (Choice(Say("agenda.button.instead"), f"expo:at:{known.start:%Y-%m-%d:%H%M}:0"),)
    told = Say(f"agenda.news.{change.kind}", about)
    return marked(wording.edition, Reply((told, *warnings), (*instead, show_choice())))


def _end(known: Spot) -> datetime:
    return known.end or datetime.combine(max(known.dates), time.max, CASABLANCA)
