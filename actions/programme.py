"""The programme of an edition of the expo: its file (docs/expo-format.md) as data classes, and questions about it.

Times are aware and in the zone Africa/Casablanca. A session whose hours are not known has its `dates` only, and no
question about hours finds it. Nothing here knows the wording of an answer.
"""

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml
from rapidfuzz import fuzz

from nlu.skeleton import word_skeleton
from nlu.text import Word, normalise, words
from nlu.times import CASABLANCA
from nlu.understanding import Language

BREAKS = ("break", "lunch")
_ID = re.compile(r"[A-Za-z0-9-]{1,40}")
_ROOM_WORD = "salle|sale|room|sala|lqa3a|l9a3a|9a3a|qa3a|القاعه|قاعه|لاصال|صال|صاله|الصاله"
_ASKS_WHICH = r"(?<!quelle )(?<!kelle )(?<!ina )(?<!achmen )(?<!which )(?<!اينا )(?<!اشمن )"
_TRACK_WORD = re.compile(
    r"\b(?:tracks?|axes?|parcours|thematiques?|themes?|mi7war|mihwar|masar|المسار|مسار|محور|المحور)\b"
)
_ELISION = re.compile(r"^(?:[ldnsjcmt]|qu)'")
_TOO_COMMON = frozenset(
    normalise(
        "le la les un une des du de au aux en sur dans pour par avec est sont quand quelle quel quelles quels "
        "heure salle ou que qui quoi ce cette ces il elle je vous nous on et session sessions conference "
        "conferences conf panel talk talks parle parler intervient passe jour sujet theme topic about the what when "
        "where which room is are any there does speak time in at and for who will expo salon smart city "
        "casablanca casa fin fo9ach wa9tach imta chno chnou achno ach chkon chkoun wach kayn kayna dyal 3la 3lih "
        "m3a m3ach ch7al ina liya bghit n3ref li lli yhder ghadi gha mn men ila hadi had chi 7aja nhar lyoum "
        "ghedda sa3a لي اللي شي حاجة كاين كاينة ديال على مع شحال فين فوقاش وقتاش شنو شكون واش من هاد غادي يهضر "
        "تهضر اينا اشمن القاعة قاعة المحاضرة محاضرة الجلسة جلسة لاصال اش كيهضر بغيت الهضرة track axe parcours "
        "محور المسار comment voir assister "
    ).split()
)


@dataclass(frozen=True, slots=True)
class Localised:
    """A text of the organisers in the languages they wrote it in."""

    texts: Mapping[str, str]

    def text(self, language: Language) -> str:
        """The text in this language; French, then English, then any, where it was not written."""
        return next(self.texts[tag] for tag in (language.value, "fr", "en", *self.texts) if tag in self.texts)


@dataclass(frozen=True, slots=True)
class Venue:
    name: str
    address: str
    lat: float | None
    lon: float | None
    access: Localised | None


@dataclass(frozen=True, slots=True)
class Room:
    """A room; `floor` and `hint` say the way to it inside the venue."""

    id: str
    floor: Localised
    hint: Localised
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Track:
    id: str
    name: Localised
    keywords: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Speaker:
    id: str
    name: str
    role: Localised
    spellings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Service:
    """A practical matter: Wi-Fi, food, prayer room."""

    id: str
    text: Localised
    keywords: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Session:
    id: str
    title: Localised
    kind: str
    dates: tuple[date, ...]
    start: datetime | None
    end: datetime | None
    room: str | None
    place: Localised | None
    track: str | None
    languages: tuple[str, ...]
    interpretation: tuple[str, ...]
    speakers: tuple[str, ...]
    public: bool
    keywords: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Edition:
    id: str
    number: int | None
    demonstration: bool
    name: Localised
    theme: Localised | None
    days: tuple[date, ...]
    public_days: tuple[date, ...]
    opening: Mapping[date, tuple[datetime, datetime]]
    venue: Venue | None
    rooms: Mapping[str, Room]
    tracks: Mapping[str, Track]
    speakers: Mapping[str, Speaker]
    sessions: tuple[Session, ...]
    services: Mapping[str, Service]
    registration: Localised | None
    site: str
    sources: tuple[Mapping[str, str], ...]
    vocabulary: Mapping[str, frozenset[str]] = field(repr=False, compare=False)
    """Every word of the sessions to the ids of the sessions that have it."""


