"""Measures on outcomes written by hand, data sets as strangers write them, and the commands."""

import math
from pathlib import Path

import pytest
from PIL import Image
from typer.testing import CliRunner

from bot.cli import app
from nlu.evaluation.datasets import read_csv
from nlu.evaluation.diagram import draw_reliability
from nlu.evaluation.measures import (
    Bin,
    Score,
    Shares,
    by_language,
    calibration_error,
    confusions,
    missing_examples,
    out_of_scope_recall,
    reliability,
    reply_language,
    score,
    shares,
)
from nlu.evaluation.report import render
from nlu.evaluation.runs import Outcome
from nlu.examples import Example, ExampleError
from nlu.understanding import Decision, Language, RankedIntent, Understanding


def outcome(
    right: str,
    understood: str,
    *,
    second: str = "greet",
    confidence: float = 0.95,
    decision: Decision = Decision.ANSWER,
    language: str = "fr",
    replied: Language = Language.FRENCH,
) -> Outcome:
    ranking = (RankedIntent(understood, confidence), RankedIntent(second, 1 - confidence))
    meaning = Understanding("text", replied, 1.0, understood, confidence, decision, ranking)
    return Outcome(Example("text", right, language, Path("test.csv"), 2), meaning)


FIVE = [
    outcome("a", "a"),
    outcome("a", "b"),
    outcome("b", "a", second="b", confidence=0.55, decision=Decision.ASK, language="ary", replied=Language.DARIJA),
    outcome("b", "c", confidence=0.45, decision=Decision.ASK, language="mixed"),
    outcome("out_of_scope", "out_of_scope", confidence=0.15, decision=Decision.LOST, language="ary"),
]


def test_macro_f1_counts_every_intent_the_same() -> None:
    # a: one right, one missed, one wrongly; b: none right; c only understood; out_of_scope: right.
    assert score(FIVE) == Score(5, 0.4, (0.5 + 0 + 0 + 1) / 4)


def test_every_message_is_answered_asked_or_lost() -> None:
    found = shares(FIVE)
    assert found == Shares(0.2, 0.2, 0.2, 0.2, 0.2)
    assert found.right_offered == pytest.approx(0.4)


def test_languages_come_by_their_number_of_messages() -> None:
    assert {language: its.messages for language, its in by_language(FIVE).items()} == {"ary": 2, "fr": 2, "mixed": 1}


def test_the_language_of_a_reply_to_a_mixed_message_is_not_measured() -> None:
    assert reply_language(FIVE) == pytest.approx(3 / 4)


def test_out_of_scope_recall_without_such_messages_is_no_number() -> None:
    assert out_of_scope_recall(FIVE) == 1.0
    assert math.isnan(out_of_scope_recall(FIVE[:2]))


def test_reliability_bins_by_confidence() -> None:
    bins = reliability(FIVE)
    assert bins[9] == Bin(2, 0.95, 0.5)
    assert [one.messages for one in bins] == [0, 1, 0, 0, 1, 1, 0, 0, 0, 2]
    assert calibration_error(FIVE) == pytest.approx((0.85 + 0.45 + 0.55 + 2 * 0.45) / 5)


def test_confusions_name_right_and_understood() -> None:
    assert confusions(FIVE) == {("a", "b"): 1, ("b", "a"): 1, ("b", "c"): 1}


def test_the_report_is_the_same_twice_and_shows_what_is_missing_as_a_dash() -> None:
    sets = {"cross-validation": FIVE, "held-out": FIVE[:2]}
    examples = [outcome.example for outcome in FIVE]
    report = render(sets, examples)
    assert report == render(sets, examples)
    assert "| **answered directly and wrong** (confident wrong) | 0.200 | 0.500 |" in report
    assert "| out-of-scope messages recognised | 1.000 | – |" in report


def test_the_diagram_is_a_picture(tmp_path: Path) -> None:
    draw_reliability({"held-out": reliability(FIVE)}, tmp_path / "images" / "diagram.png")
    with Image.open(tmp_path / "images" / "diagram.png") as picture:
        assert (picture.format, picture.size) == ("PNG", (1240, 1240))


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("", ":1: no column intent and text"),
        ("text,intent\n", ":1: no message"),
        ("text,intent\nsalam,\n", ":2: no intent"),
        ('text,intent\n"salam,greet\n', ": not CSV"),
        ("text,label\nsalam,greet\n", ":1: no column intent"),
        ("text,intent\nsalut \xe9,greet\n".encode("latin-1"), ":1: not UTF-8"),
        (None, ": there is no such file"),
    ],
)
def test_a_data_set_that_cannot_be_read_is_named(tmp_path: Path, content: str | bytes | None, complaint: str) -> None:
    path = tmp_path / "set.csv"
    if content is not None:
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(ExampleError) as caught:
        read_csv(path)
    assert str(caught.value).startswith(str(path))
    assert complaint in str(caught.value)


def test_the_command_trains_on_one_file_and_measures_another(tmp_path: Path) -> None:
    (tmp_path / "train.csv").write_text(
        "group,language,intent,text\n"
        "1,french,card,où est ma carte\n2,french,card,ma carte est bloquée\n3,darija,card,فين لاكارط ديالي\n"
        "4,french,transfer,faire un virement\n5,french,transfer,mon virement est en retard\n6,darija,transfer,بغيت ندير فيرمون\n",
        encoding="utf-8",
    )
    (tmp_path / "test.csv").write_text(
        'text,intent,language\nma carte,card,french\n"un virement, vite",transfer,french\nفيرمون,transfer,darija\n',
        encoding="utf-8",
    )
    arguments = ["nlu", "evaluate", "--train", str(tmp_path / "train.csv"), "--test", str(tmp_path / "test.csv")]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0
    assert [line.split() for line in result.stdout.splitlines()] == [
        ["language", "messages", "accuracy", "macro-F1"],
        ["french", "2", "1.0000", "1.0000"],
        ["darija", "1", "1.0000", "1.0000"],
        ["all", "3", "1.0000", "1.0000"],
    ]


def test_the_command_names_a_file_that_is_not_there(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["nlu", "evaluate", "--train", str(tmp_path / "no.csv"), "--test", "x.csv"])
    assert result.exit_code == 2
    assert f"{tmp_path / 'no.csv'}: there is no such file" in result.stderr


@pytest.mark.parametrize(
    ("intent", "french", "arabic", "latin", "lacks"),
    [
        ("greet", 60, 45, 45, 0),
        ("greet", 58, 50, 40, 2),
        ("greet", 60, 40, 44, 6),
        ("greet", 60, 70, 35, 5),
        ("report/water", 120, 90, 80, 10),
        ("report/road", 80, 45, 45, 0),
    ],
)
def test_an_intent_lacks_what_it_has_less_than_it_should(
    intent: str, french: int, arabic: int, latin: int, lacks: int
) -> None:
    counts = {"fr": french, "ary": arabic, "ary-Latn": latin}
    examples = [
        Example(f"{language} {number}", intent, language, Path("x.yml"), 1)
        for language, count in counts.items()
        for number in range(count)
    ]
    assert missing_examples(examples) == ({intent: lacks} if lacks else {})
