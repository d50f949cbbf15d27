"""What a correction changes in the words of a place: only what was wrong, the rest stays as it was told."""

from collections.abc import Sequence

from actions.requests.words import ReportWords
from nlu.locatives import ATTACHED, first_of_number, is_one_of, is_place_word, listed
from nlu.text import Word, normalise, words
from nlu.whereabouts import from_place

_WORDS_OF_A_NUMBER = 7


def with_other_words(place: str, wrong: str, right: str) -> str | None:
    """The place with what is right where it says what is wrong: "la rue de Rome" for "la rue d'Alger". None where it does not say that."""
    typed, found, denied = words(place), words(normalise(place)), _bare(words(normalise(wrong)))
    new = from_place(right) or right
    if not denied or len(typed) != len(found) or not any(is_place_word(word.text) for word in denied):
        return None
    for first in range(len(found) - len(denied) + 1):
        here = found[first : first + len(denied)]
        if all(_is_same(one.text, other.text) for one, other in zip(here, denied, strict=True)):
            return f"{place[: typed[first].start]}{new}{place[typed[first + len(denied) - 1].end :]}"
    return None


def with_other_number(place: str, text: str, *, wrong: str, right: str, said: ReportWords) -> str | None:
    """The place with another number of the house ("الرقم 54 ماشي 45", "finalement c'est le 29"). None where a message says more than a
    number, or the place has none to change."""
    found = words(normalise(text))
    numbers = [word.text for word in words(normalise(right)) if word.text.isdigit()]
    olds = [word.text for word in words(normalise(wrong)) if word.text.isdigit()]
    if len(found) > _WORDS_OF_A_NUMBER or len(found) < 2 or not all(_only_numbers(word.text, said) for word in found):
        return None
    new = [number for number in numbers if number not in olds]
    typed, known = words(place), words(normalise(place))
    if len(new) != 1 or len(olds) > 1 or len(typed) != len(known):
        return None
    of_houses = [
        n for n, word in enumerate(known) if word.text.isdigit() and (word.text in olds or _is_of_a_house(known, n))
    ]
    of_houses = [n for n in of_houses if known[n].text in olds] if olds else of_houses
    if len(of_houses) != 1:
        return None
    if not olds and abs(len(known[of_houses[0]].text) - len(new[0])) > 1:
        return None  # "c'est le numéro 1473": what stands on the lamp, not its house.
    at = typed[of_houses[0]]
    return f"{place[: at.start]}{new[0]}{place[at.end :]}"


def _is_of_a_house(found: Sequence[Word], number: int) -> bool:
    """Whether a number is a house's: behind "n°" or "immeuble", before a street, or last behind a street's name."""
    before = found[number - 1].text if number else ""
    if before in listed("number_of") or is_one_of(listed("houses"), before):
        return True
    if number + 1 < len(found) and first_of_number(found, number + 1) <= number:
        return True
    return number > 1 and not is_place_word(before) and is_place_word(found[max(0, number - 3)].text)


def _only_numbers(word: str, said: ReportWords) -> bool:
    """Whether a word of a correction is a number or says that it is one."""
    small = (said.not_this, said.it_is, said.but_is, said.negation, said.corrects)
    house = is_one_of(listed("houses"), word) or word in listed("number_of") | listed("of")
    return word.isdigit() or house or any(phrases.are_all_of(word) for phrases in small)


def _bare(found: Sequence[Word]) -> Sequence[Word]:
    """The words without the small ones that they begin with."""
    first = next((n for n, word in enumerate(found) if word.text not in listed("of") | listed("within")), len(found))
    return found[first:]


def _is_same(one: str, other: str) -> bool:
    return other in (one, one[1:]) and (one == other or one[:1] in ATTACHED)
