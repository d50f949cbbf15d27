"""A message that numbers its problems is cut at its numbers, and at no other number."""

import pytest

from actions.requests.several import enumerated


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("1er trou rue 14, 2e lampadaire rue 9", ("trou rue 14", "lampadaire rue 9")),
        ("salam : 1) trou rue X 2) lampadaire rue Y", ("trou rue X", "lampadaire rue Y")),
        ("1- trou rue 1\n2- poubelles rue 2\n3- chien", ("trou rue 1", "poubelles rue 2", "chien")),
        ("1-حفرة فزنقة 5 2-الضو طافي", ("حفرة فزنقة 5", "الضو طافي")),
        ("١) حفرة ٢) ضو", ("حفرة", "ضو")),
        ("trou rue 1, 2 poubelles", ()),
        ("trou au 1 rue 2, à 14:30", ()),
        ("le 1/12 à 2:30", ()),
        ("2e lampadaire de la rue", ()),
    ],
)
def test_numbers_with_a_sign_cut(text: str, parts: tuple[str, ...]) -> None:
    assert enumerated(text) == parts
