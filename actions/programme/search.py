"""What people ask for in their own words, in an edition of the expo: sessions, speakers, rooms, tracks, services."""

import math
import re
from collections.abc import Sequence
from itertools import pairwise

from actions.programme.edition import Edition, Room, Service, Session, Speaker, Track
from actions.programme.selection import of_track
from nlu.programme_words import (
    MISSPELT,
    SOUNDS_ALIKE,
    asks_where,
    comes_from,
    content_words,
    door_code,
    is_room,
    letter_at,
    likeness,
    parts,
    room_at,
    speaks_of_tracks,
)
from nlu.text import normalise


def by_speaker(edition: Edition, name: str) -> tuple[Session, ...]:
    """The sessions of the person whose name stands in `name`, in any spelling and either script."""
    found = {speaker.id for speaker in find_speakers(edition, name)}
    return tuple(s for s in edition.sessions if found & set(s.speakers))


def find_speakers(edition: Edition, text: str) -> tuple[Speaker, ...]:
    """The speakers whom a text names by family name or in full; a first name alone is enough if only one has it."""
    best, found = _best_named(edition, text)
    return found if best > 1 or len(found) == 1 else ()


def named_in_full(edition: Edition, text: str) -> tuple[Speaker, ...]:
    """The speakers whom a text names by family name or in full."""
    best, found = _best_named(edition, text)
    return found if best > 1 else ()


def _best_named(edition: Edition, text: str) -> tuple[int, tuple[Speaker, ...]]:
    said = content_words(text)
    scored = [(max(_name_score(name, said) for name in (s.name, *s.spellings)), s) for s in edition.speakers.values()]
    best = max((score for score, _ in scored), default=0)
    return best, tuple(speaker for score, speaker in scored if score == best and best > 0)


def speakers_by_role(edition: Edition, text: str) -> tuple[Speaker, ...]:
    """The speakers whose role a text names best: "la maire", "someone from Barcelona"."""
    said = content_words(text)
    roles = {s.id: s.role.texts.values() if s.role else () for s in edition.speakers.values()}
    known = {key: {word for text in texts for word in content_words(text)} for key, texts in roles.items()}
    score = {key: sum(any(likeness(a, b) >= 0.9 for b in role) for a in said) for key, role in known.items()}
    best = max(score.values(), default=0)
    return tuple(s for s in edition.speakers.values() if best and score[s.id] == best)


def _name_score(name: str, said: Sequence[str]) -> int:
    """1 for the first name alone, 2 for the family name, 3 for both."""
    known = [part for part in parts(name) if len(part) > 2] or [name]
    has = [bool(saying(part, said)) for part in (known[0], known[-1])]
    return 1 * has[0] + 2 * has[1]


def saying(name: str, said: Sequence[str]) -> set[int]:
    """Where in a row of words a part of a name stands, perhaps written as two words ("Ben Jdour")."""
    alone = {place for place, word in enumerate(said) if likeness(word, name) >= 0.8}
    pairs = [place for place, (a, b) in enumerate(pairwise(said)) if likeness(a + b, name) >= MISSPELT]
    return alone | {place + more for place in pairs for more in (0, 1)}


def search(edition: Edition, words: str) -> tuple[Session, ...]:
    """The sessions about a topic in one's own words, the closest first; forgives typing mistakes and the script.

    Where no session has any of the words, the sessions of the track that has.
    """
    scores: dict[str, float] = {}
    count = len(edition.sessions)
    for said in content_words(words):
        best: dict[str, float] = {}
        alike = {word: likeness(said, word) for word in edition.vocabulary}
        closest = max(alike.values(), default=0)
        for word, holders in edition.vocabulary.items():
            if alike[word] in (MISSPELT, SOUNDS_ALIKE) and alike[word] < closest:
                continue  # "clôture" is no misspelt "culture".
            # A word that half the sessions have tells nothing of what is sought.
            weight = alike[word] * math.log(count / len(holders) if count > 2 * len(holders) else 1.05)
            for session in holders if weight > 0 else ():
                best[session] = max(best.get(session, 0), weight)
        for session, weight in best.items():
            scores[session] = scores.get(session, 0) + weight
    highest = max(scores.values(), default=0)
    if highest < 0.3:
        track = _closest_track(edition, words)
        return of_track(edition, track.id) if track else ()
    found = [s for s in edition.sessions if scores.get(s.id, 0) >= 0.5 * highest]
    return tuple(sorted(found, key=lambda session: -scores[session.id]))


