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
        numbers.update(meaning for meaning in meanings if meaning.isdecimal())
    number = numbers.pop() if len(numbers) == 1 else ""
    return int(number) if len(number) == 1 and number != "0" else None


@lru_cache(maxsize=1)
def _lexicon() -> Lexicon:
    return Lexicon.of(load_yaml(WORDS_FILE.read_text(encoding="utf-8")))
