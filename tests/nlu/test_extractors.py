"""Request numbers and aspects in messages."""

import pytest

from actions.requests.numbers import new_number
from nlu.extractors import extract
from nlu.text import normalise


def _numbers(text: str) -> list[str]:
    return [str(entity.value) for entity in extract(text, normalise(text)) if entity.kind == "request_number"]


def test_every_number_that_is_given_out_is_found_however_it_is_typed() -> None:
    for number in (new_number() for _ in range(300)):
        for typed in (
            number,
            number.lower(),
            number.replace("-", " "),
            number.replace("-", ""),
            number.replace("-", " - "),
        ):
            assert _numbers(f"fin wsel {typed} 3afak") == [number]


@pytest.mark.parametrize(
    "text",
    [
        "zbel li dert lbare7",
        "3ndich tswira",
        "m3a chi 7ed",
        "3la dow",
        "ch7al dlwe9t",
        "06 61 22 33 44",
        "48151623",
        "dix-huit",
        "le 23 nov",
    ],
)
def test_words_and_other_numbers_are_none(text: str) -> None:
    assert _numbers(text) == []


def test_a_mistyped_number_with_its_dash_is_still_meant_as_one() -> None:
    assert _numbers("ma demande 952-681") == ["952-681"]


@pytest.mark.parametrize(
    ("text", "aspect"),
    [
        ("ça va prendre combien de temps ?", "delay"),
        ("شحال غادي ياخد ديال الوقت؟", "delay"),
        ("وشحال غادي ياخد ديال الوقت؟", "delay"),
        ("et qui est-ce que j'appelle ?", "contact"),
    ],
)
def test_a_long_phrase_is_one_aspect_and_all_of_the_message(text: str, aspect: str) -> None:
    found = [entity.value for entity in extract(text, normalise(text)) if entity.kind == "aspect"]
    assert found == [{"aspect": aspect, "bare": True}]
