"""Which entry of a list a message means: "the second one", "le 2", "الثانية"; or which one its words name beside others."""

from collections.abc import Container
from functools import lru_cache
from pathlib import Path

from nlu.concepts import Lexicon
from nlu.plain_yaml import load_yaml
from nlu.text import normalise, words

WORDS_FILE = Path(__file__).with_name("ordinals.yml")
LAST = -1


def ordinal(text: str) -> int | None:
    """1 to 9, where a text says which entry and nothing else."""
    numbers = set[str]()
    for word in words(normalise(text)):
        if word.text.isdecimal():
            numbers.add(word.text)
            continue
        meanings = _lexicon().find([word.text])
        if not meanings:
            return None
        if "last" in meanings:
            return None
        numbers.update(meaning for meaning in meanings if meaning.isdecimal())
    number = numbers.pop() if len(numbers) == 1 else ""
    return int(number) if len(number) == 1 and number != "0" else None


def rank(text: str, known: Container[str] = ()) -> int | None:
    """1 to 9, or `LAST`, where a text names one entry of a list in words ("remove the first", "7eyyed tanya"); figures are left to others."""
    named = {meaning for word in words(normalise(text)) for meaning in ranks_of(word.text, known)}
    return named.pop() if len(named) == 1 else None


def ranks(text: str, known: Container[str] = ()) -> list[int]:
    """The entries that a text names one after the other ("the second and the fourth"); none where a word may mean two."""
    named = [found for word in words(normalise(text)) if (found := ranks_of(word.text, known))]
    return [number for found in named for number in found] if all(len(found) == 1 for found in named) else []


def ranks_of(word: str, known: Container[str] = ()) -> frozenset[int]:
    """The entries that a word may mean; one of the `known` words only sounds so ("tourisme" is not the third)."""
    if word in known and not _lexicon().spells(word):
        return frozenset()
    meanings = _lexicon().find([word])
    return frozenset(LAST if meaning == "last" else int(meaning) for meaning in meanings if meaning != "filler")


def is_filler(word: str) -> bool:
    """Whether a word may stand beside the entry that is meant and says nothing more: "the", "one", "ديك"."""
    return "filler" in _lexicon().find([word])


def rank_among(text: str, count: int) -> tuple[int, str] | None:
    """Which of `count` entries a sentence names by its rank, and the sentence without the words for it."""
    found = [(word.text, ranks_of(word.text)) for word in words(normalise(text))]
    ranks = {rank for _, its in found for rank in its}
    beside = " ".join(word for word, its in found if not its and not is_filler(word))
    named = ranks.pop() if len(ranks) == 1 else 0
    number = count if named == LAST and count > 1 else named
    return (number, beside) if 0 < number <= count else None


@lru_cache(maxsize=1)
def _lexicon() -> Lexicon:
    return Lexicon.of(load_yaml(WORDS_FILE.read_text(encoding="utf-8")))
