"""What a short question asks of the session that is on the screen, and of nothing else: its language, its room, who speaks."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from nlu.plain_yaml import load_yaml
from nlu.programme_words import is_too_common, parts
from nlu.text import normalise

WORDS_FILE = Path(__file__).with_name("shown_words.yml")
_ASKED = ("language", "who", "where", "when", "until", "how_long", "else", "more")


def asked(text: str) -> frozenset[str]:
    """Which of `language`, `who`, `where`, `when`, `until`, `how_long`, `else` and `more` a text asks; empty where it says anything besides.

    `person` is added where it is asked of somebody: "what else is she doing".
    """
    lists, said = _lists(), frozenset(parts(text))
    if said & lists["not_it"] or any(not _is_known(part) for part in said):
        return frozenset()
    found = frozenset(name for name in _ASKED if said & lists[name])
    return found | {"person"} if found and said & lists["person"] else found


def _is_known(word: str) -> bool:
    return is_too_common(word) or any(word in listed for listed in _lists().values())


@lru_cache(maxsize=1)
def _lists() -> Mapping[str, frozenset[str]]:
    content: dict[str, list[str]] = load_yaml(WORDS_FILE.read_text(encoding="utf-8"))
    return {name: frozenset(map(normalise, listed)) for name, listed in content.items()}
