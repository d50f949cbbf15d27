"""Data as people write it: a word is a word."""

from nlu.plain_yaml import load_yaml


def test_words_that_older_yaml_takes_for_truth_values_are_words() -> None:
    assert load_yaml("on: [on, no, yes, off, Non]\nyes: No") == {"on": ["on", "no", "yes", "off", "Non"], "yes": "No"}


def test_truth_values_numbers_and_nothing_are_themselves() -> None:
    assert load_yaml("[true, False, 12, 1.5, null, ~, '']") == [True, False, 12, 1.5, None, None, ""]
