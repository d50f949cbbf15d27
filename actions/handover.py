"""Giving a conversation to a person of staff, staying silent meanwhile, and taking it back."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from statistics import median

from sqlalchemy.ext.asyncio import AsyncSession

from actions.dates import spoken_date
from actions.desk_hours import DeskHours
from actions.reply import Choice, Reply, say
from actions.requests.solved import says_only
from actions.state import State
from actions.texts import Texts, with_directions
from actions.turn import Outcome, Turn, button, with_choices
from nlu.times import CASABLANCA
from nlu.understanding import Decision, Language
from store import handover as handover_store
from store import outbox
from store import staff as staff_store
from store.demo import TRIED_BY_ANYBODY
from store.tables import ConversationRow

ANSWERING_ROLES = ("agent", "supervisor")
BACK = "h:back"
"""The tap that ends it from the citizen's side."""
STAFF_PUSH = "staff:"
"""Begins the key of what a person of staff wrote."""
_PLAINLY = 0.9
"""Probability of an intent that is answered although somebody of staff is waited for."""
_LATELY = timedelta(days=7)
_WAITS_THAT_TELL = 5
MAX_ANSWER = 1_600
"""Characters of one WhatsApp message."""


async def with_a_person(turn: Turn) -> Reply | None:
    """The assistant says nothing while a person has the conversation; None when it is the assistant's.

    While a person is only waited for, which may be a night, what the assistant is sure of needs nobody.
    """
    row = await handover_store.open_of(turn.session, turn.conversation_id)
    if row is None:
        return None
    gives_up = row.state == "waiting" and turn.state.form is None and says_only(turn, turn.house.report_words.gives_up)
    if turn.incoming.choice == BACK or gives_up:
        row.state, row.ended_at = "ended", turn.now
        return say("handover.back")
    turn.outcome = Outcome.HUMAN
    meant = turn.understanding.intent if turn.understanding else None
    if row.state == "waiting" and meant in ("talk_to_human", "cancel"):
        # "Is anybody there?" deserves the truth; everything else is for the person who comes.
        return await _how_long(turn, await handover_store.place_in_queue(turn.session, before=row.asked_at) + 1)
    if row.state == "waiting" and _needs_nobody(turn):
        return None
    if row.state == "taken" and meant == "cancel":
        # Whoever was forgotten by the person must not be left with a silent assistant.
        return with_choices(say("handover.with_person"), _way_back())
    return Reply(())


def _needs_nobody(turn: Turn) -> bool:
    """A tap, an answer to the open form, or a question that is plainly understood; the rest is for the person who comes."""
    if turn.incoming.choice is not None or turn.state.form is not None:
        return True
    understanding = turn.understanding
    if understanding is None or understanding.decision is not Decision.ANSWER:
        return False
    return "/" in understanding.intent and understanding.confidence >= _PLAINLY


def _way_back() -> Choice:
    return button("handover.button.assistant", BACK)


async def talk_to_human(turn: Turn) -> Reply:
    """Asks for a person: with the place in the queue, or, outside hours, with the moment when people are back."""
    conversation = await turn.session.get_one(ConversationRow, turn.conversation_id)
    tried = conversation.channel in TRIED_BY_ANYBODY
    if not await staff_store.may_answer(turn.session, ANSWERING_ROLES, demo=tried):
        return say("handover.channels")
    place = await handover_store.place_in_queue(turn.session) + 1
    handover_store.ask(turn.session, turn.conversation_id, now=turn.now)
    return await _how_long(turn, place)


async def _how_long(turn: Turn, place: int) -> Reply:
    """The place in line and what people usually waited, or when somebody is back; and the way out."""
    hours = turn.house.desk_hours
    opening = None if hours.is_open(turn.now) else hours.next_opening(turn.now)
    if opening is not None:
        told = say("handover.closed", date=spoken_date(opening.date()), time=f"{opening:%H:%M}")
    else:
        told = say("handover.asked", place=place)
        minutes = usual_wait(await handover_store.waits_since(turn.session, turn.now - _LATELY), hours)
        told = told.then(say("handover.usual_wait", count=minutes)) if minutes else told
    return with_choices(told, button("handover.button.back", BACK))


def usual_wait(waits: Iterable[tuple[datetime, datetime]], hours: DeskHours) -> int | None:
    """Minutes that half of the people waited at most, of those who asked while somebody was there; None for fewer than five."""
    lengths = [(taken - asked).total_seconds() for asked, taken in waits if hours.is_open(asked.astimezone(CASABLANCA))]
    return max(1, round(median(lengths) / 60)) if len(lengths) >= _WAITS_THAT_TELL else None


async def take(
    session: AsyncSession, texts: Texts, conversation: ConversationRow, *, agent: str, name: str, now: datetime
) -> bool:
    """Gives a conversation to an agent, asked for or not, and tells the citizen; false where a colleague has it."""
    row = await handover_store.open_of(session, conversation.id)
    if row is None:
        row = handover_store.ask(session, conversation.id, now=now)
        await session.flush()
    if not await handover_store.take(session, row.id, agent, now=now):
        return False
    _tell(session, texts, conversation, with_choices(say("handover.taken", name=name), _way_back()), now=now)
    return True


async def give_back(session: AsyncSession, texts: Texts, conversation: ConversationRow, *, now: datetime) -> None:
    """The assistant speaks again."""
    row = await handover_store.open_of(session, conversation.id)
    if row is None:
        return
    row.state, row.ended_at = "ended", now
    _tell(session, texts, conversation, say("handover.given_back"), now=now)


def answer(session: AsyncSession, conversation: ConversationRow, text: str, *, agent: str, now: datetime) -> None:
    """What a person of staff writes goes out like a reply, whole and in its order."""
    language = language_of(conversation)
    parts = [{"type": "text", "text": with_directions(text[:MAX_ANSWER], language), "language": language.value}]
    key = f"{STAFF_PUSH}{agent}:{secrets.token_hex(6)}"
    outbox.put(session, conversation, None, parts, now=now, push_key=key)


def language_of(conversation: ConversationRow) -> Language:
    return State.from_dict(conversation.state or {}).language or Language.FRENCH


def _tell(session: AsyncSession, texts: Texts, conversation: ConversationRow, reply: Reply, *, now: datetime) -> None:
    parts = texts.render(reply, language_of(conversation))
    outbox.put(session, conversation, None, parts, now=now, push_key=f"handover:{secrets.token_hex(6)}")
