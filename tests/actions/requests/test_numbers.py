"""Request numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.requests.numbers import SIGNS, new_number, read_number, with_check_letter

bodies = st.text(alphabet=SIGNS, min_size=5, max_size=5)


@given(bodies)
def test_a_number_is_read_back_however_it_is_typed(body: str) -> None:
    number = with_check_letter(body)
    assert [read_number(t) for t in (number, number.lower(), number.replace("-", " "), f" {number} ")] == [number] * 4


@given(bodies, st.integers(0, 4), st.sampled_from(SIGNS))
def test_one_wrong_sign_is_noticed(body: str, position: int, sign: str) -> None:
    number = with_check_letter(body).replace("-", "")
    wrong = number[:position] + sign + number[position + 1 :]
    assert read_number(wrong) == (with_check_letter(body) if wrong == number else None)


@given(bodies, st.integers(0, 3))
def test_two_swapped_signs_are_noticed(body: str, position: int) -> None:
    number = with_check_letter(body).replace("-", "")
    swapped = number[:position] + number[position + 1] + number[position] + number[position + 2 :]
    assert read_number(swapped) == (with_check_letter(body) if swapped == number else None)


def test_a_new_number_has_no_sign_that_is_taken_for_another() -> None:
    numbers = [new_number() for _ in range(500)]
    assert not set("".join(numbers)) & set("01IOU")
    assert all(read_number(number) == number and number[-1].isalpha() for number in numbers)
    assert all(any(sign.isdigit() for sign in number) for number in numbers)


@pytest.mark.parametrize("text", ["", "7K3-42", "7K3-42R9", "OI0-111", "حفرة", "7K3 42R 8"])
def test_what_is_no_number_is_not_read(text: str) -> None:
    assert read_number(text) is None
