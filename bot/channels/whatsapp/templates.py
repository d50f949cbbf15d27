"""The Content templates of the assistant: what they are called, what they hold, and their ids at Twilio.

Buttons, lists and everything said outside of the 24 hours need a template made beforehand. Names say what they are for:

    casa_buttons_<1-3>_<language>   up to three buttons under a text
    casa_list_<1-10>_<language>     a list to choose from
    casa_waiting_<language>         "a message waits for you", said once a closed session, with a button to read it
    casa_request_<language>         news of a service request
    casa_broadcast_<language>       a message of the city to the followers of something
    casa_agenda_<language>          a reminder before a session of the expo, or news of it

`<language>` is `fr`, `ary`, `ary_latn` or `en`. The first two kinds need no approval: they are only sent within a session.
Their ids lie in the database (table `whatsapp_templates`), put there by `casa whatsapp templates create` and `check`.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from actions.reply import Say
from actions.texts import Texts
from nlu.understanding import Language

MAX_BUTTONS = 3
MAX_ITEMS = 10
PUSHED = {"request": "request", "broadcast": "broadcast", "remind": "agenda", "change": "agenda"}
"""Occasions with a template of their own, by the first word of a push's key; all others wait behind "a message waits"."""
TIMELY = frozenset({"agenda"})
"""Templates whose news would be stale once somebody has tapped "read": they are sent without their buttons."""
READ_WAITING = "waiting"
"""Payload of the button under "a message waits for you"; a tap needs no other answer than that message."""
_CODES = {Language.FRENCH: "fr", Language.DARIJA: "ar", Language.DARIJA_LATIN: "ar", Language.ENGLISH: "en"}
"""WhatsApp knows no Darija; it is filed as Arabic in both scripts."""
_VARIABLE = "\ue000"


@dataclass(frozen=True, slots=True)
class Template:
    """A template as it should be at Twilio."""

    name: str
    language: str
    """WhatsApp's code."""
    types: Mapping[str, Any]
    sample: Mapping[str, str]
    """A value for each variable, which WhatsApp's reviewers see."""
    needs_approval: bool

    @property
    def approval_name(self) -> str:
        """The name at WhatsApp; one that was used before cannot be used again for a month, so it changes with the words."""
        digest = hashlib.sha256(json.dumps(self.types, sort_keys=True).encode()).hexdigest()
        return f"{self.name}_{digest[:6]}"


def tag(language: Language) -> str:
    """The language at the end of a template's name."""
    return language.value.lower().replace("-", "_")


def name_of(kind: str, language: Language, count: int | None = None) -> str:
    return "_".join(["casa", kind, *([str(count)] if count else []), tag(language)])


def wanted(texts: Texts) -> list[Template]:
    """Every template the assistant can use, in all languages."""
    return [template for language in Language for template in _of_language(texts, language)]


def _of_language(texts: Texts, language: Language) -> Iterable[Template]:
    def said(key: str, **arguments: str) -> str:
        # A variable gets its braces after the directions are marked, so that no mark comes between them.
        return texts.of(Say(f"whatsapp.{key}", arguments), language).replace(_VARIABLE, "{{1}}")

    code = _CODES[language]
    for count in range(1, MAX_BUTTONS + 1):
        actions = [{"type": "QUICK_REPLY", "title": title, "id": payload} for title, payload in _slots(count)]
        types = {"twilio/quick-reply": {"body": "{{1}}", "actions": actions}}
        yield Template(name_of("buttons", language, count), code, types, _samples(count, said("choose")), False)
    button = texts.text("whatsapp.list_button", language)
    for count in range(1, MAX_ITEMS + 1):
        items = [{"item": title, "id": payload} for title, payload in _slots(count)]
        types = {"twilio/list-picker": {"body": "{{1}}", "button": button, "items": items}}
        yield Template(name_of("list", language, count), code, types, _samples(count, said("choose")), False)
    read = {"type": "QUICK_REPLY", "title": texts.text("whatsapp.read", language), "id": READ_WAITING}
    waiting = {"twilio/quick-reply": {"body": said("waiting"), "actions": [read]}}
    yield Template(name_of("waiting", language), code, waiting, {}, True)
    for kind in sorted({*PUSHED.values()}):
        body = {"twilio/text": {"body": said(kind, message=_VARIABLE)}}
        yield Template(name_of(kind, language), code, body, {"1": said(f"{kind}_sample")}, True)


def _slots(count: int) -> list[tuple[str, str]]:
    """Title and payload of each choice as variables; the text is variable 1."""
    return [(f"{{{{{2 * number}}}}}", f"{{{{{2 * number + 1}}}}}") for number in range(1, count + 1)]


def _samples(count: int, body: str) -> dict[str, str]:
    return variables(body, [(f"{number}", f"{number}") for number in range(1, count + 1)])


def variables(body: str, choices: Sequence[tuple[str, str]]) -> dict[str, str]:
    """The variables of a template with choices, given as (title, payload)."""
    values = {"1": body}
    for number, (title, payload) in enumerate(choices, start=1):
        values |= {str(2 * number): title, str(2 * number + 1): payload}
    return values


class Sids:
    """The ids of templates at Twilio that may be used now, by name."""

    def __init__(self, sids: Mapping[str, str] | None = None) -> None:
        self._sids = dict(sids or {})

    def of(self, kind: str, language: Language, count: int | None = None) -> str | None:
        return self._sids.get(name_of(kind, language, count))

    def replace(self, sids: Mapping[str, str]) -> None:
        self._sids = dict(sids)
