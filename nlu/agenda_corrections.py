"""How people go on about what they have just done with their agenda: one more, another in its place, or rather not."""

from collections.abc import Container, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from nlu.agenda_words import bids, is_of_agenda, number_in_list, numbers_in_list
from nlu.ordinals import LAST, is_filler
from nlu.plain_yaml import load_yaml
from nlu.programme_words import content_words, is_too_common, parts
from nlu.text import normalise

WORDS_FILE = Path(__file__).with_name("agenda_corrections.yml")
_COUNTS = {2: "two", 3: "three"}
_THINKS_BETTER = ("change_of_mind", "second_thought", "refusal")
_BESIDE = "beside"


def numbers_meant(text: str, known: Container[str] = ()) -> Sequence[int]:
    """The entries of a list that a text means, in its order: "2 and 4", "the first two", "zid tanya w rab3a"; `LAST` for the last."""
    numbers, said = numbers_in_list(text, known), parts(text)
    count = next((count for count, name in _COUNTS.items() if any(word in _lists()[name] for word in said)), None)
    if count is not None and numbers == [1]:
        return range(1, count + 1)
    if count is not None and numbers == [LAST]:
        return range(-count, 0)
    return numbers


def goes_on(text: str) -> bool:
    """Whether a text says that something goes the same way as what was before it: "and number 4", "the 2pm one too"."""
    said = parts(text)
    return bool(said) and not bids(text) and (said[0] in _lists()["and_then"] or adds_as_well(text))


def adds_as_well(text: str) -> bool:
    """Whether a text says "too", "aussi", "حتى"."""
    return any(word in _lists()["as_well"] for word in parts(text))


def takes_back(text: str) -> bool:
    """Whether a text only says that somebody thinks better of what they just did: "oh wait, no", "finalement non"."""
    said, heard = parts(text), set[str]()
    while said:
        length, name = max((_beginning(said, name), name) for name in (*_THINKS_BETTER, _BESIDE))
        if not length:
            return False
        heard.add(name)
        said = said[length:]
    return "change_of_mind" in heard or {"second_thought", "refusal"} <= heard


def without_second_thoughts(text: str) -> str:
    """What is to be done, without the hesitation before it: "take it out" of "actually no, take it out"."""
    said = parts(text)
    if not any(_beginning(said[place:], name) for place in range(len(said)) for name in _THINKS_BETTER[:2]):
        return text
    place = end = 0
    while place < len(said):
        hesitates = max(_beginning(said[place:], name) for name in _THINKS_BETTER)
        length = hesitates or _beginning(said[place:], _BESIDE)
        if not length:
            break
        place += length
        if hesitates:
            # What stands behind it may be of the order: "actually the AI one instead".
            end = place
    return " ".join(said[end:]) if end else text


def replacement(text: str) -> tuple[str, str] | None:
    """What goes and what comes in its place, in the words of a text that swaps them; what goes is empty where the text leaves it out.

    None for any other text.
    """
    said, lists = parts(without_second_thoughts(text)), _lists()
    places = [place for place, word in enumerate(said) if word in lists["replace"]]
    if not places:
        return None
    left = [word for word in said if word not in lists["replace"]]
    if places[0] > 0 or said[0] not in lists["replace"]:
        return "", " ".join(left)
    between = [place for place, word in enumerate(left) if word in lists["by"]]
    if not between:
        return "", " ".join(left)
    return " ".join(left[: between[-1]]), " ".join(left[between[-1] + 1 :])


def preferred(text: str) -> tuple[str, str] | None:
    """The same for a text that likes another better, or thinks better and only names it: "je préfère la 3", "actually the third one".

    What it means is plain only right after one was put in.
    """
    rest, lists = without_second_thoughts(text), _lists()
    said = parts(rest)
    places = [place for place, word in enumerate(said) if word in lists["prefer"]]
    if adds_as_well(text) or bids(rest):
        return None
    if not places:
        hesitates = said != parts(text) and bool(numbers_meant(rest)) and says_no_more(said)
        return ("", " ".join(said)) if hesitates else None
    left = [word for word in said if word not in lists["prefer"]]
    between = [place for place, word in enumerate(left) if word in lists["over"] and 0 < place < len(left) - 1]
    if not between:
        return "", " ".join(left)
    return " ".join(left[between[-1] + 1 :]), " ".join(left[: between[-1]])


def says_no_more(words: Sequence[str], known: Container[str] = ()) -> bool:
    """Whether words that name nothing of the programme are all words of such a text."""
    return all(
        word.isdecimal() or is_too_common(word) or is_of_agenda(word, known) or is_filler(word) or _is_listed(word)
        for word in words
    )


def names_an_entry(text: str, known: Container[str] = ()) -> bool:
    """Whether a text means an entry of a list, or has a word that may name a session."""
    telling = [word for word in content_words(text) if not (is_of_agenda(word, known) or _is_listed(word))]
    return number_in_list(text, known) is not None or bool(telling)


def _is_listed(word: str) -> bool:
    return any(word in phrase for listed in _phrases().values() for phrase in listed)


def _beginning(said: Sequence[str], name: str) -> int:
    """How many words of the beginning are an entry of that list; 0 where none is."""
    return max((len(entry) for entry in _phrases()[name] if tuple(said[: len(entry)]) == entry), default=0)


@lru_cache(maxsize=1)
def _phrases() -> Mapping[str, frozenset[tuple[str, ...]]]:
    """The entries of each list by their words."""
    return {name: frozenset(tuple(parts(entry)) for entry in listed) for name, listed in _lists().items()}


@lru_cache(maxsize=1)
def _lists() -> Mapping[str, frozenset[str]]:
    content: dict[str, list[str]] = load_yaml(WORDS_FILE.read_text(encoding="utf-8"))
    return {name: frozenset(map(normalise, listed)) for name, listed in content.items()}
