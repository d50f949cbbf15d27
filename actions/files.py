"""Where actions leave what they made: a map, a receipt, dates for a calendar."""

from typing import Protocol


class Files(Protocol):
    """A shelf of generated files, named by their content: the same content twice is one file."""

    def store_generated(self, content: bytes, ending: str) -> str:
        """Keeps `content` as a file of the kind `ending` (`png` or `ics`); the reference for `Picture` or `File`."""