def find_room(edition: Edition, text: str) -> Room | None:
    """The room that a text names: "salle B", "القاعة ب", an alias; not one it asks for ("dans quelle salle a lieu")."""
    return next(iter(find_rooms(edition, text)), None)


def room_span(room: Room, text: str) -> tuple[int, int] | None:
    """Where in the normalised text a room is named, by its id or an alias; None where it is not."""
    long = (
        re.search(rf"\b{re.escape(normalise(alias))}\b", normalise(text)) for alias in room.aliases if len(alias) > 2
    )
    return room_at(text, _short_names(room)) or next((named.span() for named in long if named), None)


def find_rooms(edition: Edition, text: str) -> tuple[Room, ...]:
    """The rooms that a text names, in the order in which somebody goes: from the first to the second."""
    rooms = edition.rooms.values()
    found = [(span[0], room) for room in rooms if (span := room_span(room, text))]
    if len(found) == 1 or (not found and asks_where(text)):
        letters = [(span[0], room) for room in rooms if (span := letter_at(text, _short_names(room)))]
        both = found + [place for place in letters if place[1] not in [room for _, room in found]]
        found = both if len(both) > 1 else found
    found.sort(key=lambda place: place[0])
    starts = [place for place in found if comes_from(text, place[0])]
    return tuple(room for _, room in starts[:1] + [place for place in found if place not in starts[:1]])


def room_by_letter(edition: Edition, text: str) -> Room | None:
    """The room that a text names by its letter alone, for somebody of whom it is plain that they look for a room."""
    return next((room for room in edition.rooms.values() if letter_at(text, _short_names(room))), None)


def leaves(room: Room, text: str) -> bool:
    """Whether a text says that somebody comes from this room, which it names."""
    span = room_span(room, text) or letter_at(text, _short_names(room))
    return span is not None and comes_from(text, span[0])


def _short_names(room: Room) -> tuple[str, ...]:
    """Its letter or number, which is a room only behind a word for one."""
    return (room.id, *(alias for alias in room.aliases if len(alias) < 3))


def room_by_code(edition: Edition, text: str) -> Room | None:
    """The room whose door's code says just this text."""
    return next((r for r in edition.rooms.values() if normalise(text) == normalise(door_code(r.id))), None)


def only_room(edition: Edition, text: str) -> Room | None:
    """The room that a text names while it says nothing else: "salle b", "باب ب", an alias."""
    return next((r for r in edition.rooms.values() if is_room(text, (r.id, *r.aliases))), None)


def find_track(edition: Edition, text: str) -> Track | None:
    """The track that a text names as such ("le parcours mobilité")."""
    return _closest_track(edition, text) if speaks_of_tracks(text) else None


def _closest_track(edition: Edition, text: str) -> Track | None:
    said = content_words(text)
    names = {key: parts(" ".join((*t.name.texts.values(), *t.keywords))) for key, t in edition.tracks.items()}
    scored = {key: sum(any(likeness(a, b) >= 0.8 for b in known) for a in said) for key, known in names.items()}
    best = max(scored, key=lambda key: scored[key], default=None)
    return edition.tracks[best] if best and scored[best] else None


def find_services(edition: Edition, text: str) -> tuple[Service, ...]:
    """The practical matters that a text asks about."""
    said = parts(text)
    return tuple(s for s in edition.services.values() if any(_says(said, parts(keyword)) for keyword in s.keywords))


def _says(said: Sequence[str], keyword: Sequence[str]) -> bool:
    """Whether the words of a keyword stand in a text as they are; one word alone may be misspelt."""
    if len(keyword) == 1:
        return any(likeness(word, keyword[0]) >= 0.85 for word in said)
    return f" {' '.join(keyword)} " in f" {' '.join(said)} "
