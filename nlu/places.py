"""Finds the places and the tram and busway lines that a message names, in three scripts and with the usual typos.

The gazetteer (`data/city/places.yml`) is read into tables once; a message is then looked up window by window, the
longest first: by the spelling, by its script-blind skeleton and, in what is left, by near misses.
Common words that are names too ("Littoral") count only behind a word that announces a place.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import OSA

from nlu.lines import find_lines
from nlu.place_likeness import alike, begin_alike, similarity
from nlu.plain_yaml import load_yaml
from nlu.skeleton import word_skeleton
from nlu.text import Word, normalise, words
from nlu.understanding import Entity

WORDS_FILE = Path(__file__).with_name("place_words.yml")
_MAX_WORDS = 5
_MIN_JOINED = 6
"""Letters from which a name is known however it is cut into words ("aindiab", "casa port")."""
_MIN_FUZZY = 8
"""Shorter words have too many neighbours ("marina", "madina"); their usual misspellings share the skeleton."""
_TWO_TYPOS_FROM = 12
_KINDS = ("arrondissement", "neighbourhood", "landmark", "street", "stop", "city")
"""Which of several places of one name is meant, when nothing else says it."""

_LATIN_PREFIX = re.compile(r"(?:[fbdnw]?l|[fbd])(?=\w{2})|(?:3la|fi)(?=l[^\W\d_]{4})")
_ARABIC_PREFIX = re.compile(r"(?:و?(?:[فبلكد]?ال|[فبد]ل|لل)|[فبلود])(?=..)")
_ARABIC_ARTICLE = re.compile(r"ال(?=..)")
_ELIDED = re.compile(r"[ldfb]['’](?=.)")
_ARTICLES = frozenset(("el", "al", "l"))
_ANY_ARABIC = re.compile(r"[\u0620-\u064a]")


@dataclass(frozen=True, slots=True)
class PlaceName:
    """A place and the ways people write it. A `weak` name is a common word too; `unlike` phrases only resemble it."""

    id: str
    kind: str
    spellings: tuple[str, ...]
    weak: bool = False
    unlike: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Spelling:
    """One way to write a place, without articles, as words and without spaces. No `place`: a mere resemblance."""

    place: PlaceName | None
    joined: str
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Window:
    """Neighbouring words of a message; `forms` are the ways to read them with and without a prefix, in words."""

    first: int
    last: int
    forms: tuple[tuple[str, ...], ...]
    everyday: bool
    """It begins or ends with a word that no name is likely to begin or end with."""


@dataclass(frozen=True, slots=True)
class _WordLists:
    """The words around names: what announces which kind, what stands between, what no name begins or ends with."""

    cues: Mapping[str, str]
    between: frozenset[str]
    everyday: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Match:
    spellings: tuple[_Spelling, ...]
    confidence: float


class Gazetteer:
    """All names of places, ready to be looked up. Building it takes a moment, `find` well under a millisecond."""

    def __init__(self, names: Sequence[PlaceName]) -> None:
        self._exact: dict[str, tuple[_Spelling, ...]] = {}
        self._joined: dict[str, tuple[_Spelling, ...]] = {}
        self._skeletons: dict[str, tuple[_Spelling, ...]] = {}
        self._scripts: dict[str, frozenset[bool]] = {}
        for name in names:
            self._scripts[name.id] = self._scripts.get(name.id, frozenset()) | _scripts(name.spellings)
            for spelling in name.spellings:
                self._add(name, spelling)
            for spelling in name.unlike:
                self._add(None, spelling)
        all_parts = [s.parts for known in self._exact.values() for s in known]
        self._everyday_first = frozenset(parts[0] for parts in all_parts if _is_everyday(parts[0]))
        self._everyday_last = frozenset(parts[-1] for parts in all_parts if _is_everyday(parts[-1]))
        self._near = _by_first_letter_and_length(self._joined)
        self._nearest = lru_cache(maxsize=16_384)(self._nearest_spelling)

    def find(self, normalised: str, *, asked: bool = False) -> tuple[Entity, ...]:
        """The places and lines of a normalised text in order, without overlaps.

        `asked` says that the assistant has just asked for a place: then common words count as names as well.
        """
        lines = find_lines(normalised)
        found = words(normalised)
        taken = {i for i, word in enumerate(found) for line in lines if word.start < line.end and line.start < word.end}
        places, weak = list[Entity](), list[Entity]()
        for window, match in self._matches(normalised, found, taken):
            start, end = found[window.first].start, found[window.last].end
            after_line = any(0 <= start - line.end <= 2 for line in lines)
            place = _chosen(match.spellings, found, window.first, strong=asked or after_line)
            perhaps = place or _chosen(match.spellings, found, window.first, strong=True)
            if perhaps and not (
                match.confidence < 1 and perhaps.kind == "arrondissement" and _is_of_a_street(found, window.first)
            ):
                value = {"id": perhaps.id, "kind": perhaps.kind}
                named = Entity("place", value, normalised[start:end], start, end, match.confidence)
                (places if place else weak).append(named)
        places += [name for name in weak if _is_meant_after_all(name, normalised, found, places)]
        return tuple(sorted([*lines, *places], key=lambda entity: entity.start))

    def _add(self, place: PlaceName | None, written: str) -> None:
        parts = _bare(words(normalise(written)))
        if not parts:
            return
        joined = "".join(parts)
        spelling = _Spelling(place, joined, parts)
        _append(self._exact, " ".join(parts), spelling)
        if len(joined) >= _MIN_JOINED:
            _append(self._joined, joined, spelling)
        if place:
            _append(self._skeletons, _skeleton(parts), spelling)

    def _matches(self, normalised: str, found: Sequence[Word], taken: set[int]) -> Iterator[tuple[_Window, _Match]]:
        """Names first, then near misses in what is left; the longer of two names wins."""
        windows = [
            window
            for window in self._windows(normalised, found)
            if taken.isdisjoint(range(window.first, window.last + 1))
        ]
        for step in (self._named, self._mistyped):
            for window in windows:
                covered = range(window.first, window.last + 1)
                if not taken.isdisjoint(covered):
                    continue
                match = step(window)
                if match:
                    taken.update(covered)
                    yield window, match

    def _windows(self, normalised: str, found: Sequence[Word]) -> list[_Window]:
        """All runs of up to five words without punctuation between them, the longer ones first."""
        bare = [None if word.text in _ARTICLES else _without_article(word.text) for word in found]
        common = [_is_everyday(word.text) or _is_everyday(_without_article(word.text)) for word in found]
        run = _runs(normalised, found)
        barred_first = [common[i] and word not in self._everyday_first for i, word in enumerate(bare)]
        barred_last = [common[i] and word not in self._everyday_last for i, word in enumerate(bare)]
        windows = []
        for size in range(min(_MAX_WORDS, len(found)), 0, -1):
            for first in range(len(found) - size + 1):
                last = first + size - 1
                # An article at either end belongs to the shorter window inside.
                if bare[first] is None or bare[last] is None or run[first] != run[last]:
                    continue
                if barred_first[first] or barred_last[last]:
                    continue
                rest = tuple(part for part in bare[first + 1 : last + 1] if part)
                starts = _readings(found[first].text)
                forms = tuple((start, *rest) for start in starts if rest or start is starts[0] or len(start) >= 4)
                windows.append(_Window(first, last, forms, common[first] or common[last]))
        return windows

    def _named(self, window: _Window) -> _Match | None:
        """By the spelling, else by the skeleton; a spelling of one place may be a variant of another's: both count."""
        for form in window.forms:
            spellings = self._spelled(form)
            if spellings:
                known = {spelling.place and spelling.place.id for spelling in spellings}
                others = (s for s in self._sounding(form) if s.place and s.place.id not in known)
                return _Match((*spellings, *others), 1.0)
        for form in () if window.everyday else window.forms:
            sure = sum(len(word_skeleton(part)) for part in form) >= 4
            # A word that may begin with a preposition ("لادريس") needs more than three letters to go by.
            spellings = self._sounding(form) if sure or form is window.forms[0] else ()
            if spellings:
                return _Match(spellings, 0.9 if sure else 0.8)
        return None

    def _spelled(self, form: Sequence[str]) -> tuple[_Spelling, ...]:
        spellings = self._exact.get(" ".join(form))
        if spellings:
            return spellings
        joined = "".join(form)
        return self._joined.get(joined, ()) if len(joined) >= _MIN_JOINED else ()

    def _sounding(self, form: Sequence[str]) -> tuple[_Spelling, ...]:
        """Same skeleton and, where the name is known in that script, a similar spelling: bones alone meet too often."""
        bones = _skeleton(form)
        letters = len(bones.replace(" ", ""))
        return tuple(s for s in self._skeletons.get(bones, ()) if self._sounds_alike(s, form, letters))

    def _sounds_alike(self, spelling: _Spelling, form: Sequence[str], letters: int) -> bool:
        """Thresholds measured on 12,457 messages of the corpus: the fewer consonants, the more must be the same."""
        if letters < 3 or spelling.place is None:
            return False
        joined = "".join(form)
        arabic = _is_arabic(joined)
        if _is_arabic(spelling.joined) != arabic:
            return arabic not in self._scripts[spelling.place.id] and letters >= 5 and len(form) >= 2
        if len(form) == 1 and (spelling.place.kind == "city" or not begin_alike(joined, spelling.joined)):
            return False
        needed = (85 if letters < 5 else 78) if len(form) == 1 else 80 if letters == 3 else 75 if letters == 4 else 65
        return len(joined) >= 5 and similarity(joined, spelling.joined) >= needed and alike(form, spelling.parts)

    def _mistyped(self, window: _Window) -> _Match | None:
        """One typo from eight letters, two from twelve; the first letter must be right, and so must numbers."""
        joined = "".join(window.forms[0])
        near = None if window.everyday else self._near.get((joined[0], len(joined)))
        return self._nearest(joined, len(window.forms[0])) if near else None

    def _nearest_spelling(self, joined: str, parts: int) -> _Match | None:
        near = self._near[joined[0], len(joined)]
        best = process.extractOne(joined, near, scorer=OSA.distance, score_cutoff=_typos(len(joined)))
        if best is None:
            return None
        spellings = tuple(s for s in self._joined[best[0]] if _may_be_mistyped(s, joined, parts))
        return _Match(spellings, 0.85 - 0.1 * best[1]) if spellings else None


