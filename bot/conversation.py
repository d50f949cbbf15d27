"""One turn: understand, act, answer. State, service request and replies are one database transaction."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from actions import turn_log
from actions.expo import door as expo_door
from actions.expo.screen import entry_behind
from actions.router import respond
from actions.state import State
from actions.texts import Texts
from actions.turn import House, Incoming, Turn
from actions.visitors import by_own_clock
from bot.pushes import offered, put_all
from nlu.ordinals import entry_meant, ordinal
from nlu.text import arabic_letters, clean, latin_letters, normalise, words
from nlu.times import CASABLANCA
from nlu.understanding import Language, Understanding
from nlu.whereabouts import is_address
from store import outbox, privacy, turns
from store.tables import ConversationRow, InboxRow, TurnRow

SURE_OF_LANGUAGE = 0.6
WORDS_THAT_TELL_A_LANGUAGE = 2
LETTERS_THAT_TELL_A_SCRIPT = 4
LETTERS_AT_LEAST = 3
WORDS_OF_AN_ADDRESS, WORDS_OF_A_SHORT_ANSWER = 6, 2

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
        incoming = self._typed_choice(incoming, conversation.state or {}, state)
        incoming = expo_door.scanned(incoming, house)
        understanding = meaning if incoming.choice is None else None
        shared = _is_address(incoming, state) or (understanding and _is_everybodys(understanding, state, house))
        if understanding and not state.fixed_language and not shared:
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
        texts = [clean(message.text) if message and message.text and _tells(message) else None for message in messages]
        meanings = iter(self._house().parser.parse_many([text for text in texts if text is not None]))
        return [None if text is None else next(meanings) for text in texts]

    def _typed_choice(self, incoming: Incoming, stored: dict[str, Any], state: State) -> Incoming:
        """A typed "2", "the second one" or the words of a button count as a tap: not every channel and phone shows buttons.

        Where a report asks for something, "numéro 4" may be that of a house.
        """
        offered: list[list[str]] = stored.get("offered") or []
        if incoming.text is None or incoming.photo or not offered:
            return incoming
        typed = normalise(incoming.text).strip(" .)")
        plain = ordinal(incoming.text)
        # Right after something was put into the agenda "and number 4" is another one for it, and "the first" is a button.
        meant = plain if state.form else entry_meant(incoming.text, goes_on=not state.changed)
        of_buttons = typed.isdecimal() or (state.changed and plain is not None)
        behind = None if of_buttons else entry_behind(state, meant)
        if behind is not None:
            return replace(incoming, text=None, choice=behind)
        for position, (label, payload) in enumerate(offered, start=1):
            if meant == position or typed in (str(position), normalise(label)):
                return replace(incoming, text=None, choice=payload)
        return incoming


def _tells(incoming: Incoming) -> bool:
    """Whether a text has something to understand: letters, and not one over and over."""
    if incoming.text is None or incoming.choice is not None:
        return False
    normalised = normalise(incoming.text)
    if not arabic_letters(normalised) and not latin_letters(normalised):
        return False
    signs = set(filter(str.isalnum, normalised))
    # One letter over and over, a phone in a pocket: any n-gram of it would decide.
    return len(incoming.text) < LETTERS_THAT_TELL_A_SCRIPT or len(signs) != 1


def _is_address(incoming: Incoming, state: State) -> bool:
    """A few words in Latin letters where a place was asked for, or a word or two in a report: "hay el qods rue 12" and "la la" are
    written so by everybody."""
    if state.form is None or state.language is None:
        return False
    normalised = normalise(incoming.text or "")
    asked = state.form.asking in ("where", "arrondissement") or is_address(normalised)
    short = len(words(normalised)) <= (WORDS_OF_AN_ADDRESS if asked else WORDS_OF_A_SHORT_ANSWER)
    return short and state.language is not Language.DARIJA and not arabic_letters(normalised)


def _is_everybodys(understanding: Understanding, state: State, house: House) -> bool:
    """A few French words of assent or thanks in somebody's Darija: "ok c bon", "merci beaucoup" are said in both."""
    if state.language not in (Language.DARIJA, Language.DARIJA_LATIN) or understanding.language is not Language.FRENCH:
        return False
    said, rest = house.report_words, understanding.text
    for phrases in (said.agrees, said.begins_yes, said.confirms, said.thanks, said.neutral):
        rest = phrases.without(rest)
    return not rest


def language_of_reply(understanding: Understanding, before: Language | None) -> Language | None:
    """Speak as you were spoken to; a word that many languages share ("ok", "la", "merci", "Sbata") changes nothing."""
    if understanding.language_confidence == 0:
        return before
    in_darija = any(stretch.language is Language.DARIJA_LATIN for stretch in understanding.stretches)
    if before is Language.DARIJA_LATIN and understanding.language is Language.FRENCH and in_darija:
        return before  # "bghit certificat de residence": French nouns in somebody's Darija.
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
