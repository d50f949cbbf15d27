"""The words of a message that say where: "9dam madrassat Ibn Sina f Sbata" out of a whole story."""

from collections.abc import Sequence
from itertools import pairwise

from nlu.locatives import (
    STOPS,
    behind_house,
    end_of_place,
    first_of_number,
    is_a_kind_of_landmark,
    is_one_of,
    is_place_word,
    landmark_beyond,
    listed,
)
from nlu.text import Word, arabic_letters, normalise, words
from nlu.understanding import Entity

_ATTACHED = ("ف", "ب", "ل")
_REACH = 8
"""Words before a place name within which a "in front of" still belongs to it."""
_BEGINNING = 2
"""Words within which an answer to "where?" names a place."""
_LONGEST_ADDRESS = 8
_PRESENT = ("kat", "kay", "كت", "كي", "كن")
"""How verbs of Darija begin: "katkhaf", "كيدوزو"."""
_THERE_IS = ("kayn", "كاين")
_LONG_ENOUGH_FOR_A_VERB = 4
_WORDS_OF_A_STREET, _WORDS_OF_A_NUMBERED_STREET = 5, 2
_BEFORE_A_PLACE = 4
"""Words within which a correction does: "la, en fait c'est rue 15"."""


def phrase_of_place(text: str, places: Sequence[Entity]) -> str | None:
    """The stretch from the first word of place ("9dam", "devant", "حدا") to the last place name.

    None where no such word stands before a name, and no street or landmark behind it, so that a bare "Sbata" is not taken
    for an address. The text is given back as it was typed, when its words can be told apart in both forms.
    """
    if not places:
        return None
    normalised = normalise(text)
    found = words(normalised)
    first_place = min(entity.start for entity in places)
    name_end = max(entity.end for entity in places)
    end, followed = end_of_place(normalised, found, name_end)
    before = [number for number, word in enumerate(found) if word.end <= first_place][-_REACH:]
    beginnings = [number for number in before if _may_begin(found, number)]
    beginnings = [
        number
        for number in beginnings
        if not _is_owned(found, number, first_place)
        and not _is_since(found, number, first_place)
        and not _is_on_a_thing(found, number)
    ]
    # "le lampadaire de la rue est éteint devant la gare": that street is whose lamp it is, the place comes after it.
    telling = [number for number in beginnings if not _is_of_something(found, number, first_place)]
    chosen = (telling or beginnings)[:1]
    if not chosen or found[chosen[0]].text in listed("since"):
        # "j'habite à Sbata, le lampadaire devant l'école est éteint": the landmark is told after the quarter.
        first_end = min(places, key=lambda entity: entity.start).end
        _, goes_on = end_of_place(normalised, found, first_end)
        beyond = None if goes_on else landmark_beyond(normalised, found, first_end)
        followed = followed or goes_on
        if beyond and (chosen or not followed):
            landmark = _as_typed(text, found, found[beyond[0]].start, found[beyond[1]].end)
            return _joined(landmark, _as_typed(text, found, first_place, first_end))
    if not chosen and not followed:
        return None
    start = found[first_of_number(found, chosen[0])].start if chosen else first_place
    since = next(
        (word for word in found if start < word.start < first_place and word.text in listed("since_when")), None
    )
    whole = _as_typed(text, found, start, end) or normalised[start:end]
    if since is None:
        return whole
    # "حدا باب العمارة هادي تلت ايام فسيدي مومن": how long it has been so stands in between.
    where, name = _as_typed(text, found, start, since.start), _as_typed(text, found, first_place, end)
    return _joined(where, name) or whole


def landmark_in(text: str) -> str | None:
    """ "9dam madrasa", "devant l'école Ibn Khaldoun" of a story that names no place: a kind of landmark, and its name where it has one."""
    normalised = normalise(text)
    found = words(normalised)
    known = landmark_beyond(normalised, found, 0)
    if known is None:
        return None
    first, last = known
    if not any(is_a_kind_of_landmark(word.text) for word in found[first : last + 1]):
        return None
    return _as_typed(text, found, found[first].start, found[last].end)


