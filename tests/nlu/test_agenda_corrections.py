"""What is said right after something was put into an agenda or taken out of it."""

import pytest

from nlu.agenda_corrections import goes_on, numbers_meant, preferred, replacement, takes_back, without_second_thoughts
from nlu.ordinals import LAST


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("add the second and the fourth", [2, 4]),
        ("add 1, 2 and 5", [1, 2, 5]),
        ("ajoute les deux premières", [1, 2]),
        ("zid tanya w rab3a", [2, 4]),
        ("زيد الثانية والرابعة", [2, 4]),
        ("the last two", [-2, -1]),
        ("la dernière", [LAST]),
        ("add both", []),
        ("and the 2pm one too", []),
    ],
)
def test_several_entries_of_a_list_are_heard(text: str, numbers: list[int]) -> None:
    assert list(numbers_meant(text)) == numbers


@pytest.mark.parametrize(
    "text", ["and number 4", "the 2pm one too", "et celle de 14h aussi", "w talta 7ta hiya", "والثالثة حتى هي"]
)
def test_one_more_goes_the_way_of_the_one_before(text: str) -> None:
    assert goes_on(text)


@pytest.mark.parametrize("text", ["add number 4", "number 4", "", "ajoute aussi la 4"])
def test_an_order_by_itself_is_no_one_more(text: str) -> None:
    assert not goes_on(text)


@pytest.mark.parametrize(
    "text",
    [
        "oh wait, no",
        "actually no",
        "finalement non",
        "en fait non",
        "la ghlett",
        "لا غلطت",
        "j'ai changé d'avis",
        "no, i changed my mind",
        "never mind",
    ],
)
def test_a_change_of_mind_is_heard(text: str) -> None:
    assert takes_back(text)


@pytest.mark.parametrize(
    "text",
    ["no", "non", "finalement", "finalement non, la 3", "wait", "لا", "je l'ai pas fait", "pas d'avis", ""],
)
def test_a_bare_no_is_no_change_of_mind(text: str) -> None:
    assert not takes_back(text)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("actually no, take it out", "take it out"),
        ("finalement non, enlève-la", "enleve la"),
        ("j'ai changé d'avis, enlève-la", "enleve la"),
        ("actually the AI one instead", "the ai one instead"),
        ("no remove it", "no remove it"),
        ("remove it", "remove it"),
    ],
)
def test_hesitation_before_an_order_is_left_out(text: str, left: str) -> None:
    assert without_second_thoughts(text) == left


@pytest.mark.parametrize(
    ("text", "swapped"),
    [
        ("replace it with the 3pm one", ("it", "the 3pm one")),
        ("swap number 2 for number 3", ("number 2", "number 3")),
        ("plutôt la 3", ("", "la 3")),
        ("the third one instead", ("", "the third one")),
        ("bddelha b talta", ("", "talta")),
        ("بدلها ب التالتة", ("", "التالته")),
        ("j'ai changé d'avis, remplace-la par la 3", ("la", "la 3")),
        ("non j'ai changé d'avis", None),
        ("add number 3", None),
    ],
)
def test_what_goes_and_what_comes_are_told_apart(text: str, swapped: tuple[str, str] | None) -> None:
    assert replacement(text) == swapped


@pytest.mark.parametrize(
    ("text", "swapped"),
    [
        ("finalement je préfère la 3", ("", "je la 3")),
        ("actually the third one", ("", "the third one")),
        ("I prefer 3 to 2", ("2", "i 3")),
        ("the fourth is better", ("", "the fourth is")),
        ("kanfeddel talta", ("", "talta")),
        ("actually, number 4 too", None),
        ("the third one", None),
        ("wait, what about water?", None),
        ("en fait ajoute la 3", None),
    ],
)
def test_what_is_liked_better_comes_in_place_of_the_last(text: str, swapped: tuple[str, str] | None) -> None:
    assert preferred(text) == swapped
