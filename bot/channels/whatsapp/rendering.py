"""A reply as one WhatsApp message wherever it fits: texts merged, buttons or a list under them, else numbered choices.

Each message of WhatsApp costs, so a turn is one of them; a place, a picture or a file has to be one of its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from actions.reply import Say
from actions.texts import Texts
from bot.channels.channel import Outgoing
from bot.channels.whatsapp.formatting import LRI, PDI, RLM, one_line, plain, size, split, title
from bot.channels.whatsapp.templates import MAX_BUTTONS, MAX_ITEMS, PUSHED, TIMELY, Sids, variables
from nlu.understanding import Language

MAX_BODY = 1_600
MAX_TEMPLATE_BODY = 1_024
MAX_BUTTON_TITLE = 20
MAX_ITEM_TITLE = 24
MAX_PAYLOAD = 200
MAX_LABEL_OF_PLACE = 100
_KINDS_OF_FILES = frozenset({"application/pdf", "image/jpeg", "image/png", "audio/ogg", "text/vcard"})
_MAX_VARIABLE = 800
"""What leaves room for a template's own words."""

Choices = Sequence[Mapping[str, str]]


@dataclass(frozen=True)
class Renderer:
    """Makes messages of replies, with the templates that are there."""

    texts: Texts
    sids: Sids

    def render(self, parts: Sequence[Mapping[str, Any]], language: Language, occasion: str | None) -> list[Outgoing]:
        """The messages in order. Places and pictures come before a text with choices, so that these stand last."""
        words: list[str] = []
        extras: list[dict[str, Any]] = []
        choices: Choices = ()
        for part in parts:
            match part.get("type"):
                case "text":
                    words.append(plain(str(part["text"])))
                case "ask_location":
                    words.append(self._say("share_location", language))
                case "choices":
                    choices = part["choices"]
                case "location":
                    extras.append(_place(part))
                case "picture":
                    extras.append({"body": plain(str(part["alt"])), "media": str(part["reference"])})
                case "file":
                    extras.append(_file(part))
        text = "\n\n".join(word for word in words if word.strip())
        if not choices:
            messages = [*({"body": piece} for piece in split(text, MAX_BODY)), *extras]
        else:
            messages = [*extras, *self._with_choices(text or self._say("choose", language), choices, language)]
        fallback = self._fallback(text, language, occasion, choices) if occasion and not extras else {}
        return [
            message | {"language": language.value} | (fallback if len(messages) == 1 else {}) for message in messages
        ]

    def _with_choices(self, text: str, choices: Choices, language: Language) -> list[dict[str, Any]]:
        numbered = self._numbered(choices, language)
        if size(text) > MAX_TEMPLATE_BODY and size(text) + size(numbered) + 2 > MAX_BODY:
            *first, text = split(text, MAX_BODY)
            if size(text) + size(numbered) + 2 > MAX_BODY:  # Only the last, shorter pieces carry what follows.
                *more, text = split(text, MAX_TEMPLATE_BODY)
                first += more
            return [*({"body": piece} for piece in first), *self._with_choices(text, choices, language)]
        pieces = split(f"{text}\n\n{numbered}", MAX_BODY)
        interactive = self._interactive(text, choices, language) if len(pieces) == 1 else None
        return [{"body": piece} for piece in pieces[:-1]] + [{"body": pieces[-1]} | (interactive or {})]

    def _interactive(self, text: str, choices: Choices, language: Language) -> dict[str, Any] | None:
        """Buttons, else a list, where the limits and the templates at hand allow it."""
        if size(text) > MAX_TEMPLATE_BODY or any(size(choice["payload"]) > MAX_PAYLOAD for choice in choices):
            return None
        for kind, most, limit in (("buttons", MAX_BUTTONS, MAX_BUTTON_TITLE), ("list", MAX_ITEMS, MAX_ITEM_TITLE)):
            titles = [title(choice["label"], limit) for choice in choices]
            sid = self.sids.of(kind, language, len(choices))
            distinct = len({*titles}) == len({choice["payload"] for choice in choices}) == len(choices)
            if sid is None or len(choices) > most or not distinct or None in titles:
                continue
            pairs = [(str(shown), choice["payload"]) for shown, choice in zip(titles, choices, strict=True)]
            return {"content_sid": sid, "content_variables": variables(text, pairs)}
        return None

    def _numbered(self, choices: Choices, language: Language) -> str:
        arabic = language is Language.DARIJA
        lines = [
            f"{RLM}{LRI}{number}.{PDI} {plain(choice['label']).removeprefix(RLM)}"
            if arabic
            else f"{number}. {plain(choice['label'])}"
            for number, choice in enumerate(choices, start=1)
        ]
        return "\n".join(lines) + f"\n\n{self._say('choose_by_number', language)}"

    def _fallback(self, text: str, language: Language, occasion: str, choices: Choices) -> dict[str, Any]:
        """The same words in an approved template, for when the session is closed."""
        kind, line = PUSHED.get(occasion.partition(":")[0]), one_line(text)
        if kind is None or (choices and kind not in TIMELY):
            return {}
        sid = self.sids.of(kind, language)
        if sid is None or not line or size(line) > _MAX_VARIABLE:
            return {}
        return {"template_sid": sid, "template_variables": {"1": line}}

    def _say(self, key: str, language: Language) -> str:
        return self.texts.of(Say(f"whatsapp.{key}"), language)


def _place(part: Mapping[str, Any]) -> dict[str, Any]:
    name = str(part.get("title") or part.get("address") or "").replace("|", " ")
    name = " ".join(name.split())[:MAX_LABEL_OF_PLACE]
    lines = [plain(str(part[field])) for field in ("title", "address") if part.get(field)]
    action = f"geo:{part['lat']:.6f},{part['lon']:.6f}" + (f"|{name}" if name else "")
    return {"body": "\n".join(lines) or "📍", "persistent_action": [action]}


def _file(part: Mapping[str, Any]) -> dict[str, Any]:
    """A file by its reference: sent itself where WhatsApp knows its kind (no dates for a calendar), else as a link."""
    shown = "media" if part["media_type"] in _KINDS_OF_FILES else "link"
    return {"body": plain(str(part["name"])), shown: str(part["reference"])}