def load_place_names(path: Path) -> list[PlaceName]:
    """The gazetteer file as place names; an entry of which only some names are common words gives two of one id."""
    entries: list[dict[str, Any]] = load_yaml(path.read_text(encoding="utf-8"))
    return [name for entry in entries for name in _place_names(entry)]


def _place_names(entry: Mapping[str, Any]) -> Iterator[PlaceName]:
    spellings = tuple(str(name) for name in (*entry["name"].values(), *entry.get("spellings", ())))
    unlike = tuple(str(phrase) for phrase in entry.get("unlike", ()))
    weak = entry.get("weak", False)
    common = {normalise(str(name)) for name in weak} if isinstance(weak, list) else set()
    if common:
        weak_ones = tuple(spelling for spelling in spellings if normalise(spelling) in common)
        yield PlaceName(entry["id"], entry["kind"], weak_ones, weak=True)
        spellings = tuple(spelling for spelling in spellings if normalise(spelling) not in common)
    yield PlaceName(entry["id"], entry["kind"], spellings, weak=weak is True, unlike=unlike)


def _append(table: dict[str, tuple[_Spelling, ...]], key: str, spelling: _Spelling) -> None:
    known = table.get(key, ())
    if spelling not in known:
        table[key] = (*known, spelling)


def _scripts(spellings: Iterable[str]) -> frozenset[bool]:
    """Whether the spellings are in Arabic letters, in others, or in both."""
    return frozenset(_is_arabic(spelling) for spelling in spellings)


