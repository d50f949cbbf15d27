"""Two people at one answer: what each of them changed since they began is put together; where both changed the same, it is asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from actions.faq_text import FaqFields
from staff.pages.faq.form import source_line
from staff.visit import Visit

_Key = tuple[str, ...]
_ALONE = ("owner", "checked_on", "valid_until", "status", "source", "related")


@dataclass(frozen=True, slots=True)
class Clash:
    """A field that both changed, each in another way. `key`: its name, then aspect and language where it has them."""

    key: _Key
    mine: Any
    theirs: Any


def put_together(base: FaqFields, mine: FaqFields, theirs: FaqFields) -> tuple[FaqFields, list[Clash]]:
    """The changes of both over what both began with; where they clash `mine` stands, and it is said."""
    before, ours, other = _flat(base), _flat(mine), _flat(theirs)
    kept, clashes = {}, []
    for key in {**other, **ours, **before}:
        old, own, new = before.get(key), ours.get(key), other.get(key)
        kept[key] = new if own == old else own
        if key[0] == "examples":
            kept[key] = _examples(old or (), own or (), new or ())
        elif own not in (old, new) and new != old:
            clashes.append(Clash(key, own, new))
    return _fields(kept), clashes


def clash_name(visit: Visit, clash: Clash) -> str:
    """Which box of the page it is."""
    name, *rest = clash.key
    *aspect, tag = rest or [""]
    parts = [visit.say(f"field.{name}"), *(visit.say(f"aspect.{code}") for code in aspect)]
    return " · ".join([*parts, *([visit.say(f"lang.{tag}")] if tag else [])])


def clash_text(visit: Visit, value: Any) -> str:
    """What a colleague put there, as the box would show it."""
    if not isinstance(value, tuple):
        return "—" if value in (None, "") else str(value)
    names = visit.desk.live.house.knowledge
    lines = [source_line(v) if isinstance(v, Mapping) else names.label(v, visit.reads) for v in value]
    return "\n".join(lines) or "—"


def _examples(old: tuple[str, ...], own: tuple[str, ...], new: tuple[str, ...]) -> tuple[str, ...]:
    """Lines that one of both added or took out are added or gone: examples never clash."""
    gone = set(old) - set(own)
    return tuple(
        dict.fromkeys([*(line for line in new if line not in gone), *(line for line in own if line not in old)])
    )


def _flat(fields: FaqFields) -> dict[_Key, Any]:
    flat: dict[_Key, Any] = {(name,): getattr(fields, name) for name in _ALONE}
    flat |= {("answer", tag): text for tag, text in fields.answer.items()}
    flat |= {
        ("follow", aspect, tag): text for aspect, texts in fields.follow_ups.items() for tag, text in texts.items()
    }
    return flat | {("examples", tag): tuple(examples) for tag, examples in fields.examples.items()}


def _fields(flat: Mapping[_Key, Any]) -> FaqFields:
    there = {key: value for key, value in flat.items() if value is not None}
    follow_ups: dict[str, dict[str, str]] = {}
    for key, text in there.items():
        if key[0] == "follow":
            follow_ups.setdefault(key[1], {})[key[2]] = text
    return FaqFields(
        **{name: there[(name,)] for name in _ALONE},
        answer={key[1]: text for key, text in there.items() if key[0] == "answer"},
        follow_ups=follow_ups,
        examples={key[1]: examples for key, examples in there.items() if key[0] == "examples" and examples},
    )
