"""Runs the trained model's components one after the other, in an order that is worked out once.

Rasa hands its graph to dask on every run, twice and more a turn. What dask does to find the order again costs more than
the components themselves do, and none of them runs beside another anyway.
"""

from collections.abc import Mapping
from functools import cache
from graphlib import TopologicalSorter
from typing import Any

from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import ExecutionContext, GraphNode, GraphNodeHook, GraphSchema
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.storage import ModelStorage


class SequentialGraphRunner(GraphRunner):
    """A `GraphRunner` for one thread; results and errors are those of Rasa's `DaskGraphRunner`."""

    def __init__(self, schema: GraphSchema, nodes: Mapping[str, GraphNode]) -> None:
        self._schema = schema
        self._nodes = nodes
        self._order = cache(self._find_order)

    @classmethod
    def create(
        cls,
        graph_schema: GraphSchema,
        model_storage: ModelStorage,
        execution_context: ExecutionContext,
        hooks: list[GraphNodeHook] | None = None,
    ) -> "SequentialGraphRunner":
        return cls.of(DaskGraphRunner.create(graph_schema, model_storage, execution_context, hooks))

    @classmethod
    def of(cls, runner: DaskGraphRunner) -> "SequentialGraphRunner":
        """The components that Rasa has loaded."""
        return cls(runner._graph_schema, runner._instantiated_nodes)

    def run(self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None) -> dict[str, Any]:
        """The outputs of `targets`. A component that lacks an input raises Rasa's `GraphRunError`."""
        wanted = tuple(targets or self._schema.target_names)
        results = dict(inputs or {})
        try:
            for name, parents in self._order(wanted):
                given = [(parent, results[parent]) if parent in results else parent for parent in parents]
                results[name] = self._nodes[name](*given)[1]
        except RuntimeError as error:
            raise GraphRunError("Error running runner.") from error
        return {target: results[target] for target in wanted}

    def _find_order(self, targets: tuple[str, ...]) -> list[tuple[str, tuple[str, ...]]]:
        """The components that `targets` need, each after those whose output it takes, which stand beside it."""
        nodes = self._schema.minimal_graph_schema(list(targets)).nodes
        parents = {name: tuple(node.needs.values()) for name, node in nodes.items()}
        return [(name, parents[name]) for name in TopologicalSorter(parents).static_order() if name in parents]
