"""What is different between two programmes of an edition, as visitors would be told."""

from collections.abc import Iterator
from dataclasses import dataclass

from actions.agenda.changes import ChangeKind, differences, spot_of
from actions.programme.edition import Edition, Session


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one session: `before` is None for a new one, `after` for a cancelled one."""

    before: Session | None
    after: Session | None

    @property
    def id(self) -> str:
        return next(session.id for session in (self.before, self.after) if session)

    @property
    def kinds(self) -> tuple[ChangeKind, ...]:
        """All that differs, by the rule that decides what visitors are told; none where nothing does."""
        before, after = (spot_of(session) if session else None for session in (self.before, self.after))
        return (*differences(before, after), *((ChangeKind.TEXT,) if self.texts else ()))

    @property
    def texts(self) -> tuple[tuple[str, str, str], ...]:
        """What else differs: its name, and how it was and is."""
        if self.before is None or self.after is None:
            return ()
        pairs = zip(_said(self.before), _said(self.after), strict=True)
        return tuple((name, was, now) for (name, was), (_, now) in pairs if was != now)


def compare(before: Edition, after: Edition) -> tuple[Change, ...]:
    """All changes, new sessions last, in the order of the programme."""
    now = {session.id: session for session in after.sessions}
    known = {session.id for session in before.sessions}
    both = [Change(session, now.get(session.id)) for session in before.sessions]
    new = [Change(None, session) for session in after.sessions if session.id not in known]
    return tuple(change for change in (*both, *new) if change.kinds)


def _said(session: Session) -> Iterator[tuple[str, str]]:
    for tag in ("fr", "ary", "ary-Latn", "en"):
        yield f"title {tag}", session.title.texts.get(tag, "")
    yield "kind", session.kind
    yield "track", session.track or ""
    for name in ("languages", "interpretation", "speakers", "keywords"):
        yield name, ", ".join(getattr(session, name))
    yield "public", "yes" if session.public else "no"