def side_by_side(text: str, places: Sequence[Entity]) -> str | None:
    """Names that follow each other without a word between them, as they were typed: "2 mars mediouna". None for others."""
    normalised, named = normalise(text), sorted(places, key=lambda place: place.start)
    if len([place for place in named if place.value["kind"] == "arrondissement"]) > 1:
        return None  # "ماشي سيدي مومن البرنوصي": the second takes the place of the first.
    follow = [one for one, other in pairwise(named) if not normalised[one.end : other.start].strip(" -")]
    if not follow or len(follow) + 1 < len(named):
        return None
    return stretch(text, named[0], named[-1])


def street_of_a_quarter(text: str, places: Sequence[Entity]) -> str | None:
    """ "boulevard 2 mars" as it was typed, where the map has the quarter of that name alone."""
    for place in places:
        first = next(iter(words(place.text)), None)
        if place.value["kind"] == "neighbourhood" and first and is_one_of(listed("roads"), first.text):
            return stretch(text, place, place)
    return None


def stretch(text: str, first: Entity, last: Entity) -> str | None:
    """What was typed from one name to another."""
    return _as_typed(text, words(normalise(text)), first.start, last.end)


def between_arrondissements(text: str, places: Sequence[Entity]) -> tuple[Entity, Entity] | None:
    """The two names that an "and" or an "or" joins ("entre Aïn Chock et Sidi Othmane"), of which nobody knows yet which it is."""
    normalised = normalise(text)
    named = [
        place for place in sorted(places, key=lambda place: place.start) if place.value["kind"] == "arrondissement"
    ]
    for one, other in pairwise(named):
        links = [word.text for word in words(normalised[one.end : other.start])]
        signs = normalised[one.end : other.start].strip(" /-") if not links else ""
        attached = other.text.startswith("و")
        joined = attached if not links else all(link in listed("and") | listed("or") for link in links)
        if one.value["id"] != other.value["id"] and joined and not signs:
            return one, other
    return None


def with_number(text: str, place: Entity) -> str | None:
    """A known street as it was typed, with the number of the house before or behind it: "45 boulevard Ghandi". None without one."""
    normalised = normalise(text)
    found = words(normalised)
    inside = [n for n, word in enumerate(found) if word.start >= place.start and word.end <= place.end]
    if not inside or not is_one_of(listed("streets"), found[inside[0]].text):
        return None
    first, last = inside[0], inside[-1]
    if first and found[first - 1].text.isdigit():
        first -= 1
    behind = [word.text for word in found[last + 1 : last + 3]]
    if behind[:1] and behind[0].isdigit():
        last += 1
    elif len(behind) > 1 and behind[0] in listed("number_of") and behind[1].isdigit():
        last += 2
    if (first, last) == (inside[0], inside[-1]):
        return None
    return _as_typed(text, found, found[first].start, found[last].end)


def without_names(text: str, places: Sequence[Entity]) -> str:
    """The normalised text without the names of places."""
    rest = normalise(text)
    for place in sorted(places, key=lambda place: place.start, reverse=True):
        rest = f"{rest[: place.start]} {rest[place.end :]}"
    return rest


def without_place_words(text: str) -> str:
    """The normalised text without the words that begin a place and the numbers of houses: of "f derb l3afou numero 8" the name is left."""
    found = [word.text for word in words(normalise(text))]
    return " ".join(
        word for word in found if not (is_place_word(word) or word in listed("number_of") or word.isdecimal())
    )


def says_where(text: str) -> bool:
    """Whether a message speaks of a street ("rue 15", "زنقة 3"), known to the gazetteer or not."""
    return any(is_one_of(listed("streets"), word.text) for word in words(normalise(text)))


def begins_with_place(text: str) -> bool:
    """Whether a message begins by saying where ("devant …", "kayna 7da …"), not what."""
    found = words(normalise(text))
    return any(is_place_word(word.text) and not _is_since_word(found, n) for n, word in enumerate(found[:_BEGINNING]))


def is_address(text: str) -> bool:
    """Whether a short message names a street or a thing that stands in one ("7da lmadrassa", "قيسارية الحفاري") and tells nothing."""
    found = words(normalise(text))
    if not found or len(found) > _LONGEST_ADDRESS or tells_something(text):
        return False
    first = next((word.text for word in found if word.text not in listed("intros")), "")
    return (is_place_word(first) and first not in listed("since")) or is_one_of(listed("named"), first)