def load_edition(path: Path) -> Edition:
    """Reads an edition; raises ValueError with every mistake, its session and what to do about it."""
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    try:
        edition = _edition(content)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{path.name}: {error} is missing or misplaced; compare with docs/expo-format.md") from error
    except ValueError as error:
        raise ValueError(f"{path.name}: {error}") from error
    mistakes = [f"{path.name}: {mistake}" for mistake in _mistakes(edition)]
    if mistakes:
        raise ValueError("\n".join(mistakes))
    return edition


def _edition(content: Mapping[str, Any]) -> Edition:
    speakers = {row["id"]: _speaker(row) for row in content.get("speakers", [])}
    sessions = tuple(sorted((_session(row) for row in content.get("sessions", [])), key=_order))
    return Edition(
        id=str(content["id"]),
        number=content.get("number"),
        demonstration=bool(content.get("demonstration", False)),
        name=_localised(content["name"]),
        theme=_maybe(content.get("theme")),
        days=tuple(sorted(content["days"])),
        public_days=tuple(sorted(content.get("public_days", []))),
        opening={day: _hours(day, hours, f"opening of {day}") for day, hours in content.get("opening", {}).items()},
        venue=_venue(content["venue"]) if content.get("venue") else None,
        rooms={key: _room(key, row) for key, row in content.get("rooms", {}).items()},
        tracks={key: _track(key, row) for key, row in content.get("tracks", {}).items()},
        speakers=speakers,
        sessions=sessions,
        services={key: _service(key, row) for key, row in content.get("practical", {}).items()},
        registration=_maybe(content.get("registration")),
        site=str(content["site"]),
        sources=tuple(content.get("sources", [])),
        vocabulary=_vocabulary(sessions, speakers),
    )


def _localised(found: Any) -> Localised:
    return Localised({"fr": found} if isinstance(found, str) else {str(tag): str(text) for tag, text in found.items()})


def _maybe(found: Any) -> Localised | None:
    return _localised(found) if found else None


def _strings(found: Any) -> tuple[str, ...]:
    return tuple(str(item) for item in found or ())


def _venue(row: Mapping[str, Any]) -> Venue:
    return Venue(row["name"], row.get("address", ""), row.get("lat"), row.get("lon"), _maybe(row.get("access")))


def _room(key: str, row: Mapping[str, Any]) -> Room:
    return Room(key, _localised(row["floor"]), _localised(row["hint"]), _strings(row.get("aliases")))


def _track(key: str, row: Mapping[str, Any]) -> Track:
    return Track(key, _localised(row["name"]), _strings(row.get("keywords")))


def _speaker(row: Mapping[str, Any]) -> Speaker:
    return Speaker(str(row["id"]), row["name"], _localised(row["role"]), _strings(row.get("spellings")))


def _service(key: str, row: Mapping[str, Any]) -> Service:
    return Service(key, _localised(row["text"]), _strings(row.get("keywords")))


def _session(row: Mapping[str, Any]) -> Session:
    key = str(row["id"])
    dates = tuple(row["dates"]) if "dates" in row else (row["day"],)
    start, end = _hours(row["day"], row["time"], f"session {key!r}") if "time" in row else (None, None)
    return Session(
        id=key,
        title=_localised(row["title"]),
        kind=str(row.get("kind", "session")),
        dates=dates,
        start=start,
        end=end,
        room=str(row["room"]) if "room" in row else None,
        place=_maybe(row.get("place")),
        track=str(row["track"]) if "track" in row else None,
        languages=_strings(row.get("languages")),
        interpretation=_strings(row.get("interpretation")),
        speakers=_strings(row.get("speakers")),
        public=bool(row.get("public", False)),
        keywords=_strings(row.get("keywords")),
    )


def _hours(day: date, written: str, whose: str) -> tuple[datetime, datetime]:
    try:
        first, last = (time.fromisoformat(part.strip().zfill(5)) for part in str(written).split("-"))
    except ValueError:
        raise ValueError(f"{whose}: {written!r} is not a time; write it as 09:30-10:15") from None
    return datetime.combine(day, first, CASABLANCA), datetime.combine(day, last, CASABLANCA)


def _order(session: Session) -> tuple[date, time, str, str]:
    return session.dates[0], session.start.time() if session.start else time.min, session.room or "~", session.id


