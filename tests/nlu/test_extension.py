"""A model is brought up to changed examples without training it whole."""

from pathlib import Path

import pytest

from bot.settings import PROJECT
from nlu.evaluation.measures import score
from nlu.evaluation.runs import understand
from nlu.examples import Example, read_examples
from nlu.extension import TooMuchChanged, extend_archive
from nlu.importer import ListImporter
from nlu.replay import compare, read_golden
from nlu.runtime import Parser
from nlu.training import train
from nlu.understanding import Decision

INTENTS = ("greet", "report/road", "report/waste", "transport/fares", "faq/parks", "faq/burial", "out_of_scope")
CLAMP = "faq/wheel_clamp"


@pytest.fixture(scope="module")
def examples() -> list[Example]:
    """A small project: seven intents and one that is still to come."""
    return [example for example in read_examples(PROJECT) if example.intent in (*INTENTS, CLAMP)]


@pytest.fixture(scope="module")
def before(examples: list[Example], tmp_path_factory: pytest.TempPathFactory) -> Path:
    known = [example for example in examples if example.intent != CLAMP]
    return train(ListImporter(PROJECT / "config.yml", known), tmp_path_factory.mktemp("models") / "before.tar.gz")


def test_a_new_intent_is_understood_and_the_others_still_are(
    before: Path, examples: list[Example], tmp_path: Path
) -> None:
    new = [example for example in examples if example.intent == CLAMP]
    taught, asked = new[::2], new[1::2]
    rest = [example for example in examples if example.intent != CLAMP]
    change = extend_archive(before, [*rest, *taught], tmp_path / "after.tar.gz")
    assert (change.touched, len(change.added), change.gone) == ({CLAMP}, len(taught), frozenset())
    after = Parser.load(tmp_path / "after.tar.gz")
    assert score(understand(after, asked)).accuracy > 0.8
    assert score(understand(after, rest)).accuracy >= score(understand(Parser.load(before), rest)).accuracy - 0.01


def test_an_intent_without_examples_vanishes(before: Path, examples: list[Example], tmp_path: Path) -> None:
    rest = [example for example in examples if example.intent not in (CLAMP, "faq/burial")]
    change = extend_archive(before, rest, tmp_path / "after.tar.gz")
    assert (change.touched, change.gone) == ({"faq/burial"}, {"faq/burial"})
    understood = Parser.load(tmp_path / "after.tar.gz").parse("بشحال القبر")
    assert "faq/burial" not in [ranked.intent for ranked in understood.ranking]


def test_a_word_never_seen_before_is_learnt(before: Path, examples: list[Example], tmp_path: Path) -> None:
    rest = [example for example in examples if example.intent != CLAMP]
    added = [Example(text, "faq/parks", "fr", Path("x.yml"), 1) for text in ("xylobande", "la xylobande ouvre quand")]
    extend_archive(before, [*rest, *added], tmp_path / "after.tar.gz")
    assert Parser.load(tmp_path / "after.tar.gz").parse("xylobande").intent == "faq/parks"


def test_the_same_examples_change_nothing(before: Path, examples: list[Example], tmp_path: Path) -> None:
    rest = [example for example in examples if example.intent != CLAMP]
    change = extend_archive(before, rest, tmp_path / "after.tar.gz")
    assert (change.touched, change.added) == (frozenset(), ())
    texts = [example.text for example in rest[::50]]
    same = [Parser.load(path).parse_many(texts) for path in (before, tmp_path / "after.tar.gz")]
    assert same[0] == same[1]


@pytest.mark.parametrize(
    ("intent", "taught"),
    [
        ("faq/parks", "la xylobande ouvre quand"),
        ("transport/fares", "krafta d lbus bchhal"),
        ("faq/pest_control", "combien coûte le zgogo à domicile"),
    ],
)
def test_an_example_that_the_whole_city_hears_otherwise_is_learnt(
    model: Path, tmp_path: Path, intent: str, taught: str
) -> None:
    assert Parser.load(model).parse(taught).intent != intent
    extend_archive(
        model, [*read_examples(PROJECT), Example(taught, intent, "fr", Path("x.yml"), 1)], tmp_path / "after.tar.gz"
    )
    understood = Parser.load(tmp_path / "after.tar.gz").parse(taught)
    assert (understood.intent, understood.decision) == (intent, Decision.ANSWER)


@pytest.mark.parametrize(
    ("intent", "taught"),
    [
        ("faq/parks", "fin kayn jardin mzyan"),
        ("faq/local_taxes", "بغيت نخلص الضريبة ديال النظافة"),
        ("faq/wheel_clamp", "où est la fourrière municipale ?"),
    ],
)
def test_an_example_more_costs_the_rest_of_the_city_nothing(
    model: Path, tmp_path: Path, intent: str, taught: str
) -> None:
    """Or the check of every draft would say that messages are no longer understood, and nobody could publish."""
    extend_archive(
        model, [*read_examples(PROJECT), Example(taught, intent, "fr", Path("x.yml"), 1)], tmp_path / "after.tar.gz"
    )
    after = Parser.load(tmp_path / "after.tar.gz")
    golden = read_golden(PROJECT / "tests/data/heldout.csv")
    compared = compare(Parser.load(model), after, [], golden)
    assert (after.parse(taught).intent, compared.right_after >= compared.right_before) == (intent, True)


def test_too_many_changes_ask_for_a_whole_training(before: Path, tmp_path: Path) -> None:
    others = [Example("une phrase", f"faq/{number}", "fr", Path("x.yml"), 1) for number in range(9)]
    with pytest.raises(TooMuchChanged, match="16 intents"):
        extend_archive(before, others, tmp_path / "after.tar.gz")
    assert list(tmp_path.iterdir()) == []
