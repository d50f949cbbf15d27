"""One turn: understand, act, answer. State, service request and replies are one database transaction."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from actions import expo_door, turn_log
from actions.router import respond
from actions.state import State
from actions.texts import Texts
from actions.turn import House, Incoming, Turn
from actions.visitors import by_own_clock
from bot.pushes import offered, put
from nlu.text import arabic_letters, clean, latin_letters, normalise, words
from nlu.times import CASABLANCA
from nlu.understanding import Language, Understanding
from store import outbox, privacy
from store.tables import ConversationRow, InboxRow

SURE_OF_LANGUAGE = 0.6
WORDS_THAT_TELL_A_LANGUAGE = 2
LETTERS_THAT_TELL_A_SCRIPT = 4
LETTERS_AT_LEAST = 3

Clock = Callable[[], datetime]


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
        payload: Mapping[str, Any] | None = None,
    ) -> list[str] | None:
        """Answers one message within the caller's transaction and gives the conversation back.

        `incoming` is what the message says, together with the photos that were sent with it; `meaning` is what `understand` says of
        it, asked before the transaction: others wait for the database meanwhile; `payload` is kept in place of the stored one.
        When the person asked to be forgotten, returns the files to delete once it is committed, else None.
        """
        state = State.from_dict(conversation.state or {})
        house = self._house()
        incoming = self._typed_choice(incoming, conversation.state or {})
        incoming = expo_door.scanned(incoming, house)
        understanding = meaning if incoming.choice is None else None
        if understanding and not state.fixed_language:
            state.language = language_of_reply(understanding, state.language)
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
        if not turn.forget_person:
            await turn_log.record(turn, channel=conversation.channel)
        parts = self._texts.render(reply, turn.language)
        files: list[str] | None = None
        inbox_id: int | None = message.id
        # Only here, so that the queries of the turn store nothing half done in between: each row is written once.
        if payload is not None:
            message.payload = dict(payload)
        message.state = "done"
        conversation.turn_holder, conversation.turn_after = None, None
        if turn.forget_person:
            files = await privacy.forget_person(session, conversation.id)
            state, inbox_id = State(language=turn.language, fixed_language=turn.state.fixed_language), None
        if turn.forget_since:
            await privacy.forget_words_since(session, conversation.id, turn.forget_since)
            inbox_id = None
        if parts:  # None while a person of staff has the conversation.
            outbox.put(session, conversation.id, inbox_id, parts, now=now)
        for push in turn.pushes:
            await put(session, self._texts, push, now=now)
        conversation.state = {**state.as_dict(), "offered": offered(parts), "forgotten": turn.forget_person}
        conversation.updated_at = now
        return files

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

    def understand(self, incoming: Incoming) -> Understanding | None:
        """The meaning of a text; None for other kinds and for texts without a letter."""
        if incoming.text is None or incoming.choice is not None:
            return None
        normalised = normalise(incoming.text)
        if not arabic_letters(normalised) and not latin_letters(normalised):
            return None
        signs = set(filter(str.isalnum, normalised))
        if len(incoming.text) >= LETTERS_THAT_TELL_A_SCRIPT and len(signs) == 1:
            return None  # One letter over and over, a phone in a pocket: any n-gram of it would decide.
        return self._house().parser.parse(clean(incoming.text))

    def _typed_choice(self, incoming: Incoming, stored: dict[str, Any]) -> Incoming:
        """A typed "2" or the words of a button count as a tap: not every channel and phone shows buttons."""
        offered: list[list[str]] = stored.get("offered") or []
        if incoming.text is None or incoming.photo or not offered:
            return incoming
        typed = normalise(incoming.text).strip(" .)")
        for position, (label, payload) in enumerate(offered, start=1):
            if typed == str(position) or typed == normalise(label):
                return replace(incoming, text=None, choice=payload)
        return incoming


def language_of_reply(understanding: Understanding, before: Language | None) -> Language | None:
    """Speak as you were spoken to; a word that many languages share ("ok", "la", "merci", "Sbata") changes nothing."""
    if understanding.language_confidence == 0:
        return before
    if before is None or understanding.language is before:
        return understanding.language
    several_words = len(words(normalise(understanding.text))) >= WORDS_THAT_TELL_A_LANGUAGE
    in_letters = latin_letters(normalise(understanding.text)) >= LETTERS_AT_LEAST  # "A 1274" is no language.
    long_enough = several_words or len(understanding.text) >= LETTERS_THAT_TELL_A_SCRIPT
    left_arabic = before is Language.DARIJA and in_letters and long_enough
    if understanding.language is Language.DARIJA or left_arabic:
        return understanding.language  # The letters themselves are the sign.
    sure = understanding.language_confidence >= SURE_OF_LANGUAGE
    return understanding.language if several_words and sure else before
