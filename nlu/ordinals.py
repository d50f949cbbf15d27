"""Which entry of a list a message means: "the second one", "le 2", "الثانية"; or which one its words name beside others."""

from collections.abc import Container, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from nlu.concepts import Lexicon
from nlu.plain_yaml import load_yaml
from nlu.text import normalise, words

WORDS_FILE = Path(__file__).with_name("ordinals.yml")
LAST = -1
_NUMBER, _AND_THEN = "number", "and_then"


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


def entry_meant(text: str, *, goes_on: bool = True) -> int | None:
    """The same, also where it is called a number, or comes after another: "number 2", "نمرة 4", where it `goes_on` "et la 3"."""
    said = [word.text for word in words(normalise(text))]
    while goes_on and said and said[0] in _written(_AND_THEN):
        said = said[1:]
    in_figures = any(word.isdecimal() for word in said)
    return ordinal(" ".join(word for word in said if not (in_figures and word in _written(_NUMBER))))


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
    said = [word.text for word in words(normalise(text))]
    found = [(word, ranks_of(word) or _numbered(said, place)) for place, word in enumerate(said)]
    ranks = {rank for _, its in found for rank in its}
    numbering = _written(_NUMBER) if any(word.isdecimal() and its for word, its in found) else frozenset[str]()
    beside = " ".join(word for word, its in found if not (its or is_filler(word) or word in numbering))
    named = ranks.pop() if len(ranks) == 1 else 0
    number = count if named == LAST and count > 1 else named
    return (number, beside) if 0 < number <= count else None


def _numbered(said: Sequence[str], place: int) -> frozenset[int]:
    """The entry that a figure behind a word for "number" means."""
    word = said[place]
    called = place > 0 and said[place - 1] in _written(_NUMBER)
    return frozenset({int(word)}) if called and len(word) == 1 and word.isdecimal() and word != "0" else frozenset()


@lru_cache(maxsize=1)
def _lexicon() -> Lexicon:
    return Lexicon.of({meaning: forms for meaning, forms in _content().items() if meaning not in (_NUMBER, _AND_THEN)})


@lru_cache(maxsize=2)
def _written(name: str) -> frozenset[str]:
    """The words of a list as they are written: the skeleton of "no" is that of much else."""
    return frozenset(map(normalise, _content()[name]))


@lru_cache(maxsize=1)
def _content() -> Mapping[str, list[str]]:
    content: dict[str, list[str]] = load_yaml(WORDS_FILE.read_text(encoding="utf-8"))
    return content
