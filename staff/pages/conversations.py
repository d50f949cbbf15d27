"""Conversations with citizens: who waits, one conversation, taking it, answering, giving it back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from starlette.responses import FileResponse, Response

from actions import handover
from nlu.understanding import Language
from staff.roles import Role
from staff.visit import NotHere, Visit, whole_number
from store import handover as handover_store
from store import history, inbox, outbox
from store.demo import TRIED_BY_ANYBODY
from store.tables import ConversationRow, HandoverRow, InboxRow, OutboxRow

SESSION = timedelta(hours=24)
"""WhatsApp delivers free texts within this time after the person's last message."""
_SHOWN = 200
"""Messages and replies on one page; earlier ones are a tap away."""
_SUGGESTIONS = 3
_LAST_MESSAGES = 3
"""So many messages of the person may say what it is about: the last one is often only "thank you" or "a person, please"."""
_UNLIKELY = 0.1


@dataclass(frozen=True, slots=True)
class Said:
    """One message as the page shows it. `who`: person, assistant or staff."""

    who: str
    at: datetime
    parts: list[dict[str, Any]]
    state: str
    cursor: int


async def index(visit: Visit) -> Response:
    lines = await handover_store.all_open(visit.db)
    shown = [line for line in lines if _may_see(visit, line.conversation)]
    latest = await handover_store.latest(visit.db) if visit.role is Role.SUPERVISOR else []
    return visit.page(
        "conversations.html",
        lines=shown,
        latest=[row for row in latest if _may_see(visit, row)],
        minutes=lambda moment: int((visit.now - moment).total_seconds() // 60),
        language_of=handover.language_of,
        hours=visit.desk.live.house.desk_hours,
        is_open=visit.desk.live.house.desk_hours.is_open(visit.local(visit.now)),
    )


async def show(visit: Visit) -> Response:
    use, before = visit.query("use"), whole_number(visit.query("before"), most=history.LAST_CURSOR)
    conversation, row = await _conversation(visit)
    if before is not None:
        return await _earlier_page(visit, conversation, before)
    draft = _answer_text(visit, use, handover.language_of(conversation)) if use else ""
    return await _page(visit, conversation, row, draft=draft)


async def _page(
    visit: Visit,
    conversation: ConversationRow,
    row: HandoverRow | None,
    *,
    draft: str,
    problem: str | None = None,
    status: int = 200,
) -> Response:
    said, earlier = await _said(visit, conversation)
    written = next((message for message in reversed(said) if message.who == "person"), None)
    return visit.page(
        "conversation.html",
        status=status,
        problem=problem,
        conversation=conversation,
        handover=row,
        mine=row is not None and row.agent == visit.account.name,
        messages=said,
        earlier=earlier,
        tongue=handover.language_of(conversation).value,
        suggestions=_suggestions(visit, conversation, said) if row else [],
        draft=draft,
        longest=handover.MAX_ANSWER,
        session_until=_session_until(conversation, written),
        now=visit.now,
    )


async def _earlier_page(visit: Visit, conversation: ConversationRow, before: int) -> Response:
    """What was said before a cursor, to be read; answering is done below the newest messages."""
    said, earlier = await _said(visit, conversation, before=before)
    return visit.page("conversation_earlier.html", conversation=conversation, messages=said, earlier=earlier)


async def messages(visit: Visit) -> Response:
    """The messages alone, for the page that looks for news."""
    conversation, _ = await _conversation(visit)
    said, earlier = await _said(visit, conversation)
    return visit.page("conversation_messages.html", messages=said, earlier=earlier, conversation=conversation)


async def voice(visit: Visit) -> Response:
    """A voice note of this conversation, to be listened to: the assistant cannot."""
    conversation, _ = await _conversation(visit)
    reference = str(visit.request.path_params["reference"])
    path = visit.desk.photo(reference) if await inbox.has_voice(visit.db, conversation.id, reference) else None
    if path is None:
        raise NotHere
    return FileResponse(path)


async def take(visit: Visit) -> Response:
    conversation, row = await _conversation(visit)
    if row is None and visit.role is not Role.SUPERVISOR:
        raise NotHere
    taken = await handover.take(
        visit.db,
        visit.desk.texts,
        conversation,
        agent=visit.account.name,
        name=visit.account.full_name,
        now=visit.now,
    )
    _wake(visit, conversation)
    path = f"/staff/conversations/{conversation.id}"
    if not taken:
        return visit.refuse(path, visit.say("Un collègue a déjà pris cette conversation."))
    return visit.go(path)


async def answer(visit: Visit) -> Response:
    conversation = await visit.db.get(ConversationRow, visit.number("id"))
    if conversation is None or not _may_see(visit, conversation):
        raise NotHere
    row = await handover_store.open_of(visit.db, conversation.id)
    text = visit.field("text", longest=None)
    if row is None or row.agent != visit.account.name:
        return visit.page("conversation_unsent.html", status=409, conversation=conversation, text=text, handover=row)
    if problem := visit.too_long(handover.MAX_ANSWER, text):
        return await _page(visit, conversation, row, draft=text, problem=problem, status=400)
    path = f"/staff/conversations/{conversation.id}#end"
    if not text:
        return visit.refuse(path)
    handover.answer(visit.db, conversation, text, agent=visit.account.name, now=visit.now)
    _wake(visit, conversation)
    return visit.go(path)


async def give_back(visit: Visit) -> Response:
    conversation, row = await _conversation(visit)
    if row is None or (row.agent != visit.account.name and visit.role is not Role.SUPERVISOR):
        raise NotHere
    await handover.give_back(visit.db, visit.desk.texts, conversation, now=visit.now)
    _wake(visit, conversation)
    return visit.go("/staff/conversations", visit.say("Conversation rendue à l’assistant."))


async def _conversation(visit: Visit) -> tuple[ConversationRow, HandoverRow | None]:
    """The conversation of the path, as far as this account may read it: agents those that are given to people."""
    conversation = await visit.db.get(ConversationRow, visit.number("id"))
    if conversation is None or not _may_see(visit, conversation):
        raise NotHere
    row = await handover_store.open_of(visit.db, conversation.id)
    if row is None and visit.role is not Role.SUPERVISOR:
        raise NotHere
    return conversation, row


def _may_see(visit: Visit, conversation: ConversationRow) -> bool:
    """The demonstration's account sees invented conversations and those of the phone page, never a citizen's."""
    return conversation.channel in TRIED_BY_ANYBODY or not visit.account.demo


async def _said(visit: Visit, conversation: ConversationRow, *, before: int | None = None) -> tuple[list[Said], bool]:
    """The last messages (before a cursor), and whether there are earlier ones."""
    found = await history.newest(visit.db, conversation.id, before=before, most=_SHOWN)
    states = await outbox.delivery_states(visit.db, conversation.id)
    return [_message(row, states) for row in found.said], found.earlier


def _message(row: InboxRow | OutboxRow, states: Mapping[int, str]) -> Said:
    if isinstance(row, InboxRow):
        return Said("person", row.received_at, _parts(row), "", row.cursor)
    return Said(_who(row), row.created_at, row.parts, states.get(row.id, row.state), row.cursor)


def _who(row: OutboxRow) -> str:
    return "staff" if (row.push_key or "").startswith(handover.STAFF_PUSH) else "assistant"


def _parts(row: InboxRow) -> list[dict[str, Any]]:
    payload = row.payload
    if payload.get("photo"):
        return [{"type": "photo", "reference": payload["photo"]}]
    if payload.get("location"):
        return [{"type": "location", "title": ", ".join(f"{number:.5f}" for number in payload["location"])}]
    if payload.get("voice") or payload.get("other") == "voice":
        return [{"type": "voice", "reference": payload.get("voice")}]
    return [{"type": "text", "text": payload.get("text") or payload.get("label") or payload.get("choice") or "…"}]


def _suggestions(visit: Visit, conversation: ConversationRow, said: list[Said]) -> list[tuple[str, str, str]]:
    """Answers of the FAQ that the last messages may be about, the likeliest first: intent, its label, and the answer."""
    texts = [m.parts[0]["text"] for m in said if m.who == "person" and m.parts[0]["type"] == "text"]
    house, likely = visit.desk.live.house, dict[str, float]()
    for understood in house.parser.parse_many(texts[-_LAST_MESSAGES:]):
        for ranked in understood.ranking:
            likely[ranked.intent] = max(ranked.confidence, likely.get(ranked.intent, 0.0))
    offered = house.knowledge.answers.keys() - house.knowledge.pulled
    found = sorted((intent for intent in offered if likely.get(intent, 0.0) >= _UNLIKELY), key=lambda i: -likely[i])
    tongue = handover.language_of(conversation)
    return [
        (intent, house.knowledge.label(intent, visit.reads), _answer_text(visit, intent, tongue))
        for intent in found[:_SUGGESTIONS]
    ]


def _session_until(conversation: ConversationRow, written: Said | None) -> datetime | None:
    """Until when the service delivers what is written freely; None where that has no end."""
    if conversation.channel != "whatsapp" or written is None:
        return None
    return written.at + SESSION


def _answer_text(visit: Visit, intent: str, language: Language) -> str:
    known = visit.desk.live.house.knowledge.answers.get(intent)
    return (known.text.get(language) or known.text[Language.FRENCH]) if known else ""


def _wake(visit: Visit, conversation: ConversationRow) -> None:
    async def wake() -> None:
        visit.desk.wake(conversation.id)

    visit.afterwards.append(wake)
