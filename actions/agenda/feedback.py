"""How it was: asked once after a starred session, answered by one tap and, who wants, a sentence. Payloads begin with "fb:"."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from actions.agenda.wording import ends_at, marked
from actions.expo.wording import Wording
from actions.programme.edition import Edition
from actions.push import Push
from actions.reply import Reply, Say, say
from actions.requests.news import language_of
from actions.state import State
from actions.turn import House, Turn, button
from store import agenda as store

RATINGS = (4, 3, 2, 1)
"""From excellent to poor."""
ASK_AFTER, ASK_UNTIL = timedelta(minutes=3), timedelta(hours=3)
"""After the end of a session: people are still at the door; later they have forgotten."""
BETWEEN_QUESTIONS = timedelta(minutes=10)
"""Who starred all that was on at the same time is not asked three times at once."""
AWAITING = "feedback:"
"""`State.awaiting` while the next message is the sentence; the number of the star follows."""
MAX_WORDS = 1_000


async def ask(session: AsyncSession, house: House, now: datetime) -> Sequence[Push]:
    """A chore: asks about starred sessions that have just ended, each once, unless the person wants no such questions."""
    return await due(session, house.expo.edition, now) if house.expo.edition else ()


async def due(
    session: AsyncSession, edition: Edition, now: datetime, *, conversation_id: int | None = None
) -> Sequence[Push]:
    """The questions that are due at a moment, to everybody or to one person; each is noted as asked with the push."""
    ended = {s.id: s for s in edition.sessions if s.end and ASK_AFTER <= now - ends_at(s) <= ASK_UNTIL}
    pushes: list[Push] = []
    asked: set[int] = set()
    for star, conversation in await store.unasked(session, edition.id, ended, conversation_id) if ended else ():
        last = await store.last_asked(session, conversation.id)
        recently = last is not None and now - last < BETWEEN_QUESTIONS
        if conversation.id in asked or recently or State.from_dict(conversation.state or {}).no_feedback:
            continue
        asked.add(conversation.id)
        star.asked_at = now
        wording = Wording(edition, language_of(conversation), now.date())
        question = Say("agenda.feedback.ask", {"title": wording.words(ended[star.session_id].title)})
        choices = tuple(button(f"agenda.feedback.rating.{rating}", f"fb:{star.id}:{rating}") for rating in RATINGS)
        others = (button("agenda.feedback.absent", f"fb:{star.id}:0"), button("agenda.feedback.stop", "fb:stop"))
        reply = marked(edition, Reply((question,), (*choices, *others)))
        pushes.append(Push(conversation.id, f"feedback:{edition.id}:{star.session_id}", reply))
    return pushes


async def chosen(turn: Turn, rest: str) -> Reply | None:
    """Takes a tap: a rating, "I was not there", "a sentence", "ask no more"; None for what is none of these."""
    number, _, answer = rest.partition(":")
    if rest == "stop":
        turn.state.no_feedback = True
        return say("agenda.feedback.stopped")
    star = await store.own_star(turn.session, turn.conversation_id, int(number)) if _is_number(number) else None
    if star is None:
        return None
    if answer == "0":
        return say("agenda.feedback.was_absent")
    if answer == "w":
        turn.state.awaiting = f"{AWAITING}{star.id}"
        return Reply((Say("agenda.feedback.write"),), (button("agenda.feedback.no_words", "keep"),))
    if not answer.isdecimal() or int(answer) not in RATINGS:
        return None
    await store.give_feedback(
        turn.session, turn.conversation_id, star.edition, star.session_id, rating=int(answer), now=turn.now
    )
    thanks = Say("agenda.feedback.thanks", {"rating": Say(f"agenda.feedback.rating.{answer}")})
    return Reply((thanks,), (button("agenda.feedback.words", f"fb:{star.id}:w"),))


async def written(turn: Turn) -> Reply | None:
    """Takes the sentence that was asked for; None when none was, or when the message is something else than words."""
    awaiting, text = turn.state.awaiting or "", turn.incoming.text
    if not awaiting.startswith(AWAITING) or text is None:
        return None
    turn.state.awaiting = None
    star = await store.own_star(turn.session, turn.conversation_id, int(awaiting.removeprefix(AWAITING)))
    words = " ".join(text.split())[:MAX_WORDS]
    if star is None or not words:
        return None
    if not await store.add_words(turn.session, turn.conversation_id, star.edition, star.session_id, words):
        return None
    return say("agenda.feedback.words_thanks")


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 9
