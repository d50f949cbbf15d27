"""Near-duplicates, and the groups that no evaluation may split."""

from pathlib import Path

from bot.settings import PROJECT
from nlu.evaluation.runs import folds
from nlu.examples import Example, read_examples
from nlu.grouping import group_ids, near_duplicates


def example(text: str, intent: str = "report/road", language: str = "ary-Latn", group: str = "") -> Example:
    return Example(text, intent, language, Path("data.yml"), 1, group)


HOLE = example("kayna 7ofra kbira f zen9a dyalna")


def test_the_same_sentence_in_the_other_script_belongs_to_the_group() -> None:
    twin = example("كاينة حفرة كبيرة فالزنقة ديالنا", language="ary")
    other = example("le passage piéton est effacé devant l'école", language="fr")
    assert group_ids([HOLE, other, twin]) == [0, 1, 0]


def test_a_paraphrase_belongs_to_the_group_but_is_no_near_duplicate() -> None:
    paraphrase = example("kayna chi 7ofra kbira bezzaf f zen9a dyalna")
    assert group_ids([HOLE, paraphrase]) == [0, 0]
    assert near_duplicates([HOLE, paraphrase]) == []


def test_examples_of_a_named_group_stay_together_however_different() -> None:
    named = [example("pothole", group="a"), example("goudron cassé", group="a"), example("chaussée défoncée")]
    assert group_ids(named) == [0, 0, 2]


def test_a_sentence_that_differs_by_a_letter_is_a_near_duplicate_in_its_own_script_only() -> None:
    typo = example("kayna 7ofra kbiraa f zen9a dyalna")
    twin = example("كاينة حفرة كبيرة فالزنقة ديالنا", language="ary")
    assert near_duplicates([HOLE, typo, twin]) == [(HOLE, typo)]


def test_short_messages_resemble_one_another_without_being_duplicates() -> None:
    assert near_duplicates([example("zbel"), example("zbal")]) == []


def test_the_project_has_no_near_duplicates() -> None:
    assert near_duplicates(read_examples(PROJECT)) == []


def test_folds_split_no_group_and_stay_when_examples_are_added() -> None:
    examples = read_examples(PROJECT)[:2_000]
    fold_of = folds(examples)
    assert set(fold_of) == {0, 1, 2, 3, 4}
    assert all(fold_of[number] == fold_of[first] for number, first in enumerate(group_ids(examples)))
    assert folds([*examples, example("une phrase toute neuve")])[: len(examples)] == fold_of
