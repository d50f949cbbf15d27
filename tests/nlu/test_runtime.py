"""The model in use: lean, quick to load, sane on anything."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.settings import PROJECT
from nlu.runtime import Parser
from nlu.understanding import Decision, Language


def test_importing_the_runtime_loads_neither_tensorflow_nor_rasa_core() -> None:
    """The shop window of decision 1; `sklearn` is for training only."""
    code = (
        "import sys, json, nlu.runtime, bot.web, bot.cli\n"
        "print(json.dumps([m for m in sys.modules if m.split('.')[0] in ('tensorflow', 'sklearn') or m.startswith('rasa.core')]))"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) == []


@pytest.mark.parametrize(
    ("text", "intent", "language"),
    [
        ("kayna 7ofra kbira f zen9a dyalna", "report/road", Language.DARIJA_LATIN),
        ("الما مقطوع علينا من الصباح", "report/water", Language.DARIJA),
        ("comment obtenir un extrait d'acte de naissance", "faq/birth_certificate", Language.FRENCH),
        ("how much is the tram ticket?", "transport/fares", Language.ENGLISH),
        ("au secours il y a le feu", "emergency", Language.FRENCH),
        ("شكون غادي يهضر فالإكسبو", "expo/speakers", Language.DARIJA),
    ],
)
def test_clear_messages_are_understood(parser: Parser, text: str, intent: str, language: Language) -> None:
    understanding = parser.parse(text)
    assert (understanding.intent, understanding.language) == (intent, language)
    assert understanding.decision is not Decision.LOST


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("les conférences de Hind Serghinat demain", Language.FRENCH),
        ("the session of Kawtar Benjdour, what time", Language.ENGLISH),
        ("fo9ach ghadi yhder Joan Puigdorat", Language.DARIJA_LATIN),
        ("AU SECOURS IL Y A LE FEU", Language.FRENCH),
    ],
)
def test_the_name_of_a_person_tells_no_language(parser: Parser, text: str, language: Language) -> None:
    assert parser.parse(text).language is language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("بغيت ندير une réclamation عافاك", Language.DARIJA),
        ("كل ليلة كنشوفو des rats قد المش كيدوزو من le local technique للجردة", Language.DARIJA),
        ("le bus 10 خاسر, c'est la troisième fois cette semaine", Language.FRENCH),
    ],
)
def test_a_third_of_the_words_in_arabic_letters_makes_a_message_darija(
    parser: Parser, text: str, language: Language
) -> None:
    assert parser.parse(text).language is language


@given(st.text())
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
def test_any_text_is_parsed(parser: Parser, text: str) -> None:
    understanding = parser.parse(text)
    assert len(understanding.ranking) == 5
    assert 0 <= understanding.ranking[-1].confidence <= understanding.confidence <= 1


def test_a_batch_gives_the_same_as_one_by_one(parser: Parser) -> None:
    texts = ["salam", "الضو مقطوع", "", "prix du ticket de tram", "🙏"]
    together = [understanding.as_dict() for understanding in parser.parse_many(texts)]
    assert together == [parser.parse(text).as_dict() for text in texts]


def test_a_missing_model_is_named_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="casa train"):
        Parser.load(tmp_path / "none.tar.gz")


def test_a_mixed_message_is_cut_into_stretches(parser: Parser) -> None:
    stretches = parser.parse("bonjour monsieur 3afak fin nemchi bach njib lwra9 dyali").stretches
    assert [stretch.language for stretch in stretches][:1] == [Language.FRENCH]
    assert Language.DARIJA_LATIN in {stretch.language for stretch in stretches}
