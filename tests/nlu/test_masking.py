"""What names or reaches a person is taken out of a message; what the question is about stays."""

import pytest

from nlu.masking import mask


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("appelez-moi au 06 61 23 45 67 svp", "appelez-moi au ▇numéro svp"),
        ("mon tel +212661234567", "mon tel ▇numéro"),
        ("ma carte BE123456 est perdue", "ma carte ▇carte est perdue"),
        ("je m'appelle Samira Benali et mon extrait", "je m'appelle ▇nom et mon extrait"),
        ("سميتي فاطمة الزهراء", "سميتي ▇nom"),
        ("smiti Karim w bghit l'extrait", "smiti ▇nom bghit l'extrait"),
        ("samira.b@exemple.ma", "▇mail"),
        ("dossier 2026115544 en attente", "dossier ▇numéro en attente"),
        ("رقم ٠٦٦١٢٣٤٥٦٧", "رقم ▇numéro"),
        ("voir https://exemple.ma/u?id=3", "voir ▇lien"),
    ],
)
def test_what_names_a_person_is_masked(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize(
    "text",
    ["ticket T1 8 DH a 14h30", "bch7al 3a9d lizdiyad", "trou au 12 rue Jean Jaurès", "loi 09-08", "7K3-42R", "bus 20"],
)
def test_what_a_question_is_about_stays(text: str) -> None:
    assert mask(text) == text
