"""The answers of one edition to one question: which of its parts answers an intent or a choice."""

from collections.abc import Callable, Mapping

from actions.expo.around import Around
from actions.expo.named import Named
from actions.expo.pages import Pages, Question
from actions.expo.timetable import Timetable
from actions.programme.edition import Edition
from actions.programme.reading import Reading
from actions.reply import Reply


class Answers:
    """The answers of one edition to one question."""

    def __init__(self, edition: Edition, asked: Question, reading: Reading) -> None:
        self._edition = edition
        self._reading = reading
        self._pages = Pages(edition, asked)
        self._named = named = Named(self._pages, reading)
        self._timetable = timetable = Timetable(self._pages)
        self._around = around = Around(self._pages)
        self.intents: Mapping[str, Callable[[], Reply | None]] = {
            "expo/now": timetable.now,
            "expo/next": timetable.next,
            "expo/programme": timetable.schedule,
            "expo/session": lambda: named.sessions(topic=True),
            "expo/speakers": lambda: around.speakers(named.people()),
            "expo/dates": around.dates,
            "expo/venue": around.venue,
            "expo/practical": lambda: around.practical(0),
            "expo/registration": around.registration,
            "expo/public_events": timetable.public_events,
        }

    def to(self, intent: str) -> Reply | None:
        """The answer to an intent; None where the edition has nothing on it."""
        return self._of_named(intent) or (self.intents[intent]() if intent in self.intents else None)

    def _of_named(self, intent: str) -> Reply | None:
        """What tells which sessions narrows the answer to any question for sessions."""
        reading = self._reading
        topic = intent == "expo/programme" and reading.is_bare and bool(reading.topic)
        if intent in ("expo/now", "expo/next", "expo/programme") and (reading.names_sessions or topic):
            return self._named.sessions(topic=topic, to_come=intent == "expo/next")
        if intent == "expo/speakers" and len(reading.speakers) == 1:
            return self._named.sessions()
        if intent == "expo/public_events" and reading.is_bare and reading.names_sessions and not reading.topic:
            return self._named.sessions()
        if intent == "expo/public_events" and reading.is_bare and reading.topic and not self._timetable.is_public():
            return self._named.sessions(topic=True)
        return None

    def at_least(self, intent: str) -> Reply:
        """What can be said when neither this edition nor a past one has what was asked for."""
        everyone = self._around.all_speakers(0) if intent == "expo/speakers" else None
        return everyone or self._pages.nothing_found()

    def chosen(self, kind: str, rest: str) -> Reply | None:
        """The answer to a choice; None where it is not, or no longer, one of this edition."""
        edition = self._edition
        if kind == "s":
            return next((self._pages.detail(session) for session in edition.sessions if session.id == rest), None)
        if kind == "room":
            return self._around.room(edition.rooms[rest]) if rest in edition.rooms else None
        argument, _, number = rest.rpartition(":")
        if not number.isdecimal() or len(number) > 3:
            return None
        if kind == "speakers":
            return self._around.all_speakers(int(number))
        if kind == "services":
            return self._around.practical(int(number))
        listing = self._pages.lists.find(kind, argument)
        return self._pages.page(listing, int(number)) if listing else None
