"""What the assistant remembers of a conversation between two messages, as data that can be stored."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from nlu.understanding import Language

LOCATION_LASTS = timedelta(minutes=30)
"""After this somebody has walked on from where they shared their location."""


@dataclass
class Topic:
    """The question that was answered last; a short "ch7al?" is about it."""

    intent: str
    at: datetime


@dataclass
class RequestForm:
    """A service request in the making. `asking` is the field the person was asked for last."""

    intent: str
    description: str = ""
    place_text: str = ""
    place_id: str | None = None
    landmark: str = ""
    """ "devant l'école" of the report itself: no place to find by itself, but a part of the one that is told next."""
    arrondissement: str | None = None
    lat: float | None = None
    lon: float | None = None
    photos: list[str] = field(default_factory=list)
    photo_lat: float | None = None
    photo_lon: float | None = None
    """Where a photo was taken, as its file said; becomes the place only when the person says so."""
    photo_asked: bool = False
    detailed: bool = False
    """Words came where a photo was asked for; the question was asked once more."""
    anonymous: bool = False
    warned: bool = False
    """The emergency numbers were said."""
    compared: bool = False
    """Open requests like this one were looked for, and shown if there were any."""
    follows_another: bool = False
    """The problem before it in the same message was filed or joined."""
    same_place_as: dict[str, Any] | None = None
    """The place of the problem before it in the same message, offered for this one."""
    asking: str | None = None
    interruptions: int = 0
    """Messages about something else since the last answer: the question is pressed once, then only offered."""
    misses: int = 0
    """Answers to the present question that could not be read."""
    started_at: datetime | None = None
    updated_at: datetime | None = None

    def put_again(self) -> None:
        """The question that is open was not answered: it is the next one still."""
        self.photo_asked = self.photo_asked and (self.asking != "photo" or bool(self.photos))
        self.compared = self.compared and self.asking != "same"


@dataclass
class State:
    """The whole memory of one conversation."""

    language: Language | None = None
    fixed_language: bool = False
    topic: Topic | None = None
    form: RequestForm | None = None
    awaiting: str | None = None
    """What a bare yes, no or location would answer: `forget_me`, `nearest_stop`, `arrondissement`, `withdraw:<number>`, `clear_agenda`,
    `fixed:<number>` (is it fixed?), `question:<number>:<question>` (an extra question of its category), `what_to_change` (in the report at hand),
    `resume_form` (an open request form was offered), `which:<intent>,<intent>` (which of them was meant, or whether it was the one),
    `what_to_cancel` (nothing was under way to be cancelled), `adds:<number>` (the next message goes to that request), `feedback:<star>` (the next message is a sentence for the organisers),
    `way_to:<place>` and `way_from:<place>` (the other end of a way; `way_to:` alone is the venue of the expo, `way_from:` alone asks for a place beside a goal that is not on the map)."""
    way: list[str] = field(default_factory=list)
    """Start and goal of the way that was told last, as ids of places, `here` or `venue`: what "and back?" is about."""
    location: tuple[float, float] | None = None
    located_at: datetime | None = None
    door: str | None = None
    """The room of the expo whose door was opened last, and when."""
    door_at: datetime | None = None
    expo_at: datetime | None = None
    """When the expo was spoken of last: a bare hour or topic is about it for a while."""
    lost_in_a_row: int = 0
    last_question: str | None = None
    later: list[RequestForm] = field(default_factory=list)
    """Further problems that are reported once the form in hand is done."""
    dropped: list[RequestForm] = field(default_factory=list)
    """The reports that were given up last, for a while: "non finalement envoyez-le" takes them up again."""
    photo_at: datetime | None = None
    """When the last photo came: an album comes as many messages, and is answered as one."""
    no_pushes: bool = False
    """The person wants no messages they have not just asked for."""
    remind_minutes: int | None = None
    """How long before a starred session the person wants to be reminded: 0 never, None as usual."""
    no_feedback: bool = False
    """The person wants not to be asked how a session was."""
    requests: list[str] = field(default_factory=list)
    """The numbers of one's own requests listed last, in their order: what "annule la 2eme" means, and when they were."""
    requests_at: datetime | None = None
    sessions: list[str] = field(default_factory=list)
    """The sessions of the expo shown last, in their order: what "add number 3" or "this one" means."""
    picked_from: list[str] = field(default_factory=list)
    """The list of several that was shown last: one of it was opened or put into the agenda since, and "number 4" still means its fourth."""
    changed: list[str] = field(default_factory=list)
    """What was done with the agenda last, `add` or `remove`, and the sessions: what "and number 4 too" and "actually no" are about."""
    sessions_in_view: bool = False
    """Whether the last answer about the expo showed them, so that "where is it?" is about them and not about the expo."""
    listed: str | None = None
    """The list of sessions asked for last, without its time: what "and tomorrow?" is about."""
    listed_day: str | None = None
    """The day asked about last ("2027-05-20"): whose afternoon "and in the afternoon?" means."""
    listed_at: str | None = None
    """The time asked about last, as lists are narrowed by it ("2027-05-20:1500-1500"): when "and in room B?" is meant."""
    room_sought: str | None = None
    """The room of the expo whose way was asked last, and when, while nobody had said from where."""
    room_sought_at: datetime | None = None
    service: str | None = None
    """The practical matter of the expo spoken of last: what "is it free?" is about."""

    def forget_forms_besides(self, categories: Container[str]) -> None:
        """Reports of a category that has left the data since cannot go on."""
        if self.form and self.form.intent not in categories:
            self.form, self.awaiting = None, None
        self.dropped = [form for form in self.dropped if form.intent in categories]
        self.later = [form for form in self.later if form.intent in categories]

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON."""
        return {
            "language": self.language.value if self.language else None,
            "fixed_language": self.fixed_language,
            "topic": {"intent": self.topic.intent, "at": self.topic.at.isoformat()} if self.topic else None,
            "form": _form_as_dict(self.form) if self.form else None,
            "awaiting": self.awaiting,
            "way": self.way,
            "location": list(self.location) if self.location else None,
            "located_at": self.located_at.isoformat() if self.located_at else None,
            "door": self.door,
            "door_at": self.door_at.isoformat() if self.door_at else None,
            "expo_at": self.expo_at.isoformat() if self.expo_at else None,
            "lost_in_a_row": self.lost_in_a_row,
            "last_question": self.last_question,
            "later": [_form_as_dict(form) for form in self.later],
            "dropped": [_form_as_dict(form) for form in self.dropped],
            "photo_at": self.photo_at.isoformat() if self.photo_at else None,
            "no_pushes": self.no_pushes,
            "remind_minutes": self.remind_minutes,
            "no_feedback": self.no_feedback,
            "requests": self.requests,
            "requests_at": self.requests_at.isoformat() if self.requests_at else None,
            "sessions": self.sessions,
            "picked_from": self.picked_from,
            "changed": self.changed,
            "sessions_in_view": self.sessions_in_view,
            "listed": self.listed,
            "listed_day": self.listed_day,
            "listed_at": self.listed_at,
            "room_sought": self.room_sought,
            "room_sought_at": self.room_sought_at.isoformat() if self.room_sought_at else None,
            "service": self.service,
        }

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> State:
        """The inverse of `as_dict`; keys of older versions are ignored, missing ones take their default."""
        topic, form, location = stored.get("topic"), stored.get("form"), stored.get("location")
        return cls(
            language=Language(stored["language"]) if stored.get("language") else None,
            fixed_language=bool(stored.get("fixed_language")),
            topic=Topic(topic["intent"], datetime.fromisoformat(topic["at"])) if topic else None,
            form=_form_from_dict(form) if form else None,
            awaiting=stored.get("awaiting"),
            way=list(stored.get("way") or ()),
            location=(location[0], location[1]) if location else None,
            located_at=datetime.fromisoformat(stored["located_at"]) if stored.get("located_at") else None,
            door=stored.get("door"),
            door_at=datetime.fromisoformat(stored["door_at"]) if stored.get("door_at") else None,
            expo_at=datetime.fromisoformat(stored["expo_at"]) if stored.get("expo_at") else None,
            lost_in_a_row=int(stored.get("lost_in_a_row") or 0),
            last_question=stored.get("last_question"),
            later=[_form_from_dict(later) for later in stored.get("later") or ()],
            dropped=[_form_from_dict(form) for form in stored.get("dropped") or ()],
            photo_at=datetime.fromisoformat(stored["photo_at"]) if stored.get("photo_at") else None,
            no_pushes=bool(stored.get("no_pushes")),
            remind_minutes=stored.get("remind_minutes"),
            no_feedback=bool(stored.get("no_feedback")),
            requests=list(stored.get("requests") or ()),
            requests_at=datetime.fromisoformat(stored["requests_at"]) if stored.get("requests_at") else None,
            sessions=list(stored.get("sessions") or ()),
            picked_from=list(stored.get("picked_from") or ()),
            changed=list(stored.get("changed") or ()),
            sessions_in_view=bool(stored.get("sessions_in_view")),
            listed=stored.get("listed"),
            listed_day=stored.get("listed_day"),
            listed_at=stored.get("listed_at"),
            room_sought=stored.get("room_sought"),
            room_sought_at=datetime.fromisoformat(stored["room_sought_at"]) if stored.get("room_sought_at") else None,
            service=stored.get("service"),
        )


_MOMENTS = ("started_at", "updated_at")


def _form_as_dict(form: RequestForm) -> dict[str, Any]:
    fields = {name: getattr(form, name) for name in RequestForm.__dataclass_fields__}
    for name in _MOMENTS:
        fields[name] = fields[name].isoformat() if fields[name] else None
    return fields


def _form_from_dict(stored: dict[str, Any]) -> RequestForm:
    known = {name: value for name, value in stored.items() if name in RequestForm.__dataclass_fields__}
    for name in _MOMENTS:
        known[name] = datetime.fromisoformat(known[name]) if known.get(name) else None
    # A list of its own: changed in place it would look unchanged to the database.
    known["photos"] = list(known.get("photos") or ())
    return RequestForm(**known)
