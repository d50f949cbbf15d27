"""What the tests of this folder share: editions, their exports, and what an import of a file makes of them."""

from dataclasses import replace
from datetime import UTC, datetime

from actions.exchange import frab, ical, pretalx, table
from actions.exchange.changes import Change, compare
from actions.exchange.merging import Draft, Wishes, merge
from actions.exchange.outgoing import Outgoing
from actions.exchange.reading import read_bytes
from actions.exchange.sheet import Format
from actions.programme.edition import Edition
from actions.programme.loading import load_edition, with_programme
from actions.texts import Texts
from bot.settings import PROJECT
from nlu.understanding import Language

DEMO = load_edition(PROJECT / "data/expo/demo.yml")
PAST = [load_edition(path) for path in sorted((PROJECT / "data/expo").glob("20*.yml"))]
TEXTS = Texts.load(PROJECT / "data/texts")
WRITERS = {
    Format.FRAB: frab.write,
    Format.PRETALX: pretalx.write,
    Format.ICALENDAR: ical.write,
    Format.CSV: table.write,
}


def exported(edition: Edition, format_: Format, language: Language = Language.FRENCH) -> bytes:
    made_at = datetime(2027, 4, 1, tzinfo=UTC)
    return WRITERS[format_](Outgoing(edition, language, TEXTS, "3", made_at))


def imported(edition: Edition, data: bytes, wishes: Wishes | None = None) -> Draft:
    return merge(read_bytes(data), edition, wishes or Wishes())


def changes(edition: Edition, data: bytes, wishes: Wishes | None = None) -> tuple[Change, ...]:
    """What importing a file would change; it must be without problems."""
    draft = imported(edition, data, wishes)
    assert draft.problems == ()
    return compare(edition, with_programme(edition, draft.content))


def without_programme(edition: Edition) -> Edition:
    """The edition with its rooms, and nothing in them yet."""
    return replace(edition, sessions=(), speakers={}, tracks={})


__all__ = ["DEMO", "PAST", "TEXTS", "WRITERS", "changes", "exported", "imported", "without_programme"]
