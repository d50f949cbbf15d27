"""Texts of the assistant in its four language varieties, from the gettext catalogues in `data/texts/`.

A text may hold `{placeholders}`. Inside Arabic-letter texts numbers, addresses and Latin names are put into
left-to-right isolates, so that "7K3-42R" or "37 37" reads right on every phone.
"""

import gettext
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from babel.messages.pofile import read_po

from actions.reply import AskLocation, File, Lines, Picture, Pin, Reply, Say, Words
from nlu.darija_grammar import well_formed
from nlu.understanding import Language

_LRI, _PDI, _RLM = "\u2066", "\u2069", "\u200f"
_LEFT_TO_RIGHT_RUN = re.compile(
    r"https?://\S+|"  # A link stays one run, whatever signs it holds: marks inside it would break it.
    r"[+#]?[A-Za-z0-9À-ɏ](?:[A-Za-z0-9À-ɏ@/:.,_'’&+%–-]*(?: (?=[A-Za-z0-9À-ɏ]))?)*[A-Za-z0-9À-ɏ/%]|[0-9]"
)


class UnknownText(KeyError):
    """A text key that no catalogue has."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All texts of one language: by key its plural forms (one for most), and the rule that chooses among them."""

    forms: Mapping[str, tuple[str, ...]]
    plural: Callable[[int], int]


class Texts:
    """The catalogues of all languages."""

    def __init__(self, catalogues: Mapping[Language, Catalogue]) -> None:
        self._catalogues = catalogues

    @classmethod
    def load(cls, folder: Path) -> "Texts":
        """Reads every `<folder>/<language>/*.po`; a folder holds one catalogue a room."""
        return cls({language: _read(folder / language.value) for language in Language})

    def text(self, key: str, language: Language, /, *, count: int | None = None, **arguments: Any) -> str:
        """The text behind a key; raises `UnknownText` when the catalogue has none."""
        catalogue = self._catalogues[language]
        forms = catalogue.forms.get(key)
        if forms is None:
            raise UnknownText(f"no catalogue in data/texts/{language.value}/ has a text for {key!r}")
        found = forms[0] if count is None else forms[min(catalogue.plural(count), len(forms) - 1)]
        values = {name: self._argument(value, language) for name, value in arguments.items()}
        return found.format(**values, **({} if count is None else {"count": count}))

    def of(self, part: Say | Words, language: Language) -> str:
        """A part in words, ready to be shown (directions marked)."""
        text = (
            part.text if isinstance(part, Words) else self.text(part.key, language, count=part.count, **part.arguments)
        )
        return with_directions(well_formed(text) if language is Language.DARIJA else text, language)

    def _argument(self, value: Any, language: Language) -> Any:
        if isinstance(value, Say):
            return self.text(value.key, language, count=value.count, **value.arguments)
        return value.text if isinstance(value, Words) else value

    def render(self, reply: Reply, language: Language) -> list[dict[str, Any]]:
        """The reply as plain data, as it is stored in the outbox and handed to channels (docs/architecture.md)."""
        parts: list[dict[str, Any]] = []
        for part in reply.parts:
            if isinstance(part, Pin):
                parts.append(
                    {"type": "location", "lat": part.lat, "lon": part.lon, "title": part.title, "address": part.address}
                )
            elif isinstance(part, AskLocation):
                parts.append({"type": "ask_location"})
            elif isinstance(part, Picture):
                parts.append({"type": "picture", "reference": part.reference, "alt": self.of(part.alt, language)})
            elif isinstance(part, File):
                parts.append(
                    {"type": "file", "reference": part.reference, "name": part.name, "media_type": part.media_type}
                )
            elif isinstance(part, Lines):
                together = "\n".join(self.of(line, language) for line in part.texts)
                parts.append({"type": "text", "text": together, "language": language.value})
            else:
                parts.append({"type": "text", "text": self.of(part, language), "language": language.value})
        if reply.choices:
            choices = [
                {"label": self.of(choice.label, language), "payload": choice.payload} for choice in reply.choices
            ]
            parts.append({"type": "choices", "choices": choices})
        return parts


def with_directions(text: str, language: Language) -> str:
    """Isolates left-to-right runs inside Arabic-letter text and starts every such line from the right."""
    if language is not Language.DARIJA:
        return text
    lines = (_LEFT_TO_RIGHT_RUN.sub(lambda run: f"{_LRI}{run.group()}{_PDI}", line) for line in text.split("\n"))
    return "\n".join(f"{_RLM}{line}" if line.strip() else line for line in lines)


def _read(folder: Path) -> Catalogue:
    forms: dict[str, tuple[str, ...]] = {}
    rule = "n != 1"
    for path in sorted(folder.glob("*.po")):
        with path.open("rb") as file:
            catalogue = read_po(file)
        rule = catalogue.plural_expr
        for message in catalogue:
            if message.id and not isinstance(message.id, str):
                forms[message.id[0]] = tuple(message.string)
            elif message.id:
                forms[message.id] = (message.string,)
    if not forms:
        raise FileNotFoundError(f"{folder} holds no catalogue (*.po)")
    return Catalogue(forms, gettext.c2py(rule))