def tells_something(text: str) -> bool:
    """Whether a message is a sentence without a place in it: "wrah rri7a khanza", "je veux me plaindre", "وبنتي كتخاف"."""
    found = words(normalise(text))
    places = [n for n, word in enumerate(found) if is_place_word(word.text) and word.text not in listed("since")]
    nameless = [n for n in places if _is_any_street(found, n)]
    if len(nameless) < len(places):
        return False
    return bool(nameless) or any(
        _is_telling(word.text) or (word.text[:1] == "و" and _is_telling(word.text[1:])) for word in found
    )


def _is_any_street(found: Sequence[Word], number: int) -> bool:
    """Whether a street is not told from others: "الزنقة كاملة", "القادوس ديال الزنقة", "toute la rue"."""
    street = found[number].text
    after = found[number + 1].text if number + 1 < len(found) else ""
    before = [word.text for word in found[max(0, number - 2) : number]]
    if not is_one_of(listed("streets"), street):
        return False
    if after in listed("whole") or not listed("whole").isdisjoint(before):
        return True
    return not after and bool(before) and before[-1] in listed("owned_by")


def _is_telling(word: str) -> bool:
    """A word that no name of a place has: a pronoun, a particle, a verb of Darija in the present."""
    if word in listed("telling"):
        return True
    return len(word) > _LONG_ENOUGH_FOR_A_VERB and word.startswith(_PRESENT) and not word.startswith(_THERE_IS)


def from_place(text: str) -> str | None:
    """What a short correction says from its first word of place on ("en fait c'est rue 15" is "rue 15"); None without one."""
    typed = words(text)
    found = words(normalise(text))
    if len(found) != len(typed):
        return None
    first = next(
        (
            n
            for n, word in enumerate(found[:_BEFORE_A_PLACE])
            if is_place_word(word.text) and not _is_since_word(found, n)
        ),
        None,
    )
    return text[typed[first].start : typed[-1].end] if first is not None else None


def another_street(place: str, street: str) -> str | None:
    """A place with another street of the same kind in it: "rue 12" in "Aïn Chock hay Inara rue 10". None where it has none, or where
    nothing else would be left of it."""
    typed, new = words(place), words(normalise(street))
    found = words(normalise(place))
    if len(typed) != len(found) or len(new) != _WORDS_OF_A_NUMBERED_STREET or not new[1].text.isdigit():
        return None
    for number, word in enumerate(found[:-1]):
        if word.text == new[0].text and found[number + 1].text.isdigit():
            return f"{place[: typed[number].start]}{street}{place[typed[number + 1].end :]}" if len(found) > 2 else None
    return None


def street_in(text: str) -> str | None:
    """The street that a story names and no gazetteer knows: "devant le 14 rue Ibn Batouta" of "… devant le 14 rue Ibn Batouta, il
    est cassé". None where a street has neither number nor name."""
    normalised = normalise(text)
    found = words(normalised)
    for number, word in enumerate(found[:-1]):
        named = number + 1
        while named + 1 < len(found) and found[named].text in listed("of"):
            named += 1
        ends = any(sign in normalised[word.end : found[named].start] for sign in STOPS)
        if not is_one_of(listed("streets"), word.text) or ends:
            continue
        if not _is_a_name(found[named].text, of=word.text) and not _is_between_streets(found, named):
            continue
        last = named
        while last + 1 < len(found) and last - number < _WORDS_OF_A_STREET:
            between = normalised[found[last].end : found[last + 1].start]
            if any(sign in between for sign in STOPS) or found[last + 1].text in listed("ends"):
                break
            last += 1
        last = max(last, behind_house(found, last + 1) - 1)
        first = number
        while first and (
            found[first - 1].text.isdigit() or found[first - 1].text in listed("of") | listed("number_of")
        ):
            first -= 1
        begins = first > 0 and is_place_word(found[first - 1].text)
        start = found[first - 1 if begins else first_of_number(found, number)].start
        return _as_typed(text, found, start, found[last].end) or normalised[start : found[last].end]
    return None


def without_in(place: str) -> str:
    """A place without the "in" before its street or landmark, written onto it or not: "زنقة 5" of "فزنقة 5", "فـزنقة 5", "ف زنقة 5"."""
    found = words(place)
    first = normalise(found[0].text) if found else ""
    if len(found) > 1 and first in ("ف", "في") and is_place_word(normalise(found[1].text)):
        return place[found[1].start :]
    if first[:1] != "ف" or first in listed("beginnings") | listed("streets") or not is_place_word(first):
        return place
    return place[found[0].start :].removeprefix("ف").lstrip("ـ")