def _bare(found: Sequence[Word]) -> tuple[str, ...]:
    """The words without their articles; an article that stands alone vanishes."""
    parts = (_without_article(word.text) for word in found if word.text not in _ARTICLES or len(found) == 1)
    return tuple(part for part in parts if part)


@lru_cache(maxsize=16_384)
def _without_article(word: str) -> str:
    bare = _ARABIC_ARTICLE.sub("", word, count=1) if word.startswith("ال") else _ELIDED.sub("", word, count=1)
    return bare.replace("'", "").replace("’", "")


@lru_cache(maxsize=16_384)
def _readings(word: str) -> tuple[str, ...]:
    """The first word of a name as it stands, and without the preposition and article written in one with it."""
    pattern = _ARABIC_PREFIX if _ANY_ARABIC.search(word) else _LATIN_PREFIX
    plain = _without_article(word)
    match = pattern.match(word)
    if match is None:
        return (plain,)
    rest = word[match.end() :]
    # "فالألفة" has lost its article with the prefix; the "ال" that is left belongs to the name.
    short = rest if match.group().endswith("ال") else _without_article(rest)
    return (plain,) if short == plain else (plain, short)


def _is_everyday(word: str) -> bool:
    return len(word) == 1 or word in _word_lists().everyday or not word_skeleton(word)


