"""Answers about the expo: what is on now and next, the programme, sessions, speakers, rooms, practical matters.

With an edition loaded the answers come from its file; without one the assistant says that it knows of none under way.
None means: the FAQ has the answer. Payloads of this room's choices begin with "expo:" and hold at most 64 bytes.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from actions.expo.answers import Answers
from actions.expo.pages import Question
from actions.expo.wording import joined, named_days, past_line
from actions.programme.edition import Edition, Venue
from actions.programme.reading import read
from actions.programme.search import by_speaker, search
from actions.reply import Reply, Say, say
from nlu.programme_words import content_words, tells_nothing
from nlu.times import CASABLANCA
from nlu.understanding import Entity, Language

_PAST_SHOWN = 5
_ALWAYS_FAQ = frozenset({"expo/overview", "expo/past_editions", "expo/directions"})
_NEEDS_EDITION = frozenset({f"expo/{name}" for name in ("now", "next", "programme", "session", "my_agenda", "remind")})


class Expo:
    """What the assistant knows of the expo: the edition under way or to come, if any, and the past ones."""

    def __init__(self, edition: Edition | None, past: Sequence[Edition]) -> None:
        self._edition = edition
        self._past = sorted(past, key=lambda known: known.days, reverse=True)

    @property
    def edition(self) -> Edition | None:
        """The one under way or to come."""
        return self._edition

    def with_edition(self, edition: Edition) -> "Expo":
        """The same, with another programme of the edition."""
        return Expo(edition, self._past)

    def answer(
        self,
        intent: str,
        text: str,
        entities: Sequence[Entity],
        *,
        language: Language,
        now: datetime,
        starred: Collection[str] = (),
    ) -> Reply | None:
        """The reply to an `expo/*` intent; None where the answer of the FAQ is the right one, or that of the agenda.

        `starred` are the sessions in the person's agenda.
        """
        if intent in _ALWAYS_FAQ:
            return None
        if self._edition is None:
            return self._without_edition(intent, text)
        reading = read(self._edition, text, entities)
        when = reading.when or ({"now": True} if intent == "expo/now" else {})
        question = Question(text, when, language, now.astimezone(CASABLANCA), frozenset(starred))
        answers = Answers(self._edition, question, reading)
        if intent not in answers.intents:
            return None
        reply = answers.to(intent)
        # The past is no invention of the demonstration.
        past = None if reply else self._of_the_past(intent, text)
        return past or self.marked(reply or answers.at_least(intent))

    @property
    def place_to_go(self) -> tuple[Venue, Edition] | None:
        """The venue of the present edition, else the last one of the past, as far as its place on the map is known."""
        if self._edition and self._edition.venue:
            return self._edition.venue, self._edition
        located = ((known.venue, known) for known in self._past if known.venue and known.venue.lat is not None)
        return next(located, None)

    def choose(self, payload: str, *, language: Language, now: datetime, starred: Collection[str] = ()) -> Reply | None:
        """The reply to one of this room's own choices; None for a payload that is not, or no longer, one of them."""
        kind, _, rest = payload.removeprefix("expo:").partition(":")
        if not payload.startswith("expo:"):
            return None
        if self._edition is None:
            return self.no_edition()
        question = Question("", {}, language, now.astimezone(CASABLANCA), frozenset(starred))
        reply = Answers(self._edition, question, read(self._edition, "")).chosen(kind, rest)
        return self.marked(reply) if reply else None

    def marked(self, reply: Reply) -> Reply:
        """Nobody may take the demonstration for the real expo."""
        if self._edition is None or not self._edition.demonstration:
            return reply
        return Reply((*reply.parts, Say("expo.demo.notice")), reply.choices, reply.shows)

    def _without_edition(self, intent: str, text: str) -> Reply | None:
        past = self._of_the_past(intent, text)
        if intent not in _NEEDS_EDITION:
            return past
        return self.no_edition().then(past) if past else self.no_edition()

    def no_edition(self) -> Reply:
        if not self._past:
            return say("expo.none")
        last = self._past[0]
        key = f"expo.ordinal.{last.number}" if last.number in range(1, 13) else "expo.ordinal.other"
        ordinal = Say(key, {"number": last.number})
        return say("expo.none.last", ordinal=ordinal, days=named_days(last.days), site=last.site)

    def _of_the_past(self, intent: str, text: str) -> Reply | None:
        """When a speaker or a topic that the text names was at a past edition."""
        if intent not in ("expo/speakers", "expo/session"):
            return None
        found = [(known, s) for known in self._past for s in by_speaker(known, text)]
        if not found and intent == "expo/session":
            topic = " ".join(word for word in content_words(text) if not tells_nothing(word))
            found = [(known, s) for known in self._past for s in search(known, topic)[:2]]
        lines = [past_line(known, session) for known, session in found[:_PAST_SHOWN]]
        return Reply((Say("expo.past.heading"), joined(lines))) if lines else None