def _may_begin(found: Sequence[Word], number: int) -> bool:
    """Whether a description of a place may begin here: with a word of place, a street that has a name, or a house with its number."""
    word, after = found[number].text, found[number + 1].text if number + 1 < len(found) else ""
    if is_one_of(listed("streets"), word) and after in listed("ends"):
        return False  # "ma rue est inondée"
    if is_one_of(listed("beginnings"), word):
        return True
    if is_one_of(listed("streets"), word) and after:
        return _is_a_name(after, of=word)
    return is_one_of(listed("houses"), word) and behind_house(found, number) > number


def _is_between_streets(found: Sequence[Word], named: int) -> bool:
    """ "hay mabrouka rue 8": between one word of a street and another with its number stands a name."""
    behind = found[named + 1 : named + 3]
    return len(behind) > 1 and is_one_of(listed("streets"), behind[0].text) and behind[1].text.isdigit()


def _is_a_name(word: str, *, of: str) -> bool:
    """Whether the word behind "rue" can be its number or its name; behind "شارع" it can as well be what is wrong with it."""
    if word.isdigit():
        return True
    if not of.isascii() or is_one_of(listed("rarely_named"), of):
        return word in listed("begins_a_name") or (word.startswith("ال") and not of.startswith("ال"))
    return len(word) > 1 and word not in listed("ends") | listed("telling") | listed("of") and not is_place_word(word)


def is_not_the_city(text: str, place: Entity, name: str) -> bool:
    """Whether the name of a city is that of a street ("rue d'Agadir", "شارع طنجة"), of a thing ("café Marrakech"), or says
    which way ("vers Rabat"). `name` is the city's in Arabic letters: "فطنجة" is "in Tangier", whatever stands before."""
    if place.text[:1] in _ATTACHED and place.text[:1] != normalise(name)[:1]:
        return False
    before = [word.text for word in words(normalise(text)) if word.end <= place.start]
    while before and before[-1] in listed("of"):
        before.pop()
    kinds = listed("streets") | listed("named") | listed("towards")
    return bool(before) and is_one_of(kinds, before[-1])


def _is_of_something(found: Sequence[Word], number: int, first_place: int) -> bool:
    """Whether a word of place only says whose something is: behind an "of", and neither a number nor the name after it."""
    after = found[number + 1] if number + 1 < len(found) else None
    named = after is not None and (after.text.isdigit() or after.start >= first_place)
    return number > 0 and found[number - 1].text in listed("of") and not named


def _is_owned(found: Sequence[Word], number: int, first_place: int) -> bool:
    """Whether a street in Arabic letters says whose something is: "ضو الزنقة" is the street's lamp, and names no street."""
    after = found[number + 1] if number + 1 < len(found) else None
    named = after is not None and (after.text.isdigit() or after.start >= first_place)
    is_street = found[number].text.startswith("ال") and found[number].text in listed("streets")
    return number > 0 and is_street and not named and not is_place_word(found[number - 1].text)


def _is_on_a_thing(found: Sequence[Word], number: int) -> bool:
    """ "sur une voiture": where a tree lies, not where it stood."""
    after = found[number + 1].text if number + 1 < len(found) else ""
    return found[number].text in listed("upon") and after in listed("some")


def _is_since_word(found: Sequence[Word], number: int) -> bool:
    """The same of a message without a name: "men zen9a 5" says where, "من البارح" since when."""
    after = found[number + 1].text if number + 1 < len(found) else ""
    return found[number].text in listed("since") and not is_place_word(after)


def _is_since(found: Sequence[Word], number: int, first_place: int) -> bool:
    """Whether a "from" says since when, not where: "من الصباح فسيدي مومن"."""
    after = found[number + 1] if number + 1 < len(found) else None
    is_place = after is not None and (after.start >= first_place or is_place_word(after.text))
    return found[number].text in listed("since") and not is_place


def _joined(where: str | None, name: str | None) -> str | None:
    return f"{where}{'،' if arabic_letters(where) else ','} {name}" if where and name else None


def _as_typed(text: str, found: Sequence[Word], start: int, end: int) -> str | None:
    typed = words(text)
    if len(typed) != len(found):
        return None
    chosen = [number for number, word in enumerate(found) if word.start >= start and word.end <= end]
    return text[typed[chosen[0]].start : typed[chosen[-1]].end] if chosen else None
