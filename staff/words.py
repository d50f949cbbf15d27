"""The console's own words: French in the templates themselves, Arabic in `data/staff/ar.po`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from babel.messages.pofile import read_po

LANGUAGES = {"fr": "Français", "ar": "العربية"}


class StaffWords:
    """Translates what templates and pages say."""

    def __init__(self, arabic: Mapping[str, str]) -> None:
        self._arabic = arabic

    @classmethod
    def load(cls, folder: Path) -> "StaffWords":
        """Reads `<folder>/ar.po`, whose message ids are the French words."""
        with (folder / "ar.po").open("rb") as file:
            catalogue = read_po(file)
        return cls({str(m.id): str(m.string) for m in catalogue if m.id and m.string})

    def text(self, french: str, language: str, /, **arguments: Any) -> str:
        """The words in the language of the reader; French where the catalogue has none (a test finds that)."""
        found = self._arabic.get(french, french) if language == "ar" else french
        return found.format(**arguments) if arguments else found

    def knows(self, french: str) -> bool:
        return french in self._arabic
