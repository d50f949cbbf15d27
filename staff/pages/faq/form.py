"""The editor's form as the fields of an answer, and back."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from actions.faq_text import FaqFields, languages
from actions.knowledge import ASPECTS
from nlu.examples import MIXED
from staff.pages.faq.draft import today
from staff.visit import Visit

EXAMPLE_TAGS = (*languages(), MIXED)
_VALID_FOR = timedelta(days=182)


def fields_of_form(visit: Visit, before: FaqFields) -> FaqFields:
    """The fields as the form has them; raises `ValueError` for a form that is none of ours."""
    if "owner" not in visit.form:
        raise ValueError("not the editor's form")
    checked, until = visit.field("checked_on"), visit.field("valid_until")
    if visit.field("checked_today"):
        checked, until = today(visit).isoformat(), (today(visit) + _VALID_FOR).isoformat()
    return FaqFields(
        owner=visit.field("owner"),
        checked_on=_date(checked),
        valid_until=_date(until),
        status=visit.field("status"),
        source=_sources(visit.field("source", longest=20_000), before),
        related=tuple(dict.fromkeys(name for name in visit.fields("related") if name))[:3],
        answer={tag: text for tag in languages() if (text := visit.field(f"answer.{tag}", longest=6_000))},
        follow_ups={
            aspect: texts
            for aspect in ASPECTS
            if (
                texts := {
                    tag: text for tag in languages() if (text := visit.field(f"follow.{aspect}.{tag}", longest=6_000))
                }
            )
        },
        examples={
            tag: tuple(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))
            for tag in EXAMPLE_TAGS
            if (text := visit.field(f"examples.{tag}", longest=60_000))
        },
    )


def _date(text: str) -> date | str:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text


def source_line(source: Mapping[str, Any]) -> str:
    return " | ".join(str(source.get(key) or "") for key in ("url", "date", "confidence")).rstrip(" |")


def _sources(text: str, before: FaqFields) -> tuple[Mapping[str, Any], ...]:
    """A line each: address | date | confidence. Lines that did not change keep everything else that the file says of them."""
    known = {source_line(source): source for source in before.source}
    found: list[Mapping[str, Any]] = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        url, day, confidence = [*(part.strip() for part in line.split("|")), "", ""][:3]
        fresh = {key: value for key, value in (("url", url), ("date", day), ("confidence", confidence)) if value}
        found.append(known.get(line, fresh))
    return tuple(found)
