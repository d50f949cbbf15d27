"""Lists of phrases that a message is searched for, read from a file with a list for each field of a class."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TypeVar

from nlu.examples import read_yaml
from nlu.text import normalise, words

Lists = TypeVar("Lists")


@dataclass(frozen=True)
class Phrases:
    """Phrases that count as whole words, whatever their case, accents and Arabic letter variants."""

    forms: frozenset[str]

    @cached_property
    def _by_first_word(self) -> Mapping[str, Sequence[tuple[str, ...]]]:
        """The phrases that begin with a word, the longest first: a message is searched for hundreds of them."""
        known: dict[str, list[tuple[str, ...]]] = {}
        for form in sorted(self.forms, key=len, reverse=True):
            parts = tuple(form.split())
            known.setdefault(parts[0], []).append(parts)
        return known

    def are_in(self, text: str) -> bool:
        said = _words(text)
        return any(self._length_at(said, start) for start in range(len(said)))

    def begin(self, text: str) -> bool:
        said = _words(text)
        return bool(said) and self._length_at(said, 0) > 0

    def are_all_of(self, text: str) -> bool:
        """Whether the text is one of the phrases and nothing else."""
        return " ".join(_words(text)) in self.forms

    def without(self, text: str) -> str:
        """The normalised text without the phrases."""
        said, kept, start = _words(text), list[str](), 0
        while start < len(said):
            length = self._length_at(said, start)
            kept += [] if length else [said[start]]
            start += length or 1
        return " ".join(kept)

    def behind(self, text: str) -> str | None:
        """What stands behind the phrase, as it was typed; None where there is no phrase."""
        said = _words(text)
        found = next(((start, length) for start in range(len(said)) if (length := self._length_at(said, start))), None)
        if found is None:
            return None
        typed = words(text)
        if len(typed) != len(said):
            typed = words(text := normalise(text))
        return text[typed[sum(found) - 1].end :].strip(" ,:;.!?؟،")

    def before(self, text: str) -> str | None:
        """What stands before the phrase, normalised; None where there is no phrase."""
        said = _words(text)
        start = next((start for start in range(len(said)) if self._length_at(said, start)), None)
        return None if start is None else " ".join(said[:start])

    def without_last(self, text: str) -> str:
        """The text, as it was typed, without the phrase that ends it."""
        typed = words(text)
        return text[: typed[-1].start].rstrip(" ,") if typed and self.are_all_of(typed[-1].text) else text

    def not_first(self, text: str) -> str:
        """The text without those of its first words that are phrases."""
        typed = words(text)
        kept = next((word for word in typed if not self.are_all_of(word.text)), None)
        return text[kept.start :] if kept else ""

    def _length_at(self, said: Sequence[str], start: int) -> int:
        """How many words the longest phrase has that stands there; 0 for none."""
        known = self._by_first_word.get(said[start], ())
        return next((len(parts) for parts in known if tuple(said[start : start + len(parts)]) == parts), 0)


@dataclass(frozen=True, slots=True)
class PlainWords:
    """The lists by which `plain_words.py` knows a question (`data/city/plain_words.yml`)."""

    builds: Phrases
    without_permit: Phrases
    parks: Phrases
    tram: Phrases
    bins: Phrases
    collected: Phrases
    public_offices: Phrases
    opens: Phrases
    asks_where: Phrases
    lacking: Phrases
    hardly_lacking: Phrases
    no_power: Phrases
    no_water: Phrases
    no_road: Phrases
    here: Phrases
    facilities: Phrases
    of_a_facility: Phrases
    own_vehicles: Phrases
    vanished: Phrases
    pounds: Phrases
    animals: Phrases
    taxis: Phrases
    permits: Phrases
    in_person: Phrases
    must: Phrases
    agents: Phrases
    other_people: Phrases
    mistreats: Phrases
    complains: Phrases
    vehicles: Phrases
    abandoned: Phrases
    is_to_come: Phrases
    rescuers_houses: Phrases
    other_offices: Phrases
    seeks: Phrases
    clock: Phrases
    drugs: Phrases
    police: Phrases
    own_animals: Phrases
    gets_lost: Phrases
    loses: Phrases
    belongings: Phrases
    rides: Phrases
    toilets: Phrases
    litter: Phrases
    other_papers: Phrases
    papers: Phrases
    wants_information: Phrases
    sees_about: Phrases
    in_passing: Phrases
    joins_questions: Phrases
    on_wheels: Phrases
    last_or_first: Phrases
    trains: Phrases
    next_ones: Phrases
    buses: Phrases
    around_a_ride: Phrases
    toward: Phrases
    far: Phrases
    around_far: Phrases
    here_now: Phrases


def read_phrases(path: Path, lists: type[Lists]) -> Lists:
    """Reads the file, a list for each field of the class. Raises `ValueError` with the file and the lists that are missing."""
    content: dict[str, list[str]] = read_yaml(path)
    names = [field.name for field in fields(lists)]  # type: ignore[arg-type]
    missing = [name for name in names if name not in content]
    if missing:
        raise ValueError(f"{path}: add the list {' and '.join(missing)}")
    return lists(**{name: _phrases(content[name]) for name in names})


def _phrases(written: Iterable[object]) -> Phrases:
    return Phrases(frozenset(" ".join(_words(str(phrase))) for phrase in written))


@lru_cache(maxsize=64)  # A message is searched for one list of phrases after another.
def _words(text: str) -> tuple[str, ...]:
    return tuple(word.text for word in words(normalise(text)))
