"""The state of an answer as the list of answers shows it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from actions.faq_text import FaqFields, read_fields
from actions.live import LiveHouse
from nlu.understanding import Language
from store.tables import FaqDraftRow, FaqPullRow

SOON = timedelta(days=30)


class FaqState(StrEnum):
    """The worst thing that is to be said of an answer."""

    PULLED = "pulled"
    EXPIRED = "expired"
    SOON = "soon"
    VALID = "valid"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of the list."""

    intent: str
    label: str
    state: FaqState
    owner: str
    checked_on: date | str
    valid_until: date | str
    draft: FaqDraftRow | None
    conflict: bool
    fields: FaqFields


def listed(
    live: LiveHouse,
    drafts: Mapping[str, FaqDraftRow],
    pulled: Mapping[str, FaqPullRow],
    *,
    today: date,
    language: Language,
) -> list[Listed]:
    """All answers, those that need somebody first, then by name."""
    lines = []
    for intent in sorted({*live.texts, *drafts}):
        found, draft = live.texts.get(intent), drafts.get(intent)
        fields = read_fields(found.text if found else draft.text if draft else "")
        lines.append(
            Listed(
                intent=intent,
                label=label_of(live, intent, draft, language),
                state=state_of(fields, today=today, pulled=intent in pulled) if found else FaqState.NEW,
                owner=fields.owner,
                checked_on=fields.checked_on,
                valid_until=fields.valid_until,
                draft=draft,
                conflict=bool(found and found.conflict),
                fields=fields,
            )
        )
    order = list(FaqState)
    return sorted(lines, key=lambda line: (not line.conflict, order.index(line.state), line.intent))


def state_of(fields: FaqFields, *, today: date, pulled: bool) -> FaqState:
    if pulled:
        return FaqState.PULLED
    until = fields.valid_until
    if not isinstance(until, date) or until < today:
        return FaqState.EXPIRED
    return FaqState.SOON if until - today <= SOON else FaqState.VALID


def label_of(live: LiveHouse, intent: str, draft: FaqDraftRow | None, language: Language) -> str:
    """The words of its button."""
    known = live.house.knowledge.intents.get(intent)
    if known:
        return known.label[language]
    return str(((draft.entry or {}).get("label") or {}).get(language.value) or intent) if draft else intent
