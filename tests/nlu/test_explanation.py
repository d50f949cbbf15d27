"""Why a message was understood as it was, for staff in a terminal."""

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.settings import PROJECT
from nlu.examples import Example, read_examples
from nlu.explanation import as_text, explain
from nlu.runtime import Parser


@pytest.fixture(scope="module")
def examples() -> list[Example]:
    return read_examples(PROJECT)


def test_a_mixed_message_is_explained(parser: Parser, examples: list[Example]) -> None:
    text = "Bonjour, la rue est noire, lbola tafya f derb Ghallef"
    found = explain(parser, text, examples)
    assert found.understanding == parser.parse(text)
    assert found.normalised == "bonjour, la rue est noire, lbola tafya f derb ghallef"
    assert ("lbola", "mbls") in found.skeletons
    assert [intent for intent, _ in found.nearest] == [r.intent for r in found.understanding.ranking[:2]]
    assert ("concept", "=lamp_post") in [(evidence.view, evidence.ngram) for evidence in found.evidence]
    leads = [abs(evidence.lead) for evidence in found.evidence]
    assert leads == sorted(leads, reverse=True)
    for intent, neighbours in found.nearest:
        assert {neighbour.example.intent for neighbour in neighbours} == {intent}
        assert 0 < neighbours[-1].similarity <= neighbours[0].similarity <= 1


def test_a_training_example_is_its_own_nearest(parser: Parser, examples: list[Example]) -> None:
    example = next(
        example for example in examples if example.intent == "report/street_light" and example.language == "ary"
    )
    (_, (first, *_)), *_ = explain(parser, example.text, examples).nearest
    assert first.example.text == example.text
    assert first.similarity == pytest.approx(1.0, abs=1e-3)


@pytest.mark.parametrize("text", ["", "🙏", "؟؟؟"])
def test_a_message_without_words_is_explained_too(parser: Parser, examples: list[Example], text: str) -> None:
    shown = as_text(explain(parser, text, examples))
    assert "(no words)" in shown
    assert "what weighed" not in shown


def test_the_command_prints_every_section() -> None:
    result = CliRunner().invoke(app, ["nlu", "explain", "7ofra kbira 7da tram T1"])
    assert result.exit_code == 0
    headings = [line.split("  ")[0] for line in result.stdout.splitlines() if not line.startswith(" ")]
    assert headings[:6] == ["message", "normalised", "skeleton", "language", "entities", "intents"]
    assert "7ofra → hfr" in result.stdout
    assert "report/road" in result.stdout
