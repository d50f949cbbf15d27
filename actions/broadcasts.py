"""A message of the city to many: to whom it goes, what a dry run says of it, and what each person reads."""

import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from textwrap import shorten
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncSession

from actions.places import name_of
from actions.programme.edition import Session
from actions.push import Push
from actions.reply import Reply, Say, Words
from actions.state import State
from actions.turn import House
from nlu.understanding import Language
from store import broadcasts as broadcasts_store
from store.broadcasts import Recipient
from store.tables import BroadcastRow

LONGEST = 480
"""Characters of a text: with the words around it, it fits an approved template of WhatsApp and one message anywhere."""

_LONGEST_TITLE = 80


class Way(StrEnum):
    """How a message reaches a person now, or why it does not."""

    MESSAGE = "message"
    TEMPLATE = "template"
    """Only in a form that the service has approved beforehand; each of these may cost."""
    CLOSED = "closed"
    """The service takes nothing before the person writes again."""
    BLOCKED = "blocked"
    """The person blocked the assistant or left."""
    OPTED_OUT = "opted_out"
    """The person wants no messages that they have not asked for."""

    @property
    def arrives(self) -> bool:
        return self in (Way.MESSAGE, Way.TEMPLATE)


class Reach(Protocol):
    """Knows each service's rules: by which way a message reaches each of these people now, in their order."""

    async def __call__(self, session: AsyncSession, recipients: Sequence[Recipient]) -> Sequence[Way]: ...


class Audience(Protocol):
    """People who follow something of one kind."""

    def choices(self, house: House, language: Language) -> Sequence[tuple[str, str]]:
        """What there is to be followed: id and name."""

    def reason(self, house: House, target: str, language: Language) -> Say | None:
        """Why somebody gets the message, said at its end; None for what does not exist (any more)."""

    async def followers(
        self, session: AsyncSession, house: House, target: str, *, channels: Collection[str] | None
    ) -> Sequence[Recipient]:
        """Everyone who follows it, each once."""


class Arrondissements:
    """People who reported something in an arrondissement, or follow a request there."""

    def choices(self, house: House, language: Language) -> Sequence[tuple[str, str]]:
        return sorted(
            ((place.id, name_of(place, language)) for place in house.city.arrondissements), key=lambda c: c[1]
        )

    def reason(self, house: House, target: str, language: Language) -> Say | None:
        place = next((place for place in house.city.arrondissements if place.id == target), None)
        return Say("broadcast.why.arrondissement", {"place": Words(name_of(place, language))}) if place else None

    async def followers(
        self, session: AsyncSession, house: House, target: str, *, channels: Collection[str] | None
    ) -> Sequence[Recipient]:
        return await broadcasts_store.followers_of_arrondissement(session, target, channels=channels)


class Sessions:
    """People who have a session of the expo's present edition in their agenda. A target is `<edition>/<session>`."""

    def choices(self, house: House, language: Language) -> Sequence[tuple[str, str]]:
        edition = house.expo.edition
        if edition is None:
            return []
        return [(f"{edition.id}/{session.id}", _titled(session, language)) for session in edition.sessions]

    def reason(self, house: House, target: str, language: Language) -> Say | None:
        session = _session(house, target)
        title = shorten(session.title.text(language), _LONGEST_TITLE, placeholder="…") if session else ""
        return Say("broadcast.why.session", {"title": Words(title)}) if session else None

    async def followers(
        self, session: AsyncSession, house: House, target: str, *, channels: Collection[str] | None
    ) -> Sequence[Recipient]:
        edition, _, session_id = target.partition("/")
        return await broadcasts_store.people_with_a_star(session, edition, session_id, channels=channels)


def _session(house: House, target: str) -> Session | None:
    edition = house.expo.edition
    sessions = edition.sessions if edition else ()
    return next((found for found in sessions if edition and f"{edition.id}/{found.id}" == target), None)


def _titled(session: Session, language: Language) -> str:
    begins = f"{session.start:%d/%m %H:%M} · " if session.start else ""
    return begins + session.title.text(language)


AUDIENCES: Mapping[str, Audience] = {"arrondissement": Arrondissements(), "session": Sessions()}
"""What a message can be about, by the kind that a `BroadcastRow` names."""


@dataclass(frozen=True, slots=True)
class DryRun:
    """What would happen now. `seconds` is the time until the last one is handed to its service."""

    recipients: int
    by_way: Mapping[Way, int]
    by_channel: Mapping[str, int]
    """Those it reaches."""
    by_language: Mapping[Language, int]
    """Those it reaches."""
    messages: int
    seconds: int


def dry_run(recipients: Sequence[Recipient], ways: Sequence[Way], *, per_second: float) -> DryRun:
    """Counts without sending. `ways` stand in the order of `recipients`."""
    reached = [recipient for recipient, way in zip(recipients, ways, strict=True) if way.arrives]
    return DryRun(
        recipients=len(recipients),
        by_way=Counter(ways),
        by_channel=Counter(recipient.channel for recipient in reached),
        by_language=Counter(language_of(recipient) for recipient in reached),
        messages=len(reached),
        seconds=math.ceil(len(reached) / per_second),
    )


def wants_none(recipient: Recipient) -> bool:
    """Whether the person wrote STOP."""
    return State.from_dict(dict(recipient.memory)).no_pushes


def language_of(recipient: Recipient) -> Language:
    """The language in which the conversation is spoken to."""
    return State.from_dict(dict(recipient.memory)).language or Language.FRENCH


def reply_in(house: House, broadcast: BroadcastRow, language: Language) -> Reply:
    """What a person of this language reads: who speaks, the words, why they get it and how to end it; one text."""
    audience = AUDIENCES.get(broadcast.audience)
    reason = audience.reason(house, broadcast.target, language) if audience else None
    around = {"message": Words(broadcast.texts[language]), "why": reason or Say("broadcast.why.other")}
    return Reply((Say("broadcast.message", around),))


def push_to(house: House, broadcast: BroadcastRow, recipient: Recipient) -> Push:
    """The message for one person; its key lets each conversation get it once."""
    key = broadcasts_store.key_of(broadcast.id)
    return Push(recipient.conversation_id, key, reply_in(house, broadcast, language_of(recipient)))
