"""What staff type to choose among requests, read kindly: names of arrondissements, categories and states."""

from collections.abc import Iterable, Mapping

from actions.geography import City
from actions.requests.categories import Category
from actions.requests.life import OPEN, RequestState
from nlu.text import normalise


def arrondissement_id(city: City, typed: str) -> str:
    """The id of the arrondissement with this id or name in either script; raises `ValueError` with all of them."""
    wanted = normalise(typed).replace("-", " ")
    for place in city.arrondissements:
        if wanted in (normalise(name).replace("-", " ") for name in (place.id, place.name_fr, place.name_ar)):
            return place.id
    raise ValueError(f"no arrondissement {typed!r}; there are {', '.join(p.id for p in city.arrondissements)}")


def category_ids(categories: Mapping[str, Category], typed: Iterable[str]) -> list[str]:
    """The categories with these names or codes ("road", "report/road", "voirie"); raises `ValueError` with all of them."""
    found = []
    for name in typed:
        by_code = next((intent for intent, category in categories.items() if category.code == name), None)
        intent = by_code or (name if name in categories else f"report/{name}")
        if intent not in categories:
            names = ", ".join(known.removeprefix("report/") for known in categories)
            raise ValueError(f"no category {name!r}; there are {names}")
        found.append(intent)
    return found


def state_ids(typed: Iterable[str]) -> list[str]:
    """The states with these names; "open" stands for all in which somebody has to act. Raises `ValueError` with all."""
    found: list[str] = []
    for name in typed:
        if name == "open":
            found += sorted(state.value for state in OPEN)
        elif name in set(RequestState):
            found.append(name)
        else:
            raise ValueError(f"no state {name!r}; there are open, {', '.join(RequestState)}")
    return found
