"""Numbers of service requests: six signs that can be read over the phone, the last one a check letter.

`7K3-42R`: the first five come from 23 signs without 0/O, 1/I, and others that sound or look alike; the last is a letter that
depends on all five. 23 is prime, so every single wrong sign, and every swap of two neighbours among the five, is noticed.
"""

import secrets

SIGNS = "23456789ABCDEFGHJKMNPRT"
CHECK_LETTERS = "ABCDEFGHJKLMNPQRSTVWXYZ"
_BODY_LENGTH = 5


def new_number() -> str:
    """A random number (5.6 million there are); the caller makes sure that it is not taken.

    It always has a digit, or it would read like a word, and no sign three times in a row, which is how people stretch words.
    """
    while True:
        number = with_check_letter("".join(secrets.choice(SIGNS) for _ in range(_BODY_LENGTH)))
        signs = number.replace("-", "")
        stretched = any(a == b == c for a, b, c in zip(signs, signs[1:], signs[2:], strict=False))
        if any(sign.isdigit() for sign in signs) and not stretched:
            return number


def with_check_letter(body: str) -> str:
    """The number with these five signs; raises `ValueError` for signs that numbers do not have."""
    if len(body) != _BODY_LENGTH or any(sign not in SIGNS for sign in body):
        raise ValueError(f"{body!r} is not made of {_BODY_LENGTH} signs out of {SIGNS}")
    total = sum(weight * SIGNS.index(sign) for weight, sign in enumerate(body, start=2))
    whole = body + CHECK_LETTERS[total % len(CHECK_LETTERS)]
    return f"{whole[:3]}-{whole[3:]}"


def read_number(text: str) -> str | None:
    """The number that a person typed, in its written form; none where the check letter shows that it cannot be right."""
    signs = "".join(char for char in text.upper() if char.isalnum())
    if len(signs) != _BODY_LENGTH + 1:
        return None
    try:
        expected = with_check_letter(signs[:_BODY_LENGTH])
    except ValueError:
        return None
    return expected if expected[-1] == signs[-1] else None