def _mistakes(edition: Edition) -> Iterator[str]:
    seen: set[str] = set()
    for key in (*edition.rooms, *edition.tracks, *edition.speakers):
        if not _ID.fullmatch(str(key)):
            yield f"{key!r}: an id has at most 40 of a-z, A-Z, 0-9 and -; shorten it"
    for session in edition.sessions:
        for mistake in _mistakes_of(session, edition):
            yield f"session {session.id!r}: {mistake}"
        if session.id in seen:
            yield f"session {session.id!r}: another session has this id; give each its own"
        seen.add(session.id)
    for first, second in _overlaps(edition.sessions):
        yield f"session {second.id!r}: overlaps {first.id!r} in room {first.room}; change a time or a room"


def _mistakes_of(session: Session, edition: Edition) -> Iterator[str]:
    outside = [day for day in session.dates if day not in (*edition.days, *edition.public_days)]
    if not _ID.fullmatch(session.id):
        yield "an id has at most 40 of a-z, A-Z, 0-9 and -; shorten it"
    if outside:
        yield f"{outside[0]} is not a day of the edition; correct it, or add it to days or public_days"
    if session.start and session.end and session.end <= session.start:
        yield "it ends before it starts; correct its time"
    if session.room is not None and session.room not in edition.rooms:
        yield f"room {session.room!r} is unknown; use one of {', '.join(edition.rooms)} or add it to rooms"
    if session.track is not None and session.track not in edition.tracks:
        yield f"track {session.track!r} is unknown; use one of {', '.join(edition.tracks)} or add it to tracks"
    for speaker in session.speakers:
        if speaker not in edition.speakers:
            yield f"speaker {speaker!r} is unknown; add the person to speakers"
    if session.start and session.kind not in BREAKS and not session.languages:
        yield "its language is missing; add for example languages: [fr]"


def _overlaps(sessions: Iterable[Session]) -> Iterator[tuple[Session, Session]]:
    timed = [session for session in sessions if session.start and session.room]
    for room in {session.room for session in timed}:
        for first, second in pairwise(session for session in timed if session.room == room):
            if first.end and second.start and second.start < first.end:
                yield first, second


# Questions about the hours


def on_at(edition: Edition, moment: datetime) -> tuple[Session, ...]:
    """What is on at a moment, breaks included."""
    return tuple(s for s in edition.sessions if s.start and s.end and s.start <= moment < s.end)


def next_after(edition: Edition, moment: datetime) -> tuple[Session, ...]:
    """The sessions that start first after a moment, on whatever day; breaks do not count."""
    coming = [s for s in edition.sessions if s.start and s.start > moment and s.kind not in BREAKS]
    first = min((s.start for s in coming if s.start), default=None)
    return tuple(s for s in coming if s.start == first)


def on_day(edition: Edition, day: date) -> tuple[Session, ...]:
    return tuple(s for s in edition.sessions if day in s.dates)


def between(edition: Edition, start: datetime, end: datetime) -> tuple[Session, ...]:
    """The sessions that start from `start` on and before `end`."""
    return tuple(s for s in edition.sessions if s.start and start <= s.start < end)


def in_room(edition: Edition, room: str) -> tuple[Session, ...]:
    return tuple(s for s in edition.sessions if s.room == room)


def of_track(edition: Edition, track: str) -> tuple[Session, ...]:
    return tuple(s for s in edition.sessions if s.track == track)


# Questions in people's own words


def by_speaker(edition: Edition, name: str) -> tuple[Session, ...]:
    """The sessions of the person whose name stands in `name`, in any spelling and either script."""
    found = {speaker.id for speaker in find_speakers(edition, name)}
    return tuple(s for s in edition.sessions if found & set(s.speakers))


def find_speakers(edition: Edition, text: str) -> tuple[Speaker, ...]:
    """The speakers whom a text names by family name or in full; a first name alone is enough if only one has it."""
    said = content_words(text)
    scored = [(max(_name_score(name, said) for name in (s.name, *s.spellings)), s) for s in edition.speakers.values()]
    best = max((score for score, _ in scored), default=0)
    found = tuple(speaker for score, speaker in scored if score == best and best > 0)
    return found if best > 1 or len(found) == 1 else ()


