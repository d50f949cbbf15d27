"""Runs a graph of Rasa's engine step by step, where Rasa's own runner plans it anew with dask for every message.

Our graphs are a line of ten steps or so, so there is nothing to plan. Any runner runs any archive: the official Rasa uses its own.
"""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphNode, GraphNodeHook, GraphSchema
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.storage import ModelStorage


class StepRunner(GraphRunner):
    """Each step once, after those that it needs."""

    def __init__(self, schema: GraphSchema, steps: dict[str, GraphNode]) -> None:
        self._schema = schema
        self._steps = steps

    @classmethod
    def create(
        cls,
        graph_schema: GraphSchema,
        model_storage: ModelStorage,
        execution_context: ExecutionContext,
        hooks: list[GraphNodeHook] | None = None,
    ) -> StepRunner:
        """Loads the components of `graph_schema` from `model_storage`, except those that wait for what others learn."""
        return cls(
            graph_schema,
            {
                name: GraphNode.from_schema_node(name, step, model_storage, execution_context, hooks)
                for name, step in graph_schema.nodes.items()
            },
        )

    def run(self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None) -> dict[str, Any]:
        """What the `targets` give, by default those of the schema, for `inputs`: placeholders by name, as in a step's needs."""
        known = dict(inputs or {})
        return {target: self._result(target, known) for target in targets or self._schema.target_names}

    def _result(self, name: str, known: dict[str, Any]) -> Any:
        if name not in known:
            needed = [(need, self._result(need, known)) for need in self._schema.nodes[name].needs.values()]
            _, known[name] = self._steps[name](*needed)
        return known[name]
