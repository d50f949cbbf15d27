"""Text within WhatsApp's limits, at every boundary, in both directions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.whatsapp.formatting import LRI, PDI, RLM, one_line, plain, size, split, title

ARABIC = "السلام عليكم كيداير "


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("*gras*", "∗gras∗"),
        ("Un *mot* et _un autre_.", "Un ∗mot∗ et ˍun autreˍ."),
        ("~barré~ `code` ```bloc```", "∼barré∼ ˋcodeˋ ˋˋˋblocˋˋˋ"),
        ("*_les deux_*", "∗ˍles deuxˍ∗"),
        ("(*entre parenthèses*)", "(∗entre parenthèses∗)"),
        ("«*السوق*»", "«∗السوق∗»"),
        ("> cité", "› cité"),
        (f"{RLM}> مقول", f"{RLM}› مقول"),
        # What means nothing to WhatsApp stays:
        ("2*3*4", "2*3*4"),
        ("snake_case_name", "snake_case_name"),
        ("faites le *6", "faites le *6"),
        ("a > b", "a > b"),
        ("https://casa.ma/_a_/*b*?c=_d_", "https://casa.ma/_a_/*b*?c=_d_"),
        ("une_adresse_@casa.ma et _ceci_", "une_adresse_@casa.ma et ˍceciˍ"),
        ("* un\nautre *", "* un\nautre *"),
    ],
)
def test_signs_of_formatting_lose_their_meaning(written: str, shown: str) -> None:
    assert plain(written) == shown


def test_emoji_count_twice_and_arabic_letters_once() -> None:
    assert (size("é"), size("سلام"), size("👋"), size(RLM)) == (1, 4, 2, 1)


@pytest.mark.parametrize(
    ("label", "limit", "expected"),
    [
        ("x" * 20, 20, "x" * 20),
        ("x" * 21, 20, None),
        ("ا" * 20, 20, "ا" * 20),
        ("ا" * 21, 20, None),
        (f"{RLM}{'ا' * 20}", 20, "ا" * 20),
        (f"{RLM}خط {LRI}T1{PDI}", 20, f"خط {LRI}T1{PDI}"),
        (f"{RLM}{'ا' * 17} {LRI}T1{PDI}", 20, f"{'ا' * 17} T1"),
        ("👋" * 10, 20, "👋" * 10),
        ("👋" * 10 + "x", 20, None),
        ("x" * 24, 24, "x" * 24),
        ("x" * 25, 24, None),
        (RLM, 20, None),
    ],
)
def test_titles_of_buttons_at_the_boundary(label: str, limit: int, expected: str | None) -> None:
    assert title(label, limit) == expected


@pytest.mark.parametrize(("length", "count"), [(0, 0), (1599, 1), (1600, 1), (1601, 2), (3300, 3)])
def test_a_text_without_a_break_is_cut_where_it_must(length: int, count: int) -> None:
    pieces = split("x" * length, 1600)
    assert (len(pieces), "".join(pieces)) == (count, "x" * length)
    assert all(size(piece) <= 1600 for piece in pieces)


def test_a_text_is_cut_between_paragraphs_before_lines_before_sentences_before_words() -> None:
    paragraph = "Une phrase. Une autre phrase ici\net une ligne."
    assert split(f"{paragraph}\n\n{paragraph}", 60) == [paragraph, paragraph]
    assert split(paragraph, 40) == ["Une phrase. Une autre phrase ici", "et une ligne."]
    assert split("Une phrase. Une autre phrase ici", 24) == ["Une phrase.", "Une autre phrase ici"]
    assert split("beaucoup de mots", 14) == ["beaucoup de", "mots"]


def test_an_arabic_line_goes_on_from_the_right_and_no_isolate_stays_open() -> None:
    line = f"{RLM}{'كلمة ' * 6}{LRI}+212 520 000 000{PDI}"
    pieces = split(line, 42)
    assert pieces == [f"{RLM}{'كلمة ' * 6}{LRI}+212{PDI}", f"{RLM}{LRI}520 000 000{PDI}"]


def test_an_emoji_of_several_signs_stays_whole() -> None:
    family = "👨‍👩‍👧"
    pieces = split(family * 10, 30)
    assert "".join(pieces) == family * 10
    assert all(piece.count("👨") == piece.count("👧") for piece in pieces)


@given(st.text(alphabet=f"ab éسلم\n .👋{LRI}{PDI}{RLM}\u0301*", max_size=400), st.integers(20, 120))
def test_every_piece_fits_and_no_letter_is_lost(text: str, limit: int) -> None:
    pieces = split(text, limit)
    assert all(0 < size(piece) <= limit for piece in pieces)

    def letters(shown: str) -> str:
        return "".join(letter for letter in shown if letter not in f"{LRI}{PDI}{RLM}" and not letter.isspace())

    assert letters("".join(pieces)) == letters(text)


def test_a_variable_of_an_approved_template_is_one_line() -> None:
    assert one_line(f"{RLM}الطلب\n\n{RLM}تصلح.\n") == "الطلب تصلح."
