"""Running a graph of Rasa's engine step by step."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rasa.engine.graph import ExecutionContext, GraphComponent, GraphSchema, SchemaNode
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage

from nlu.runner import StepRunner


class Joiner(GraphComponent):
    """Joins what it is given, and notes that it ran."""

    def __init__(self, sign: str, diary: list[str]) -> None:
        self._sign = sign
        self._diary = diary

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Joiner:
        return cls(config["sign"], config["diary"])

    def join(self, first: str, second: str = "") -> str:
        self._diary.append(self._sign)
        return f"{first}{second}{self._sign}"


def step(sign: str, diary: list[str], **needs: str) -> SchemaNode:
    config = {"sign": sign, "diary": diary}
    return SchemaNode(needs=needs, uses=Joiner, constructor_name="create", fn="join", config=config, eager=True)


def runner(folder: Path, nodes: dict[str, SchemaNode]) -> StepRunner:
    schema = GraphSchema(nodes)
    return StepRunner.create(schema, LocalModelStorage.create(folder), ExecutionContext(graph_schema=schema))


def diamond(diary: list[str]) -> dict[str, SchemaNode]:
    return {
        "last": step("d", diary, first="left", second="right"),
        "left": step("b", diary, first="begin"),
        "right": step("c", diary, first="begin"),
        "begin": step("a", diary, first="__word__"),
        "aside": step("x", diary, first="begin"),
    }


def test_each_step_runs_once_behind_those_that_it_needs_and_no_other(tmp_path: Path) -> None:
    diary: list[str] = []
    assert runner(tmp_path, diamond(diary)).run({"__word__": "-"}, ["last"]) == {"last": "-ab-acd"}
    assert diary == ["a", "b", "c", "d"]


def test_a_second_run_knows_nothing_of_the_first(tmp_path: Path) -> None:
    steps = runner(tmp_path, diamond([]))
    assert steps.run({"__word__": "1"}, ["left", "aside"]) == {"left": "1ab", "aside": "1ax"}
    assert steps.run({"__word__": "2"}, ["left"]) == {"left": "2ab"}


def test_a_step_that_needs_what_nobody_gives_is_named(tmp_path: Path) -> None:
    with pytest.raises(KeyError, match="__word__"):
        runner(tmp_path, diamond([])).run({}, ["last"])
