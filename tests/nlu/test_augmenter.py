"""Romanised copies: several in a small collection, one in a large one, none of what is in Latin letters."""

import pytest
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.components.augmenter import AUGMENTED, RomanisingAugmenter


def copies(texts: list[str], *, of_each: int, most: int) -> list[str]:
    data = TrainingData()
    data.training_examples = [Message(data={TEXT: text, INTENT: "report/water"}) for text in texts]
    examples = RomanisingAugmenter(of_each, most).process_training_data(data).training_examples
    assert [example.get(TEXT) for example in examples[: len(texts)]] == texts
    added = examples[len(texts) :]
    assert all(example.get(AUGMENTED) and example.get(INTENT) == "report/water" for example in added)
    return [str(example.get(TEXT)) for example in added]


@pytest.mark.parametrize(("of_each", "most", "expected"), [(3, 100, 6), (3, 4, 4), (3, 1, 2), (1, 100, 2), (0, 100, 0)])
def test_a_small_collection_gets_more_copies(of_each: int, most: int, expected: int) -> None:
    texts = ["الما مقطوع علينا من الصباح", "l'eau est coupée", "الضو طفا فالحومة كاملة"]
    assert len(copies(texts, of_each=of_each, most=most)) == expected


def test_copies_are_in_latin_letters_and_spelled_differently() -> None:
    found = copies(["الما مقطوع علينا من الصباح والحومة كاملة ما فيها شي قطرة"], of_each=3, most=100)
    assert len(set(found)) == 3
    assert all(text.isascii() for text in found)


def test_nothing_is_made_of_nothing() -> None:
    assert copies(["bonjour", "salam"], of_each=3, most=100) == []