def speakers_by_role(edition: Edition, text: str) -> tuple[Speaker, ...]:
    """The speakers whose role a text names best: "la maire", "someone from Barcelona"."""
    said = content_words(text)
    roles = {s.id: {w for t in s.role.texts.values() for w in content_words(t)} for s in edition.speakers.values()}
    score = {key: sum(any(_likeness(a, b) >= 0.9 for b in role) for a in said) for key, role in roles.items()}
    best = max(score.values(), default=0)
    return tuple(s for s in edition.speakers.values() if best and score[s.id] == best)


def _name_score(name: str, said: Sequence[str]) -> int:
    """1 for the first name alone, 2 for the family name, 3 for both."""
    parts = [part for part in _parts(name) if len(part) > 2] or [name]
    has = [any(_likeness(part, word) >= 0.8 for word in said) for part in (parts[0], parts[-1])]
    return 1 * has[0] + 2 * has[1]


def search(edition: Edition, words: str) -> tuple[Session, ...]:
    """The sessions about a topic in one's own words, the closest first; forgives typing mistakes and the script.

    Where no session has any of the words, the sessions of the track that has.
    """
    scores: dict[str, float] = {}
    count = len(edition.sessions)
    for said in content_words(words):
        best: dict[str, float] = {}
        for word, holders in edition.vocabulary.items():
            # A word that half the sessions have tells nothing of what is sought.
            weight = _likeness(said, word) * math.log(count / len(holders) if count > 2 * len(holders) else 1.05)
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
    plain = normalise(text)
    for room in edition.rooms.values():
        names = "|".join(re.escape(normalise(name)) for name in (room.id, *(a for a in room.aliases if len(a) < 3)))
        if re.search(rf"{_ASKS_WHICH}\b(?:{_ROOM_WORD}) (?:{names})\b(?! (?:manger|lieu|change|ete|الصلاه)\b)", plain):
            return room
        if any(re.search(rf"\b{re.escape(normalise(alias))}\b", plain) for alias in room.aliases if len(alias) > 2):
            return room
    return None


def find_track(edition: Edition, text: str) -> Track | None:
    """The track that a text names as such ("le parcours mobilité")."""
    return _closest_track(edition, text) if _TRACK_WORD.search(normalise(text)) else None


def _closest_track(edition: Edition, text: str) -> Track | None:
    said = content_words(text)
    names = {key: _parts(" ".join((*t.name.texts.values(), *t.keywords))) for key, t in edition.tracks.items()}
    scored = {key: sum(any(_likeness(a, b) >= 0.8 for b in parts) for a in said) for key, parts in names.items()}
    best = max(scored, key=lambda key: scored[key], default=None)
    return edition.tracks[best] if best and scored[best] else None


def find_services(edition: Edition, text: str) -> tuple[Service, ...]:
    """The practical matters that a text asks about."""
    said = f" {' '.join(_parts(text))} "
    services = edition.services.values()
    return tuple(s for s in services if any(f" {' '.join(_parts(keyword))} " in said for keyword in s.keywords))


def _vocabulary(sessions: Iterable[Session], speakers: Mapping[str, Speaker]) -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for session in sessions:
        texts = [*session.title.texts.values(), *session.keywords]
        texts += [speakers[key].name for key in session.speakers if key in speakers]
        for word in content_words(" ".join(texts)):
            found.setdefault(word, set()).add(session.id)
    return {word: frozenset(holders) for word, holders in found.items()}


def _parts(text: str) -> list[str]:
    return [_ELISION.sub("", word.text) for word in words(normalise(text))]


def content_words(text: str) -> list[str]:
    return [part for part in _parts(text) if part not in _TOO_COMMON and len(part) > 1]


def _likeness(first: str, second: str) -> float:
    """How sure it is that two words are one: 1 the same, 0.8 or more a misspelling or the other script, else 0."""
    if first == second:
        return 1.0
    if min(len(first), len(second)) < 4:
        return 0.0
    bones = word_skeleton(first)
    if _is_arabic(first) != _is_arabic(second):
        return 0.85 if len(bones) > 2 and bones == word_skeleton(second) else 0.0
    if min(len(first), len(second)) > 4 and (first.startswith(second) or second.startswith(first)):
        return 0.8
    close = fuzz.ratio(first, second)
    if close >= 84 or (len(bones) > 2 and close >= 65 and bones == word_skeleton(second)):
        return 0.9
    return 0.0


def _is_arabic(word: str) -> bool:
    return Word(word, 0, len(word)).is_arabic
