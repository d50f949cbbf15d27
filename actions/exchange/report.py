"""What an import would change, in lines for the organiser's terminal."""

from collections.abc import Iterator, Sequence

from actions.agenda.changes import ChangeKind
from actions.exchange.changes import Change
from actions.programme.edition import Edition, Session
from nlu.understanding import Language

_MARKS = {
    ChangeKind.NEW: "+",
    ChangeKind.CANCELLED: "-",
    ChangeKind.MOVED: ">",
    ChangeKind.ROOM: "@",
    ChangeKind.TEXT: "~",
}
_WORDS = {
    ChangeKind.NEW: "new",
    ChangeKind.CANCELLED: "cancelled",
    ChangeKind.MOVED: "moved",
    ChangeKind.ROOM: "room changed",
    ChangeKind.TEXT: "other changes",
}


def changes_in_words(changes: Sequence[Change], after: Edition) -> Iterator[str]:
    """A line for each thing that changes, and one that counts them."""
    for change in changes:
        for kind in change.kinds:
            yield from _lines(change, kind)
    counts = [
        f"{sum(kind in change.kinds for change in changes)} {_WORDS[kind]}"
        for kind in ChangeKind
        if any(kind in change.kinds for change in changes)
    ]
    touched = sum(change.after is not None for change in changes)
    yield f"{', '.join([*counts, f'{len(after.sessions) - touched} unchanged'])}."


def _lines(change: Change, kind: ChangeKind) -> Iterator[str]:
    session = change.after or change.before
    assert session  # noqa: S101 (a change is of something)
    head = f"{_MARKS[kind]} {_WORDS[kind]:13} {session.id}"
    if kind is ChangeKind.TEXT:
        yield from (f"{head}  {name}: {was or '(none)'} -> {now or '(none)'}" for name, was, now in change.texts)
    elif change.before and change.after:
        say = when if kind is ChangeKind.MOVED else where
        yield f"{head}  {title(session)}: {say(change.before)} -> {say(change.after)}"
    else:
        yield f"{head}  {title(session)}: {when(session)}, {where(session)}"


def title(session: Session) -> str:
    return session.title.text(Language.FRENCH)


def when(session: Session) -> str:
    days = ", ".join(f"{day}" for day in session.dates)
    return f"{days} {session.start:%H:%M}-{session.end:%H:%M}" if session.start and session.end else days


def where(session: Session) -> str:
    place = session.place.text(Language.FRENCH) if session.place else "no room"
    return f"room {session.room}" if session.room else place
