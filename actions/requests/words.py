"""The small words that steer the report form (`data/city/report_words.yml`): "I don't know", "anonymous", "not", anger."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path

from nlu.examples import read_yaml
from nlu.text import normalise, words


@dataclass(frozen=True, slots=True)
class Phrases:
    """Phrases that count as whole words, whatever their case, accents and Arabic letter variants."""

    forms: frozenset[str]

    def are_in(self, text: str) -> bool:
        padded = _padded(text)
        return any(f" {form} " in padded for form in self.forms)

    def begin(self, text: str) -> bool:
        return any(_padded(text).startswith(f" {form} ") for form in self.forms)

    def are_all_of(self, text: str) -> bool:
        """Whether the text is one of the phrases and nothing else."""
        return _padded(text).strip() in self.forms

    def without(self, text: str) -> str:
        """The normalised text without the phrases."""
        rest = _padded(text)
        for form in sorted(self.forms, key=len, reverse=True):
            while f" {form} " in rest:
                rest = rest.replace(f" {form} ", " ")
        return rest.strip()

    def behind(self, text: str) -> str | None:
        """What stands behind the phrase, as it was typed; None where there is no phrase."""
        typed, said = words(text), [word.text for word in words(normalise(text))]
        if len(typed) != len(said):
            typed = words(text := normalise(text))
        for form in sorted(self.forms, key=len, reverse=True):
            parts = form.split()
            for first in range(len(said) - len(parts) + 1):
                if said[first : first + len(parts)] == parts:
                    return text[typed[first + len(parts) - 1].end :].strip(" ,:;.!?؟،")
        return None

    def not_first(self, text: str) -> str:
        """The text without those of its first words that are phrases."""
        typed = words(text)
        kept = next((word for word in typed if not self.are_all_of(word.text)), None)
        return text[kept.start :] if kept else ""


@dataclass(frozen=True, slots=True)
class ReportWords:
    dont_know: Phrases
    anonymous: Phrases
    negation: Phrases
    not_this: Phrases
    me_too: Phrases
    joins: Phrases
    abusive: Phrases
    place_fillers: Phrases
    asks: Phrases
    it_is: Phrases
    but_is: Phrases
    thing_is: Phrases
    without: Phrases
    within: Phrases
    and_prefix: Phrases
    place_things: Phrases
    same_place: Phrases
    what_became: Phrases
    besides: Phrases
    adds: Phrases
    who_knows: Phrases
    agrees: Phrases
    begins_yes: Phrases
    send: Phrases
    gives_up: Phrases
    solved: Phrases
    nothing_done: Phrases
    place_openers: Phrases
    describes: Phrases
    near: Phrases
    wait: Phrases
    later: Phrases
    why: Phrases
    yes_but: Phrases
    thanks: Phrases
    change_place: Phrases
    home: Phrases
    traffic_light: Phrases
    hurt: Phrases
    since: Phrases
    durations: Phrases
    forgot_to_say: Phrases
    say_links: Phrases


def read_report_words(path: Path) -> ReportWords:
    """Reads the file, a list for each field. Raises `ValueError` with the file and the lists that are missing."""
    content: dict[str, list[str]] = read_yaml(path)
    names = [field.name for field in fields(ReportWords)]
    missing = [name for name in names if name not in content]
    if missing:
        raise ValueError(f"{path}: add the list {' and '.join(missing)}")
    return ReportWords(**{name: _phrases(content[name]) for name in names})


def _phrases(written: Iterable[object]) -> Phrases:
    return Phrases(frozenset(_padded(str(phrase)).strip() for phrase in written))


@lru_cache(maxsize=64)  # A message is searched for one list of phrases after another.
def _padded(text: str) -> str:
    return f" {' '.join(word.text for word in words(normalise(text)))} "
