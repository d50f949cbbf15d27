"""The documents and the data keep up with the code."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
import yaml

from actions.texts import Texts
from bot.channels.whatsapp.templates import wanted
from bot.cli import app
from bot.settings import PROJECT, Settings
from nlu.examples import INTENTS_FILE, Example, read_examples

DOCUMENTS = [PROJECT / "README.md", PROJECT / "CHANGELOG.md", *sorted((PROJECT / "docs").rglob("*.md"))]
_LINK = re.compile(r"\[[^\]]*\]\(([^()\s]+)\)")
_CODE = re.compile(r"(?:`|-> )([a-z_]+/[^\s`<…]*)")
_FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_REQUIREMENT = re.compile(r"[A-Za-z0-9._-]+")


def read(path: str) -> str:
    return (PROJECT / path).read_text(encoding="utf-8")


def commands(command: object, name: str) -> Iterator[str]:
    """The full names of all commands below `command`; groups themselves do nothing."""
    below: dict[str, object] = getattr(command, "commands", {})
    if not below:
        yield name
    for part, inner in below.items():
        yield from commands(inner, f"{name} {part}")


def requirements() -> list[str]:
    """Names of all dependencies: at run time, for development, and those that rasa is given."""
    project = tomllib.loads(read("pyproject.toml"))
    wanted = [*project["project"]["dependencies"], *(r for g in project["dependency-groups"].values() for r in g)]
    wanted += [r for entry in project["tool"]["uv"]["dependency-metadata"] for r in entry["requires-dist"]]
    return sorted({match.group() for r in wanted if (match := _REQUIREMENT.match(r))})


def components() -> list[str]:
    return [str(entry["name"]).rsplit(".", 1)[-1] for entry in yaml.safe_load(read("config.yml"))["pipeline"]]


def intents() -> list[str]:
    return list(yaml.safe_load(read(INTENTS_FILE)))


def links() -> list[tuple[Path, str]]:
    """Links to local files, without those inside code."""
    found = [
        (path, link) for path in DOCUMENTS for link in _LINK.findall(_FENCED.sub("", path.read_text(encoding="utf-8")))
    ]
    return [(path, link) for path, link in found if not re.match(r"[a-z]+:", link)]


def anchors(path: Path) -> set[str]:
    """The anchors of a page's headings, as code hosts make them."""
    headings = re.findall(r"^#+ (.+)$", _FENCED.sub("", path.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.fixture(scope="module")
def examples() -> list[Example]:
    return read_examples(PROJECT)


@pytest.mark.parametrize("setting", [name.upper() for name in Settings.model_fields])
def test_every_setting_is_in_the_sample_file_and_in_the_table(setting: str) -> None:
    assert re.search(rf"^#?{setting}=", read(".env.example"), re.MULTILINE)
    assert re.search(rf"^\| `{setting}` \|", read("docs/operations.md"), re.MULTILINE)


@pytest.mark.parametrize("command", list(commands(typer.main.get_command(app), "casa")))
def test_every_command_is_in_the_table(command: str) -> None:
    assert re.search(rf"^\| `{command}` \|", read("docs/operations.md"), re.MULTILINE)


@pytest.mark.parametrize("requirement", requirements())
def test_every_dependency_has_a_reason(requirement: str) -> None:
    assert re.search(rf"^- \*\*{re.escape(requirement)}\*\*: \S", read("docs/dependencies.md"), re.MULTILINE)


@pytest.mark.parametrize("component", components())
def test_every_component_of_the_pipeline_has_a_reason(component: str) -> None:
    assert re.search(rf"^\| `?{component}`? \| \S", read("docs/architecture.md"), re.MULTILINE)


@pytest.mark.parametrize("intent", intents())
def test_every_intent_has_examples_beyond_its_button(intent: str, examples: list[Example]) -> None:
    assert any(example.intent == intent and example.path != PROJECT / INTENTS_FILE for example in examples)


@pytest.mark.parametrize("intent", [intent for intent in intents() if intent.startswith(("faq/", "transport/"))])
def test_every_question_to_the_city_has_an_answer(intent: str) -> None:
    content = yaml.safe_load(read(f"data/faq/{intent.removeprefix('faq/')}.yml"))
    assert content["intent"] == intent
    assert content["answer"]


def test_going_live_counts_the_templates_of_whatsapp_as_they_are(texts: Texts) -> None:
    templates = wanted(texts)
    asked = [template for template in templates if template.needs_approval]
    said = re.search(r"makes all (\d+) .*?sends the (\d+) that need it", read("docs/going-live.md"), re.DOTALL)
    assert said
    assert said.groups() == (str(len(templates)), str(len(asked)))


def test_the_plan_names_only_what_is_there() -> None:
    rooms = {path.name for path in PROJECT.iterdir() if path.is_dir()} - {
        "models",
        "var",
    }  # Made here, and not in every copy.
    named = [path for path in _CODE.findall(read("docs/architecture.md")) if path.partition("/")[0] in rooms]
    assert len(named) > 50
    assert [path for path in named if not any(PROJECT.glob(path.rstrip("/")))] == []


@pytest.mark.parametrize(("path", "link"), links(), ids=lambda value: getattr(value, "name", value))
def test_links_to_files_lead_somewhere(path: Path, link: str) -> None:
    name, _, anchor = link.partition("#")
    target = (path.parent / name).resolve() if name else path
    assert target.exists()
    assert not anchor or anchor in anchors(target)
