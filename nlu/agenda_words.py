"""What a message wants done with an agenda, and how many minutes before a session it speaks of."""

import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import dropwhile
from pathlib import Path

from nlu.concepts import MAX_WORDS, Lexicon
from nlu.negation import denies
from nlu.ordinals import is_filler, rank, ranks, ranks_of
from nlu.plain_yaml import load_yaml
from nlu.programme_words import content_words, is_too_common, parts
from nlu.text import normalise, words

WORDS_FILE = Path(__file__).with_name("agenda_words.yml")
LEADS_FILE = Path(__file__).with_name("lead_times.yml")
_LONGEST_LEAD = 180
"""Minutes; who says more means something else ("la veille" is not a reminder before a talk)."""

_CLAUSES = re.compile(r"[,;:.!?،؛؟]")
_WISHES = frozenset({"add", "remove", "everything", "both", "calendar", "stop"})
_VERBS = frozenset({"add", "remove"})
_NUMBER = re.compile(r"(?<![\w:])([1-9])(?![\w:]|\s*(?:h\b|min|mn|d9|دق))")
"""A digit that is no hour, no number of minutes and no letter ("7eyyed")."""


def wishes(text: str) -> frozenset[str]:
    """Which of `add`, `remove`, `everything`, `both`, `calendar` and `stop` a text speaks of."""
    found = set(_lexicon().find([word.text for word in words(normalise(text))]))
    if "calendar_too" in found and "add" not in found:
        found.add("calendar")
    return frozenset(found & _WISHES)


def bids(text: str) -> bool:
    """Whether a part of a text begins by saying to add or to remove: "oui, ajoute l'atelier", "the one on startups, add it"."""
    starts = [_behind_assent(clause)[:MAX_WORDS] for clause in _CLAUSES.split(text)]
    return any(_VERBS.intersection(_lexicon().find(start)) - set(_lexicon().find(start[1:])) for start in starts)


def asks_own_day(text: str) -> bool:
    """Whether it is spoken of what somebody has to go to: "what do I have tomorrow", "chno 3ndi ghedda"."""
    return _has_phrase(text, "own_day")


def beside_own_next(text: str) -> str | None:
    """What is said beside "my next" or "j'ai quoi après", by which somebody asks for what they have to go to; None without such words."""
    said = " ".join(word.text for word in words(normalise(text)))
    found = (re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)", said) for phrase in _phrases("own_next"))
    span = next((match.span() for match in found if match), None)
    return f"{said[: span[0]]} {said[span[1] :]}" if span else None


def order(text: str, known: Container[str] = ()) -> frozenset[str] | None:
    """The wishes of a text that only says what to do with what is on the screen ("ok add it", "remove the first", "زيدها"); else None.

    `known` are the words of the programme: who says one of them names a session.
    """
    said = parts(text)
    meant = _lexicon().find(said)
    wanted, behind = wishes(text), _behind_assent(text)
    if behind in _takes():
        return frozenset({"add"})
    of_person = "number" in meant and not numbers_in_list(text, known)
    if of_person or "calendar" in wanted or not _VERBS & wanted or denies(" ".join(behind)):
        return None
    return wanted if all(_tells_nothing(part, known) for part in said) else None


def topic_words(text: str, known: Container[str] = ()) -> list[str]:
    """The words of a text that may name a session: what is left without the agenda and what is done with it.

    One of the `known` words, those of the programme, is only left out where it is written like one of the agenda's.
    """
    return [word for word in content_words(text) if not is_of_agenda(word, known) and not word.isdecimal()]


def number_in_list(text: str, known: Container[str] = ()) -> int | None:
    """ "ajoute la 3", "zid tanya": the number of an entry of a list, 1 to 9, or `LAST`; None where a text has none."""
    found = _NUMBER.search(normalise(text))
    return int(found[1]) if found else rank(text, known)


def numbers_in_list(text: str, known: Container[str] = ()) -> list[int]:
    """The same for a text that may mean several: "2 and 4" in figures, else "the second and the fourth" in words."""
    in_figures = [int(found[1]) for found in _NUMBER.finditer(normalise(text))]
    return in_figures or ranks(text, known)


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


def _behind_assent(text: str) -> list[str]:
    """The words of a text without the yes, no or thanks that it begins with."""
    return list(dropwhile(lambda part: "assent" in _lexicon().find([part]), parts(text)))


def is_of_agenda(word: str, known: Container[str]) -> bool:
    """Whether a word is one of those about an agenda or its entries, which name no session."""
    if word in known and not _lexicon().spells(word):
        return bool(ranks_of(word, known))
    return bool(_lexicon().find([word]) or ranks_of(word, known))


def _tells_nothing(word: str, known: Container[str]) -> bool:
    return word.isdecimal() or is_too_common(word) or is_filler(word) or is_of_agenda(word, known)


@dataclass(frozen=True)
class _Leads:
    phrases: Mapping[str, int]
    numbers: Mapping[str, int]
    counted: re.Pattern[str]
    """A number and a word for minutes or hours."""


@lru_cache(maxsize=1)
def _lexicon() -> Lexicon:
    return Lexicon.of(
        {name: forms for name, forms in _content().items() if name not in ("takes_it", "own_day", "own_next")}
    )


@lru_cache(maxsize=1)
def _takes() -> Sequence[list[str]]:
    return [parts(phrase) for phrase in _content()["takes_it"]]


def _has_phrase(text: str, name: str) -> bool:
    said = " ".join(word.text for word in words(normalise(text)))
    return any(re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)", said) for phrase in _phrases(name))


@lru_cache(maxsize=2)
def _phrases(name: str) -> Sequence[str]:
    return [_plain(phrase) for phrase in _content()[name]]


@lru_cache(maxsize=1)
def _content() -> Mapping[str, list[str]]:
    content: dict[str, list[str]] = load_yaml(WORDS_FILE.read_text(encoding="utf-8"))
    return content


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
