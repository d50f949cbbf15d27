"""Categories of service requests as data: the office, the deadline and its source, the radius, the questions, the dangers."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nlu.examples import read_yaml
from nlu.text import normalise, words
from nlu.understanding import Language

_PLACES = frozenset({"spot", "office", "line"})


@dataclass(frozen=True, slots=True)
class Deadline:
    """A deadline that a source gives: either `days` or `hours` is set. `said` is the half sentence that tells whose it is."""

    id: str
    days: int
    hours: int
    legal: bool
    source: str
    source_date: str
    said: Mapping[Language, str]


@dataclass(frozen=True, slots=True)
class Question:
    """An extra question of a category. `choices` are offered as buttons (id and label); free words are taken as well."""

    id: str
    ask: Mapping[Language, str]
    name: Mapping[Language, str]
    """What stands before the answer in summary and console: "Depuis"."""
    choices: Mapping[str, Mapping[Language, str]]
    """Empty: the answer is a number that stands on the thing."""
    answered_by: frozenset[str]
    """Words that answer it in the report itself."""
    yes: str | None = None
    no: str | None = None
    """The choices that a bare yes or no means; None where it is not asked so."""

    def is_answered_by(self, text: str) -> bool:
        """Whether a report says already what this would ask ("depuis lundi")."""
        padded = f" {' '.join(word.text for word in words(normalise(text)))} "
        return any(f" {phrase} " in padded for phrase in self.answered_by)


@dataclass(frozen=True, slots=True)
class Category:
    """What a `report/*` intent files, and the office that answers for it."""

    intent: str
    code: str
    group: str
    upstream_code: str
    """The service of the city's own back end; `code` itself unless the data says another."""
    body: str
    bodies: Mapping[str, str]
    """Other offices by arrondissement."""
    sourced: bool
    source: str | None
    deadline: Deadline | None
    radius_m: int
    """Within it, an open request may be about the same thing."""
    near_days: int
    """An open request older than this is no longer taken for the same thing."""
    neighbours: tuple[str, ...]
    """Categories in which people file the same thing (waste and bins)."""
    questions: tuple[Question, ...]
    danger_words: frozenset[str]
    always_danger: bool
    place: str
    """What tells where: a "spot", an "office" (its arrondissement will do), or a "line" (whatever the person says of it)."""
    photo: bool
    """Whether a picture is asked for."""
    private: bool
    """Never in the public feed: complaints about people, and what nobody has named yet."""

    def is_dangerous(self, text: str) -> bool:
        """Whether the words of a report speak of people in danger (wires, an open manhole, a falling wall)."""
        return self.always_danger or any(word.text in self.danger_words for word in words(normalise(text)))

    def body_in(self, arrondissement: str | None) -> str:
        """The office that answers for it in this arrondissement."""
        return self.bodies.get(arrondissement or "", self.body)


def retired(intent: str, body: str) -> Category:
    """What a request is dealt with by when its category has left the data: no deadline, no questions, and nothing for the public,
    since nobody can say any more whether it was about people."""
    code = intent.removeprefix("report/")
    return Category(
        intent=intent,
        code=code,
        group="",
        upstream_code=code,
        body=body,
        bodies={},
        sourced=False,
        source=None,
        deadline=None,
        radius_m=0,
        near_days=0,
        neighbours=(),
        questions=(),
        danger_words=frozenset(),
        always_danger=False,
        place="spot",
        photo=False,
        private=True,
    )


class BrokenCategories(ValueError):
    """Categories or questions that cannot be read; the message names file, entry and remedy."""


def read_categories(path: Path) -> Mapping[str, Category]:
    """The categories by intent; `questions.yml` beside the file holds their questions. Raises `BrokenCategories`."""
    content = read_yaml(path)
    questions = _read_questions(path.with_name("questions.yml"))
    deadlines = {id_: _deadline(id_, entry) for id_, entry in content["deadlines"].items()}
    found = {}
    for intent, entry in content["categories"].items():
        try:
            found[intent] = _category(intent, {**content["defaults"], **entry}, deadlines, questions)
        except (KeyError, TypeError, ValueError) as error:
            raise BrokenCategories(f"{path}: {intent}: {error!r} is missing, unknown or not of its kind") from error
    for category in found.values():
        unknown = [neighbour for neighbour in category.neighbours if neighbour not in found]
        if unknown:
            raise BrokenCategories(f"{path}: {category.intent}: neighbours {unknown} are no categories")
    return found


def _category(
    intent: str, entry: Mapping[str, Any], deadlines: Mapping[str, Deadline], questions: Mapping[str, Question]
) -> Category:
    return Category(
        intent=intent,
        code=str(entry["code"]),
        group=str(entry["group"]),
        upstream_code=str(entry.get("upstream_code") or entry["code"]),
        body=str(entry["body"]),
        bodies={str(id_): str(body) for id_, body in (entry.get("bodies") or {}).items()},
        sourced=bool(entry["sourced"]),
        source=entry["source"],
        deadline=deadlines[entry["deadline"]] if entry["deadline"] else None,
        radius_m=int(entry["radius_m"]),
        near_days=int(entry["near_days"]),
        neighbours=tuple(entry.get("neighbours") or ()),
        questions=tuple(questions[id_] for id_ in entry.get("questions") or ()),
        danger_words=frozenset(normalise(str(word)) for word in entry.get("danger_words") or ()),
        always_danger=bool(entry.get("always_danger")),
        place=_one_of(_PLACES, str(entry.get("place") or "spot")),
        photo=bool(entry.get("photo", True)),
        private=bool(entry.get("private")),
    )


def _one_of(known: frozenset[str], value: str) -> str:
    if value not in known:
        raise ValueError(value)
    return value


def _deadline(id_: str, entry: Mapping[str, Any]) -> Deadline:
    return Deadline(
        id=id_,
        days=int(entry.get("days") or 0),
        hours=int(entry.get("hours") or 0),
        legal=bool(entry["legal"]),
        source=str(entry["source"]),
        source_date=str(entry["source_date"]),
        said=_by_language(entry["said"]),
    )


def _read_questions(path: Path) -> dict[str, Question]:
    return {
        id_: Question(
            id=id_,
            ask=_by_language(entry["ask"]),
            name=_by_language(entry["name"]),
            choices={key: _by_language(label) for key, label in (entry.get("choices") or {}).items()},
            answered_by=frozenset(normalise(str(word)) for word in entry.get("answered_by") or ()),
            yes=entry.get("yes"),
            no=entry.get("no"),
        )
        for id_, entry in read_yaml(path).items()
    }


def _by_language(texts: Mapping[str, str]) -> dict[Language, str]:
    return {language: str(texts[language.value]).strip() for language in Language}
