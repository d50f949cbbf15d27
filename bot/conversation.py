"""One turn: understand, act, answer. State, service request and replies are one database transaction."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from actions import turn_log
from actions.expo import door as expo_door
from actions.router import respond
from actions.spoken import language_of_reply
from actions.state import State
from actions.taps import typed_as_tap
from actions.texts import Texts
from actions.turn import House, Incoming, Turn
from actions.visitors import by_own_clock
from bot.pushes import offered, put_all
from nlu.text import clean, tells_something
from nlu.times import CASABLANCA
from nlu.understanding import Language, Understanding
from store import outbox, privacy, turns
from store.tables import ConversationRow, InboxRow, TurnRow

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Rows:
    """A message with its conversation, as the database has them, and what the inbox shall keep of it."""

    message: InboxRow
    conversation: ConversationRow
    payload: dict[str, Any]

    def done(self) -> None:
        """The message has been handled, and the conversation is anybody's again."""
        self.message.payload, self.message.state = self.payload, "done"
        self.conversation.turn_holder, self.conversation.turn_after = None, None


@dataclass(frozen=True, slots=True)
class Answer:
    """What comes of a message, not stored yet."""

    rows: Rows
    turn: Turn = field(repr=False)  # It holds the whole house.
    state: State
    parts: list[dict[str, Any]]
    logged: TurnRow | None
    files: list[str] | None
    """To delete once it is committed, when the person asked to be forgotten."""


class Conversations:
    """Handles stored messages; channels and clocks are somebody else's business."""

    def __init__(self, house: House | Callable[[], House], texts: Texts) -> None:
        """`house` may be a function, asked at every turn: staff publish answers while the assistant runs."""
        self._house: Callable[[], House] = house if callable(house) else lambda: house
        self._texts = texts

    async def handle(
        self,
        session: AsyncSession,
        message: InboxRow,
        conversation: ConversationRow,
        incoming: Incoming,
        *,
        meaning: Understanding | None,
        now: datetime,
    ) -> None:
        """Answers one message, of which the inbox keeps what it has, within the caller's transaction."""
        rows = Rows(message, conversation, dict(message.payload))
        await self.store(session, [await self.answer(session, rows, incoming, meaning=meaning, now=now)], now=now)

    async def answer(
        self, session: AsyncSession, rows: Rows, incoming: Incoming, *, meaning: Understanding | None, now: datetime
    ) -> Answer:
        """Answers one message within the caller's transaction; for what comes of it see `store`.

        `incoming` is what the message says, together with the photos that were sent with it; `meaning` is what `understand` says of
        it, asked before the transaction: others wait for the database meanwhile.
        """
        conversation = rows.conversation
        state = State.from_dict(conversation.state or {})
        house = self._house()
        state.forget_forms_besides(house.categories)
        incoming = typed_as_tap(incoming, (conversation.state or {}).get("offered") or [], state)
        incoming = expo_door.scanned(incoming, house)
        understanding = meaning if incoming.choice is None else None
        if understanding:
            state.language = language_of_reply(incoming, understanding, state, house.report_words)
        turn = Turn(
            incoming=incoming,
            understanding=understanding,
            state=state,
            conversation_id=conversation.id,
            session=session,
            house=house,
            language=state.language or incoming.language or Language.FRENCH,
            now=now.astimezone(CASABLANCA),
        )
        reply = await respond(turn)
        await by_own_clock(turn)
        logged = None if turn.forget_person else await turn_log.of(turn, channel=conversation.channel)
        parts = self._texts.render(reply, turn.language)
        files: list[str] | None = None
        if turn.forget_person or turn.forget_since:
            rows.done()  # What has been read is forgotten, this message too.
        if turn.forget_person:
            files = await privacy.forget_person(session, conversation.id)
            state = State(language=turn.language, fixed_language=turn.state.fixed_language)
        if turn.forget_since:
            await privacy.forget_words_since(session, conversation.id, turn.forget_since)
        return Answer(rows, turn, state, parts, logged, files)

    async def store(self, session: AsyncSession, answers: Sequence[Answer], *, now: datetime) -> None:
        """Stores answers to different people and gives their conversations back.

        All at once, so that each row is written once and rows of a kind together, and pushes last: they see what became of
        the conversations that they go to.
        """
        for answer in answers:
            turn, conversation = answer.turn, answer.rows.conversation
            if not turn.forget_person and not turn.forget_since:
                answer.rows.done()
            if answer.parts:  # None while a person of staff has the conversation.
                inbox_id = None if turn.forget_person or turn.forget_since else answer.rows.message.id
                outbox.put(session, conversation, inbox_id, answer.parts, now=now)
            if answer.logged is not None:
                turns.add(session, answer.logged)
            more = {"offered": offered(answer.parts), "forgotten": turn.forget_person}
            conversation.state = {**answer.state.as_dict(), **more}
            conversation.updated_at = now
        await put_all(session, self._texts, [push for answer in answers for push in answer.turn.pushes], now=now)

    def apology(self, conversation: ConversationRow) -> list[dict[str, Any]]:
        """What a person gets when their message could not be handled, so that there is never silence."""
        language = State.from_dict(conversation.state or {}).language or Language.FRENCH
        return [{"type": "text", "text": self._texts.text("turn.apology", language), "language": language.value}]

    def text(self, key: str, language: Language) -> str:
        """A text of the catalogue, for channels that must say something outside a turn."""
        return self._texts.text(key, language)

    def parse(self, text: str) -> Understanding:
        """What the NLU says of a text, without a conversation around it."""
        return self._house().parser.parse(text)

    def understand(self, messages: Sequence[Incoming | None]) -> list[Understanding | None]:
        """The meaning of each text; None for other kinds and for texts that tell nothing.

        Together they take half the time that they take one by one.
        """
        texts = [_words_of(message) for message in messages]
        meanings = iter(self._house().parser.parse_many([text for text in texts if text is not None]))
        return [None if text is None else next(meanings) for text in texts]


def _words_of(message: Incoming | None) -> str | None:
    """The text of a message that has something to understand; None for a tap and all that has no words."""
    if message is None or message.text is None or message.choice is not None or not tells_something(message.text):
        return None
    return clean(message.text)
