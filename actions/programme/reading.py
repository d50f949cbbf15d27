"""What a message names of an edition: times, rooms, people, languages, kinds and topics, and what is left beside them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any, Literal

from actions.programme.edition import BREAKS, Edition, Room, Speaker
from actions.programme.search import find_rooms, named_in_full, room_span, saying
from nlu.programme_words import content_words, edge, likeness, parts, says, session_kind, spoken_language, tells_nothing
from nlu.text import normalise
from nlu.times import find_times
from nlu.understanding import Entity


@dataclass(frozen=True, slots=True)
class Reading:
    """`topic` are the words that sessions of the edition have; `rest` tells something that nothing here knows."""

    when: Mapping[str, Any]
    rooms: tuple[Room, ...]
    speakers: tuple[Speaker, ...]
    kind: str | None
    language: str | None
    """That sessions are spoken in, or translated into where `translated`."""
    translated: bool
    edge: Literal["first", "last"] | None
    """Whether it asks for those that begin first or last."""
    topic: tuple[str, ...]
    rest: tuple[str, ...]

    @property
    def names_sessions(self) -> bool:
        """Whether it tells which sessions, by more than their time and topic."""
        return bool(self.rooms or self.speakers or self.kind or self.language or self.edge)

    @property
    def is_bare(self) -> bool:
        """Whether the message names something of the edition and says nothing else."""
        return bool(self.when or self.names_sessions or self.topic) and not self.rest


def read(edition: Edition, text: str, entities: Sequence[Entity] = ()) -> Reading:
    """Each word counts once: for a room, a time, a person, a language, a kind or a topic, in this order."""
    normalised = normalise(text)
    rooms = find_rooms(edition, text)
    left = _without(normalised, [span for room in rooms if (span := room_span(room, text))])
    times = [entity for entity in entities if entity.kind == "time"] or list(find_times(normalised))
    left = _without(left, [(time.start, time.end) for time in times])
    speakers = named_in_full(edition, left)
    said = _beside(speakers, content_words(left))
    # "arabic please" is a wish for the answer; only beside a word for sessions it is what they are spoken in.
    tongues = {word: spoken_language(word) for word in said} if _asks_for_sessions(left) else {}
    held = {session.kind for session in edition.sessions}
    kinds = {word: kind for word in said if (kind := session_kind(word)) in held}
    kind = next(iter(kinds.values()), None)
    telling = [word for word in said if not tongues.get(word) and word not in kinds and not tells_nothing(word)]
    topic = tuple(word for word in telling if any(likeness(word, other) >= 0.8 for other in edition.vocabulary))
    return Reading(
        when=reduce(lambda first, found: found.value | first, times, {}),
        rooms=rooms,
        speakers=speakers,
        kind=None if is_pause(kind) and says(left, "after") else kind,
        language=next((tongue for tongue in tongues.values() if tongue), None),
        translated=says(left, "translation"),
        edge=edge(left),
        topic=topic,
        rest=tuple(word for word in telling if word not in topic),
    )


def is_another_time(text: str) -> bool:
    """Whether a text is a time and nothing else: "et demain ?", "on Thursday", "w f la3chiya"."""
    normalised = normalise(text)
    times = find_times(normalised)
    left = parts(_without(normalised, [(time.start, time.end) for time in times]))
    return bool(times) and all(says(word, "before_a_time") for word in left)


def is_another_room(text: str, room: Room) -> bool:
    """Whether a text names a room and says nothing else: "and in room B?", "w f salle B"."""
    span = room_span(room, text)
    left = parts(_without(normalise(text), [span] if span else []))
    return span is not None and all(says(word, "before_a_time") or says(word, "before_a_room") for word in left)


def _asks_for_sessions(text: str) -> bool:
    """ "Talks in English", "something in Arabic", "the programme in English only"."""
    return says(text, "session") or says(text, "something") or (says(text, "programme") and says(text, "only"))


def is_pause(kind: str | None) -> bool:
    return kind in BREAKS


def _beside(speakers: Sequence[Speaker], said: Sequence[str]) -> list[str]:
    """The words that are not part of a speaker's name."""
    names = [part for person in speakers for name in (person.name, *person.spellings) for part in parts(name)]
    named = {place for name in names for place in saying(name, said)}
    return [word for place, word in enumerate(said) if place not in named]


def _without(normalised: str, spans: Sequence[tuple[int, int]]) -> str:
    """The text with the spans blanked, so that positions stay what they are."""
    for start, end in spans:
        normalised = f"{normalised[:start]}{' ' * (end - start)}{normalised[end:]}"
    return normalised
