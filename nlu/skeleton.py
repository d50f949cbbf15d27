"""The script-blind skeleton: what is left of a Darija word when its script and its vowels are taken away.

Arabizi and Arabic letters are two spellings of one language: `7ofra`, `hofra` and `حفرة` all become `hfr`.
Vowels and doubling are dropped, letters that people write for one another are mapped to one, the article and the
one-letter prepositions are cut off. French loan words, whose silent letters no rule can guess, meet their
Arabic-letter spelling through a table.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from nlu.plain_yaml import load_yaml
from nlu.text import Word, normalise, words

LOANS_FILE = Path(__file__).with_name("loans.yml")

_ARABIC_LETTERS = str.maketrans(
    {
        **dict.fromkeys("اء", None),
        "ه": "H",
        "ب": "b",
        **dict.fromkeys("تطث", "t"),
        "ج": "j",
        "ح": "h",
        "خ": "x",
        **dict.fromkeys("دضذظ", "d"),
        "ر": "r",
        "ز": "z",
        **dict.fromkeys("سص", "s"),
        "ش": "c",
        "ع": "3",
        "غ": "g",
        "ف": "f",
        **dict.fromkeys("قكڭ", "k"),
        "ل": "l",
        "م": "m",
        "ن": "n",
    }
)
_LATIN_GROUPS = [
    (re.compile(pattern), letter)
    for pattern, letter in [
        ("tch|sch|ch|sh", "C"),
        ("kh|5", "X"),
        ("gh|8", "G"),
        ("ph", "f"),
        ("th", "t"),
        ("dh", "d"),
        ("qu|ck", "k"),
        ("x", "ks"),
        ("c(?=[eiy])", "s"),
        ("g(?=[eiy])", "J"),
        ("eaux?$|aux$", "o"),
    ]
]
_LATIN_LETTERS = str.maketrans(
    {
        **dict.fromkeys("aeiou'24", None),
        "h": "H",
        "7": "h",
        **dict.fromkeys("9qkcg", "k"),
        "C": "c",
        "X": "x",
        "G": "g",
        "J": "j",
        "p": "b",
        "v": "f",
        "6": "t",
    }
)
_DOUBLED = re.compile(r"(.)\1+")
_ARABIC_ARTICLE = re.compile(r"^(?:و?[فبلك]?ال|[فب]ل|لل)(?=..)")
_LATIN_ARTICLE = re.compile(r"^(?:[ae]l|[fb]el|[fb]l|l|[fbl](?=([^aeiou])\1))(?=[bcdfghjklmnpqrstvwxyz3579].)")
_PURE_NUMBER = re.compile(r"\d+$")


def skeleton(text: str) -> str:
    """The consonant skeletons of the words of `text`, separated by spaces; words without a consonant vanish.

    Accepts any Unicode string, normalised or not; the result holds only `a-z`, `3`, digits of numbers and spaces.
    """
    found = (word_skeleton(word.text) for word in words(normalise(text)))
    return " ".join(part for part in found if part)


@lru_cache(maxsize=65_536)
def word_skeleton(word: str) -> str:
    """The skeleton of one normalised word: empty for a word without consonants, a number stays as it is."""
    if _PURE_NUMBER.match(word):
        return word
    arabic = Word(word, 0, len(word)).is_arabic
    bare = (_ARABIC_ARTICLE if arabic else _LATIN_ARTICLE).sub("", word)
    # The French article stays in Arabic letters: لاكارط is "la carte".
    loan = _loans().get(bare) or _loans().get(word) or _loans().get(word.removeprefix("لا"))
    if loan:
        return loan
    return _DOUBLED.sub(r"\1", _from_arabic(bare) if arabic else _from_latin(bare))


def _from_arabic(word: str) -> str:
    """Initial و and ي are consonants, later ones mostly long vowels."""
    first = {"و": "w", "ي": "y"}.get(word[:1], "")
    rest = word.translate(_ARABIC_LETTERS).replace("و", "").replace("ي", "")
    return _without_final_h(first + "".join(char for char in rest if char.isascii()))


def _from_latin(word: str) -> str:
    if len(word) > 2 and word[0] == word[1] and word[0] not in "aeiou":
        word = word[1:]
    first = "w" if re.match(r"w|ou[aeiy]", word) else "y" if word[:1] == "y" else ""
    for pattern, letter in _LATIN_GROUPS:
        word = pattern.sub(letter, word)
    rest = word.translate(_LATIN_LETTERS).replace("w", "").replace("y", "")
    return _without_final_h(first + "".join(char for char in rest if char.isascii()))


def _without_final_h(bones: str) -> str:
    """A soft h (ه, ة, Latin h) at the end carries no sound; elsewhere people write it for ح, so it becomes one with it."""
    return (bones[:-1] if len(bones) > 2 and bones.endswith("H") else bones).replace("H", "h")


@lru_cache(maxsize=1)
def _loans() -> Mapping[str, str]:
    """Spelling of a French loan word, in either script, to the skeleton they share: that of the first spelling."""
    groups = load_yaml(LOANS_FILE.read_text(encoding="utf-8"))
    table: dict[str, str] = {}
    for group in groups:
        spellings = [normalise(str(spelling)) for spelling in group]
        shared = _DOUBLED.sub(r"\1", _from_latin(spellings[0]))
        table.update(dict.fromkeys(spellings, shared))
    return table
