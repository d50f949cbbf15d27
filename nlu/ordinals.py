"""Which entry of a list a message means: "the second one", "le 2", "الثانية"."""

from functools import lru_cache
from pathlib import Path

from nlu.concepts import Lexicon
from nlu.plain_yaml import load_yaml
from nlu.text import normalise, words

WORDS_FILE = Path(__file__).with_name("ordinals.yml")


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


def rank(text: str, count: int) -> tuple[int, str] | None:
    """Which of `count` entries a sentence names by its rank, and the sentence without the words for it; "the last one" is `count`."""
    said = [word.text for word in words(normalise(text))]
    meanings = [_lexicon().find([word]) for word in said]
    ranks = {meaning for found in meanings for meaning in found if meaning != "filler"}
    beside = " ".join(word for word, found in zip(said, meanings, strict=True) if not found)
    named = ranks.pop() if len(ranks) == 1 else ""
    number = int(named) if named.isdecimal() else count if named and count > 1 else 0
    return (number, beside) if 0 < number <= count else None


@lru_cache(maxsize=1)
def _lexicon() -> Lexicon:
    return Lexicon.of(load_yaml(WORDS_FILE.read_text(encoding="utf-8")))
