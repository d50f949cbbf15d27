"""The console's own words: French in the templates themselves (by a code where a program chooses), Arabic in a catalogue."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from babel.messages.pofile import read_po

_ISOLATED = "\u2068{}\u2069"
LANGUAGES = {"fr": "Français", "ar": "العربية"}


class StaffWords:
    """Translates what templates and pages say: `data/staff/fr.po` for codes, `data/staff/ar.po` for everything."""

    def __init__(self, catalogues: Mapping[str, Mapping[str, str]]) -> None:
        self._catalogues = catalogues

    @classmethod
    def load(cls, folder: Path) -> "StaffWords":
        return cls({language: _read(folder / f"{language}.po") for language in LANGUAGES})

    def text(self, said: str, language: str, /, **arguments: Any) -> str:
        """The words in the language of the reader; as they are where the catalogue has none (a test finds that)."""
        found = self._catalogues[language].get(said, said)
        if (
            language == "ar"
        ):  # A name in Latin letters must not pull the full stop or the number beside it to its own side.
            arguments = {key: _ISOLATED.format(value) for key, value in arguments.items()}
        return found.format(**arguments) if arguments else found

    def knows(self, said: str, language: str) -> bool:
        return said in self._catalogues[language]


def _read(path: Path) -> dict[str, str]:
    with path.open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file) if message.id and message.string}
