"""The programme as a page to print or to read on a phone: one file that needs no other, from right to left in Arabic letters."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from itertools import groupby
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from actions.exchange.outgoing import Outgoing
from actions.expo.wording import clock, named_date, named_days
from actions.programme.edition import BREAKS, Session
from actions.reply import Say, Words
from actions.texts import with_directions
from nlu.times import CASABLANCA
from nlu.understanding import Language

_TEMPLATE = "programme_sheet.html"
_HTML_LANGUAGE = {Language.DARIJA: ("ar-MA", "rtl"), Language.DARIJA_LATIN: ("ary-Latn", "ltr")}


@dataclass(frozen=True, slots=True)
class _Entry:
    """A session as it is printed; `hours` tells its end, which others of the same start need not share."""

    hours: str
    where: str
    title: str
    speakers: str
    spoken: tuple[str, ...]
    public: bool
    pause: bool


@dataclass(frozen=True, slots=True)
class _Day:
    name: str
    anchor: str
    slots: tuple[tuple[str, tuple[_Entry, ...]], ...]
    """What begins at the same time, by that time."""


def write(outgoing: Outgoing) -> bytes:
    """The page in the language of `outgoing`."""
    pages = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    edition = outgoing.edition
    tag, direction = _HTML_LANGUAGE.get(outgoing.language, (outgoing.language.value, "ltr"))
    page = pages.get_template(_TEMPLATE).render(
        language=tag,
        direction=direction,
        say=lambda key: outgoing.texts.of(Say(key), outgoing.language),
        name=_shown(outgoing, edition.name.text(outgoing.language)),
        theme=_shown(outgoing, edition.theme.text(outgoing.language)) if edition.theme else "",
        days_named=outgoing.texts.of(named_days(edition.days), outgoing.language),
        venue=_shown(outgoing, f"{edition.venue.name}, {edition.venue.address}") if edition.venue else "",
        site=outgoing.url,
        site_name=edition.site,
        state=_state(outgoing),
        demonstration=edition.demonstration,
        days=[_day(outgoing, day) for day in outgoing.days],
        undated=[_entry(outgoing, session) for session in edition.sessions if session.start is None],
    )
    return page.encode()


def _day(outgoing: Outgoing, day: date) -> _Day:
    timed = [s for s in outgoing.edition.sessions if s.start and s.end and day in s.dates]
    # Rooms in their order, then what goes on outside of them; breaks stand alone under their time.
    rooms = {key: place for place, key in enumerate(outgoing.edition.rooms)}
    timed.sort(key=lambda s: (s.start, rooms.get(s.room or "", len(rooms)), s.end))
    slots = (
        (_said(outgoing, clock(begins)), tuple(_entry(outgoing, session) for session in sessions))
        for begins, sessions in groupby(timed, key=lambda session: session.start)
        if begins
    )
    return _Day(_said(outgoing, named_date(day)), f"d{day}", tuple(slots))


def _entry(outgoing: Outgoing, session: Session) -> _Entry:
    hours = (
        f"{session.start:%H:%M}–{session.end:%H:%M}"
        if session.start and session.end
        else _said(outgoing, named_days(session.dates))
    )
    return _Entry(
        hours=hours,
        where=_shown(outgoing, outgoing.where(session)),
        title=_shown(outgoing, outgoing.title(session)),
        speakers=_shown(outgoing, ", ".join(outgoing.speakers(session))),
        spoken=tuple(_said(outgoing, line) for line in _spoken(session)),
        public=session.public,
        pause=session.kind in BREAKS,
    )


def _spoken(session: Session) -> Iterator[Say]:
    for key, tags in (("languages", session.languages), ("interpretation", session.interpretation)):
        if tags:
            yield Say(f"expo.session.{key}", {"languages": _joined([Say(f"expo.language.{tag}") for tag in tags])})


def _joined(parts: Sequence[Say]) -> Say:
    return reduce(lambda first, second: Say("expo.and", {"first": first, "second": second}), parts)


def _state(outgoing: Outgoing) -> str:
    made_at = outgoing.made_at.astimezone(CASABLANCA)
    when = {"date": Say("expo.date.year", {"date": named_date(made_at.date()), "year": made_at.year})}
    return _said(outgoing, Say("expo.sheet.state", when | {"time": clock(made_at), "version": outgoing.version}))


def _said(outgoing: Outgoing, part: Say | Words) -> str:
    return outgoing.texts.of(part, outgoing.language)


def _shown(outgoing: Outgoing, text: str) -> str:
    return with_directions(text, outgoing.language)
