"""What a message wants done with an agenda, and how many minutes before a session it speaks of."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from nlu.concepts import Lexicon
from nlu.plain_yaml import load_yaml
from nlu.programme_words import content_words
from nlu.text import normalise, words

WORDS_FILE = Path(__file__).with_name("agenda_words.yml")
LEADS_FILE = Path(__file__).with_name("lead_times.yml")
_LONGEST_LEAD = 180
"""Minutes; who says more means something else ("la veille" is not a reminder before a talk)."""

_NUMBER = re.compile(r"(?<![\d:h])([1-9])(?![\d:h]|\s*(?:h\b|min|mn|d9|دق))")
"""A digit that is no hour and no number of minutes."""


def wishes(text: str) -> frozenset[str]:
    """Which of `add`, `remove`, `everything`, `both`, `calendar` and `stop` a text speaks of."""
    found = set(_lexicon().find([word.text for word in words(normalise(text))]))
    if "calendar_too" in found and "add" not in found:
        found.add("calendar")
    return frozenset(found - {"calendar_too", "mine"})


def begins_with_wish(text: str) -> bool:
    """Whether the first word already says to add or to remove: "add the women in tech session"."""
    first = words(normalise(text))[:1]
    return bool(first) and bool({"add", "remove"} & set(_lexicon().find([first[0].text])))


def topic_words(text: str) -> list[str]:
    """The words of a text that may name a session: what is left without the agenda and what is done with it."""
    return [word for word in content_words(text) if not _lexicon().find([word]) and not word.isdecimal()]


def number_in_list(text: str) -> int | None:
    """ "ajoute la 3", "zid 2": the number of an entry of a list, 1 to 9; None where a text has none."""
    found = _NUMBER.search(normalise(text))
    return int(found[1]) if found else None


def minutes_before(text: str) -> int | None:
    """ "10 min avant", "rob3 sa3a 9bel", "نص ساعة": minutes; None where a text names none."""
    known = _leads()
    said = " ".join(word.text for word in words(normalise(text)))
    for phrase, minutes in known.phrases.items():
        if re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)", said):
            return minutes
    for found in known.counted.finditer(said):
        number = found["number"]
        amount = int(number) if number.isdecimal() else known.numbers[number]
        minutes = amount * (60 if found["hours"] else 1)
        if 1 <= minutes <= _LONGEST_LEAD:
            return minutes
    return None


@dataclass(frozen=True)
class _Leads:
    phrases: Mapping[str, int]
    numbers: Mapping[str, int]
    counted: re.Pattern[str]
    """A number and a word for minutes or hours."""


@lru_cache(maxsize=1)
def _lexicon() -> Lexicon:
    return Lexicon.of(load_yaml(WORDS_FILE.read_text(encoding="utf-8")))


@lru_cache(maxsize=1)
def _leads() -> _Leads:
    content = load_yaml(LEADS_FILE.read_text(encoding="utf-8"))
    phrases = {_plain(p): int(minutes) for minutes, found in content["phrases"].items() for p in found}
    numbers = {_plain(p): int(number) for number, found in content["numbers"].items() for p in found}
    units = {
        name: "|".join(re.escape(_plain(word)) for word in content[name]) for name in ("minutes", "hours", "before")
    }
    number = "|".join(sorted(map(re.escape, numbers), key=len, reverse=True))
    # "à 10h" is a time of day; only "1h avant" is so long before.
    counted = rf"(?<!\w)(?P<number>\d{{1,3}}|{number}) ?(?:(?:d |dyal |ديال |د )?(?:{units['minutes']})(?!\w)|(?P<hours>(?:{units['hours']}) (?:{units['before']})(?!\w)))"
    return _Leads(dict(sorted(phrases.items(), key=lambda pair: pair[1])), numbers, re.compile(counted))


def _plain(phrase: str) -> str:
    return " ".join(word.text for word in words(normalise(phrase)))
