"""What visitors thought of the sessions of an edition, for its organisers. Nothing in it leads to a person."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from actions import spreadsheet
from actions.agenda.feedback import RATINGS
from actions.programme.edition import Edition, Session
from nlu.understanding import Language
from store.tables import FeedbackRow

COLUMNS = (
    "session",
    "title",
    "day",
    "start",
    "room",
    "answers",
    "average",
    "excellent",
    "good",
    "fair",
    "poor",
    "sentences",
)


@dataclass(frozen=True, slots=True)
class Opinion:
    """All answers on one session. `session` is None where the programme no longer has it."""

    session_id: str
    session: Session | None
    ratings: tuple[int, ...]
    sentences: tuple[str, ...]

    @property
    def average(self) -> float:
        """Between 1 (poor) and 4 (excellent), to two decimals."""
        return round(sum(self.ratings) / len(self.ratings), 2)

    def count(self, rating: int) -> int:
        return self.ratings.count(rating)


def opinions(edition: Edition, rows: Sequence[FeedbackRow]) -> tuple[Opinion, ...]:
    """The sessions that were answered about, in the order of the programme; those it no longer has at the end."""
    known = {session.id: session for session in edition.sessions}
    order = [key for key in known if any(row.session_id == key for row in rows)]
    order += sorted({row.session_id for row in rows} - known.keys())
    found = ((key, [row for row in rows if row.session_id == key]) for key in order)
    return tuple(
        Opinion(key, known.get(key), tuple(row.rating for row in own), tuple(row.words for row in own if row.words))
        for key, own in found
    )


def in_lines(found: Sequence[Opinion]) -> Iterator[str]:
    """For a terminal: a line a session, its sentences below it."""
    for opinion in found:
        counts = " ".join(f"{opinion.count(rating):>3}" for rating in RATINGS)
        yield f"{opinion.average:.2f}  {counts}  {_when(opinion.session):16}  {_title(opinion)}"
        yield from (f"      « {sentence} »" for sentence in opinion.sentences)


def as_csv(found: Sequence[Opinion]) -> str:
    """For a spreadsheet: a row a session; sentences one below the other in their cell."""
    return spreadsheet.as_csv(COLUMNS, map(_row, found), line_end="\r\n")


def _row(opinion: Opinion) -> list[str | float | None]:
    session = opinion.session
    return [
        opinion.session_id,
        _title(opinion),
        session.dates[0].isoformat() if session else None,
        f"{session.start:%H:%M}" if session and session.start else None,
        session.room if session else None,
        len(opinion.ratings),
        opinion.average,
        *(opinion.count(rating) for rating in RATINGS),
        "\n".join(opinion.sentences),
    ]


def _when(session: Session | None) -> str:
    if session is None:
        return ""
    return f"{session.start:%Y-%m-%d %H:%M}" if session.start else f"{session.dates[0]}"


def _title(opinion: Opinion) -> str:
    return opinion.session.title.text(Language.FRENCH) if opinion.session else opinion.session_id
