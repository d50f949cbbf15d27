"""What a message says behind its greeting: "Bonjour, il y a un trou devant chez moi" is about a hole."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from nlu.plain_yaml import load_yaml
from nlu.skeleton import word_skeleton
from nlu.text import Word, normalise, words

GREETINGS_FILE = Path(__file__).with_name("greetings.yml")
_LONGEST = 5
_WORDS_THAT_SAY_SOMETHING = 2


def without_greeting(found: Sequence[Word]) -> Sequence[Word]:
    """The words behind the greeting; all of them where hardly anything would stay, since then the greeting is what was meant."""
    known = _phrases()
    first = found[:1]
    if not known["begins"] & {_spelled(first), _heard(first)}:
        return found  # Nearly every message, told by one word.
    start = _behind(found, 0, known["greets"])
    if start:
        while (further := _behind(found, start, known["goes_on"])) > start:
            start = further
    return found[start:] if len(found) - start >= _WORDS_THAT_SAY_SOMETHING else found


def _behind(found: Sequence[Word], start: int, phrases: frozenset[tuple[str, ...]]) -> int:
    """The position behind the longest phrase that begins at `start`; `start` where none does."""
    for length in range(min(_LONGEST, len(found) - start), 0, -1):
        here = found[start : start + length]
        if _spelled(here) in phrases or _heard(here) in phrases:
            return start + length
    return start


def _spelled(found: Sequence[Word]) -> tuple[str, ...]:
    return tuple(word.text for word in found)


def _heard(found: Sequence[Word]) -> tuple[str, ...]:
    """Skeletons carry a mark, so that no French word is taken for the skeleton of a Darija one."""
    return tuple(f"~{word_skeleton(word.text)}" for word in found)


@lru_cache(maxsize=1)
def _phrases() -> Mapping[str, frozenset[tuple[str, ...]]]:
    content: dict[str, list[str]] = load_yaml(GREETINGS_FILE.read_text(encoding="utf-8"))
    split = {name: [words(normalise(phrase)) for phrase in listed] for name, listed in content.items()}
    greets = {_spelled(phrase) for phrase in split["spelled"]} | {_heard(phrase) for phrase in split["heard"]}
    behind = {_spelled(phrase) for phrase in split["behind"]}
    behind |= {
        _heard(phrase) for phrase in split["behind"] if all(len(word_skeleton(word.text)) > 1 for word in phrase)
    }
    begins = {phrase[:1] for phrase in greets}
    return {"begins": frozenset(begins), "greets": frozenset(greets), "goes_on": frozenset(greets | behind)}