def _skeleton(parts: Iterable[str]) -> str:
    return " ".join(bones for bones in map(word_skeleton, parts) if bones)


def _runs(normalised: str, found: Sequence[Word]) -> list[int]:
    """For every word the number of its run; punctuation other than hyphens and the dots of "C.I.L." ends a run."""
    numbers, number = [], 0
    for i, word in enumerate(found):
        if i and normalised[found[i - 1].end : word.start].strip(" -'") not in ("", "."):
            number += 1
        numbers.append(number)
    return numbers


def _by_first_letter_and_length(joined_names: Iterable[str]) -> Mapping[tuple[str, int], Sequence[str]]:
    """For the first letter and length of a word the names that few enough typos may turn into it."""
    near: dict[tuple[str, int], list[str]] = {}
    for joined in joined_names:
        for length in range(max(_MIN_FUZZY, len(joined) - 2), len(joined) + 3):
            if abs(length - len(joined)) <= _typos(length):
                near.setdefault((joined[0], length), []).append(joined)
    return near


def _typos(length: int) -> int:
    return 2 if length >= _TWO_TYPOS_FROM else 1


def _is_arabic(text: str) -> bool:
    return _ANY_ARABIC.search(text) is not None


def _may_be_mistyped(spelling: _Spelling, joined: str, parts: int) -> bool:
    """Not a common word, a city's single one (too like surnames), or a name with other numbers or cut otherwise."""
    if spelling.place is None:
        return True
    if spelling.place.weak or (spelling.place.kind == "city" and len(spelling.parts) == 1):
        return False
    digits = [char for char in joined if char.isdigit()]
    return abs(len(spelling.parts) - parts) <= 1 and digits == [char for char in spelling.joined if char.isdigit()]


def _chosen(spellings: Sequence[_Spelling], found: Sequence[Word], first: int, *, strong: bool) -> PlaceName | None:
    """The place that is meant among those of one name: the announced kind, else the most usual; None: a resemblance."""
    if any(spelling.place is None for spelling in spellings):
        return None
    cue = _cue(found, first) or _cue_word(found[first].text)
    places = [s.place for s in spellings if s.place and (strong or not s.place.weak or _announces(cue, s.place.kind))]
    return min(places, key=lambda place: (place.kind != cue, _KINDS.index(place.kind)), default=None)


def _is_meant_after_all(weak: Entity, normalised: str, found: Sequence[Word], places: Sequence[Entity]) -> bool:
    """Whether a common word is a name here: "2 mars derb sultan" right beside another place, and a bare "2 mars" or "hassan 2",
    which nobody writes as a whole message for anything else."""
    if weak.value["kind"] == "city":
        return False
    between = [normalised[min(weak.end, other.end) : max(weak.start, other.start)] for other in places]
    beside = any(not words(gap) and not gap.strip(" -'") for gap in between)
    alone = all(_is_everyday(word.text) or weak.start <= word.start < weak.end for word in found)
    return beside or (alone and any(char.isdigit() for char in weak.text))


def _is_of_a_street(found: Sequence[Word], first: int) -> bool:
    """Whether a word of a street stands right before: "rue de Sebta" only sounds like Sbata."""
    before = first - 1
    while before >= 0 and found[before].text in _word_lists().between:
        before -= 1
    return before >= 0 and _cue_word(found[before].text) == "street"


def _announces(cue: str | None, kind: str) -> bool:
    """A weak name of a city wants its own cue: "safi" is "enough" far more often than the town."""
    return cue == kind if kind == "city" else cue is not None


def _cue(found: Sequence[Word], first: int) -> str | None:
    """The kind of place that the word before announces; one or two small words may stand between."""
    for word in reversed(found[max(0, first - 3) : first]):
        cue = _cue_word(word.text)
        if cue or word.text not in _word_lists().between:
            return cue
    return None


def _cue_word(word: str) -> str | None:
    return _word_lists().cues.get(_without_article(word))


@lru_cache(maxsize=1)
def _word_lists() -> _WordLists:
    content = load_yaml(WORDS_FILE.read_text(encoding="utf-8"))
    cues = {normalise(word): kind for kind, words_of_kind in content["cues"].items() for word in words_of_kind}
    between, everyday = (frozenset(map(normalise, content[key])) for key in ("between_cue_and_name", "everyday"))
    return _WordLists(cues, between, everyday)
