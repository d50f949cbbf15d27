"""Everything that the console says exists in Arabic as well."""

import ast
import re
from collections.abc import Iterator

from actions.broadcasts import AUDIENCES, Way
from actions.knowledge import ASPECTS
from actions.requests.life import RequestState, Who
from actions.turn import Outcome
from bot.settings import PROJECT
from nlu.examples import MIXED
from nlu.understanding import Decision, Language
from staff.faq_state import FaqState
from staff.pages.requests.single import TEMPLATES
from staff.roles import Role
from staff.routes import MENU, PAGES
from staff.words import StaffWords

_IN_TEMPLATE = re.compile(r"""\b_\(\s*(?:"((?:[^"\\]|\\.)+)"|'((?:[^'\\]|\\.)+)')""")
_CODE = re.compile(r"[a-z_]+(\.[A-Za-z_-]+)*")
SENT = ("kept", "new", "sent", "uncertain", "failed", "blocked", "dropped", "accepted", "delivered", "read", "waiting")
EVENTS = ("filed", "state", "assigned", "note", "photo", "support", "merged", "reminder", "survey", "edited")
FIELDS = ("owner", "checked_on", "valid_until", "status", "source", "related", "answer", "follow")
CHANNEL_NAMES = ("phone", "telegram", "whatsapp", "terminal", "demo")
IN_THE_TERMINAL = ("account.add", "account.disable", "faq.import")
_SAYING = {"say", "N_"}


def said() -> set[str]:
    """All French words of templates and pages."""
    found = {name for _, name in MENU} | {role.value for role in Role}
    found |= {f"faq.{state}" for state in FaqState} | {f"aspect.{aspect}" for aspect in ASPECTS}
    found |= {f"state.{state}" for state in RequestState} | {f"template.{name}" for name in TEMPLATES}
    found |= {f"view.{view}" for view in ("list", "board", "map")} | {f"due.{due}" for due in ("overdue", "2", "7")}
    found |= {f"why.{why}" for why in ("wrong", "lost", "abandoned")} | {f"outcome.{outcome}" for outcome in Outcome}
    found |= {f"verdict.{verdict}" for verdict in ("right", "wrong", "unclear")}
    found |= {f"who.{who}" for who in ("person", "assistant", "staff")}
    found |= {f"sent.{state}" for state in SENT} | {f"event.{kind}" for kind in EVENTS}
    found |= {f"broadcast.{state}" for state in ("proposed", "sending", "done", "stopped", "dropped")}
    found |= {f"way.{way}" for way in (*Way, "told")} | {f"audience.{kind}" for kind in AUDIENCES}
    found |= {f"field.{name}" for name in FIELDS}
    found |= {f"lang.{tag}" for tag in (*Language, MIXED)}
    found |= {f"did.{page.name}" for page in PAGES if page.method == "POST"} | {
        f"did.{name}" for name in IN_THE_TERMINAL
    }
    found |= {f"channel.{name}" for name in CHANNEL_NAMES} | {f"actor.{who}" for who in Who}
    found |= {f"meaning.{decision}" for decision in Decision if decision is not Decision.ANSWER}
    for path in (PROJECT / "staff" / "templates").rglob("*.html"):
        found |= {first or second for first, second in _IN_TEMPLATE.findall(path.read_text(encoding="utf-8"))}
    for path in (PROJECT / "staff").rglob("*.py"):
        found |= set(_in_code(ast.parse(path.read_text(encoding="utf-8"))))
    return {words for words in found if not words.endswith(".")}  # The beginning of a code: "faq." + state.


def _in_code(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in _SAYING and node.args and isinstance(node.args[0], ast.Constant):
            yield str(node.args[0].value)


def test_everything_said_has_arabic_words() -> None:
    words = StaffWords.load(PROJECT / "data" / "staff")
    assert sorted(french for french in said() if not words.knows(french, "ar")) == []


def test_every_code_has_french_words() -> None:
    words = StaffWords.load(PROJECT / "data" / "staff")
    assert sorted(code for code in said() if _CODE.fullmatch(code) and not words.knows(code, "fr")) == []


def test_the_arabic_keeps_every_placeholder() -> None:
    words = StaffWords.load(PROJECT / "data" / "staff")
    braces = re.compile(r"\{\w+\}")
    wrong = [f for f in said() if sorted(braces.findall(f)) != sorted(braces.findall(words.text(f, "ar")))]
    assert wrong == []
