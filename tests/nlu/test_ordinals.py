"""Entries of a list, named by their place in it."""

import pytest

from nlu.ordinals import entry_meant, ordinal, rank_among


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2", 2),
        ("the second one", 2),
        ("le deuxième svp", 2),
        ("La 3ème", 3),
        ("l'option 4", 4),
        ("lewwla 3afak", 1),
        ("ttanya", 2),
        ("الثالثة عافاك", 3),
        ("الاختيار 5", 5),
    ],
)
def test_the_place_in_a_list_is_heard(text: str, expected: int) -> None:
    assert ordinal(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "la",
        "the one",
        "0",
        "12",
        "rue 2",
        "premier tram",
        "la première ou la deuxième",
        "2 3",
        "deuxième étage",
        "numéro 4",
        "نمرة 4",
        "الاول ديال الشهر",
        "second thoughts",
    ],
)
def test_what_says_more_or_nothing_is_no_place_in_a_list(text: str) -> None:
    assert ordinal(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("number 2", 2),
        ("numéro 4", 4),
        ("N° 3", 3),
        ("نمرة 4", 4),
        ("and the third one", 3),
        ("w tanya", 2),
        ("details 5", 5),
        ("number", None),
        ("no", None),
        ("rue 2", None),
        ("numéro 12", None),
    ],
)
def test_an_entry_may_be_called_a_number(text: str, expected: int | None) -> None:
    assert entry_meant(text) == expected


def test_what_goes_on_with_the_agenda_takes_no_entry() -> None:
    assert entry_meant("and number 4", goes_on=False) is None


@pytest.mark.parametrize(
    ("text", "count", "found"),
    [
        ("who gives the first one?", 3, (1, "who gives")),
        ("شكون كيهضر فالتانية", 3, (2, "شكون كيهضر")),
        ("et la dernière ?", 4, (4, "et")),
        ("what is number 4 about", 5, (4, "what is about")),
        ("the 4 talks", 5, None),
        ("the last one", 1, None),
        ("la troisième", 2, None),
        ("the first or the second", 3, None),
    ],
)
def test_a_sentence_names_an_entry_by_its_rank(text: str, count: int, found: tuple[int, str] | None) -> None:
    assert rank_among(text, count) == found
