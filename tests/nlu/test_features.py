"""Counting n-grams."""

from dataclasses import replace
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from nlu.features import NgramCounter, NgramSettings, Vocabulary

MESSAGES = [["lma", "m9tou3"], ["tram", "lma"], [], ["tram", "tram", "casa"]]
SETTINGS = NgramSettings(shortest=2, longest=4, word_ngrams=2, min_documents=1)


def test_a_vocabulary_knows_the_columns_of_its_n_grams_and_no_others() -> None:
    vocabulary = Vocabulary(["=lma", "حفرة", "_l", "lma m9tou3"])
    assert vocabulary.columns(["_l", "unknown", "حفرة", "=lma", "_l"]).tolist() == [2, 1, 0, 2]
    assert vocabulary.names == ["=lma", "حفرة", "_l", "lma m9tou3"]


def test_an_empty_vocabulary_knows_nothing() -> None:
    assert Vocabulary([]).columns(["=lma"]).tolist() == []
    assert Vocabulary([]).names == []


def test_a_row_does_not_depend_on_the_others() -> None:
    counter, _ = NgramCounter.fit(MESSAGES, SETTINGS, list)
    together = counter.rows(MESSAGES).toarray()
    assert np.array_equal(together, np.vstack([counter.row(message).toarray() for message in MESSAGES]))
    assert np.allclose(np.linalg.norm(together, axis=1), [1, 1, 0, 1])


@given(
    st.lists(st.lists(st.sampled_from(["lma", "tram", "zbel", "7ofra"]), max_size=5), min_size=1, max_size=6),
    st.integers(1, 3),
)
def test_learning_gives_the_rows_that_counting_again_would(messages: list[list[str]], rarest: int) -> None:
    counter, learnt = NgramCounter.fit(messages, replace(SETTINGS, min_documents=rarest), list)
    again = counter.rows(messages)
    assert learnt.shape == again.shape
    assert np.array_equal(learnt.indptr, again.indptr)
    assert np.array_equal(learnt.indices, again.indices)
    assert np.array_equal(learnt.data, again.data)


def test_a_stored_counter_counts_alike(tmp_path: Path) -> None:
    counter, _ = NgramCounter.fit(MESSAGES, SETTINGS, list)
    counter.add([["nouveau"]])
    counter.save(tmp_path, "words")
    loaded = NgramCounter.load(tmp_path, "words", SETTINGS)
    assert loaded.names == counter.names
    assert (loaded.rows([["nouveau", "lma"]]) != counter.rows([["nouveau", "lma"]])).nnz == 0
