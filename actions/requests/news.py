"""What followers of a request read when something happened to it."""

from collections.abc import Callable

from actions.desk import Desk
from actions.reply import Choice, Reply, Say, Words
from actions.requests.life import RequestState
from actions.state import State
from nlu.understanding import Language
from store.tables import ConversationRow, RequestEventRow, ServiceRequestRow

InLanguage = Callable[[Language], Reply]


def language_of(conversation: ConversationRow) -> Language:
    """The language in which a conversation is spoken to."""
    return State.from_dict(conversation.state or {}).language or Language.FRENCH


def of_event(desk: Desk, row: ServiceRequestRow, event: RequestEventRow, language: Language) -> Reply:
    """The news of one line of the audit trail; a reason or a message of the office stands as it was written."""
    about = {
        "number": row.number,
        "what": Words(desk.knowledge.label(row.category, language)),
        "body": Words(row.body),
    }
    if event.kind == "note":
        return _with_status(Reply((Say("request.news.note", {**about, "note": Words(event.note or "")}),)), row)
    target = RequestState(event.to_status or RequestState.ASSIGNED)
    if target is RequestState.MERGED:
        told = Say("request.news.merged", {**about, "into": str(event.detail["into"])})
        return Reply((told,), (_status_button(str(event.detail["into"])),))
    told = Say(f"request.news.{target}", about)
    reason = (Say("request.news.reason", {"note": Words(event.note)}),) if event.note else ()
    reply = Reply((told, *reason))
    return Reply(reply.parts, is_it_fixed(row.number)) if target is RequestState.FIXED else _with_status(reply, row)


def is_it_fixed(number: str) -> tuple[Choice, ...]:
    """The two answers to "is it fixed?"."""
    return (
        Choice(Say("request.button.fixed"), f"fy:{number}"),
        Choice(Say("request.button.not_fixed"), f"fn:{number}"),
    )


def _with_status(reply: Reply, row: ServiceRequestRow) -> Reply:
    return Reply(reply.parts, (_status_button(row.number),))


def _status_button(number: str) -> Choice:
    return Choice(Say("request.button.status"), f"s:{number}")
