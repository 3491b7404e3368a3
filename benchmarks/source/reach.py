"""How many files a reader opens to follow something from its first function to its last.

A file is opened for a function when the reader has to see the function's body: it is called, or named as a value (a
step in a list, a target of a task), by a function that is followed already. It is opened for a class when an object of
it is made. A name is followed through imports and re-exports to the file that defines it, so a package's `__init__`
that only hands on isn't counted. Reading on within an open file costs nothing; going to a definition in another file
is one hop. A constant that holds functions (a table, a list of steps) is followed like a function, and a method of a
protocol into every class of ours that has the protocol's methods.

Not seen, hence too few files: what stands behind a callable that was handed in when things were wired,
methods of objects whose type `program.py` can't tell, registries, and what Rasa, the database or a channel does.
Not counted although somebody may look: types that are only annotated, enum members, columns, templates.
"""

import ast
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.source.program import Program, Scope
from benchmarks.source.types import Callee, Class, Constant, Instance

_MADE = ("__init__", "__post_init__")
_ENTERED = ("__aenter__", "__enter__", "__aexit__", "__exit__")


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """Where a walk begins: functions (`name` or `Class.method`) of `package`, a module or a folder of modules.

    A function counts as found when exactly one module at or below `package` defines it.
    """

    package: str
    functions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """Something a reader wants to follow, with its starts in one layout after another; the first that exists counts."""

    name: str
    starts: tuple[Start, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """What a walk comes to: the modules with their distance in hops, and how many functions are followed."""

    start: Start
    hops: Mapping[str, int]
    functions: int

    def within(self, hops: int) -> int:
        """How many files are at most so far away."""
        return sum(1 for distance in self.hops.values() if distance <= hops)


def follow(program: Program, walk: Walk) -> Reach | None:
    """Walk from the first start that exists; `None` when none does."""
    for start in walk.starts:
        found = [_find(program, start.package, function) for function in start.functions]
        if all(found):
            return _reach(program, start, [callee for callee in found if callee])
    return None


def _find(program: Program, package: str, function: str) -> Callee | None:
    modules = [name for name in program.modules if name == package or name.startswith(f"{package}.")]
    found = [callee for name in modules if (callee := program.find(name, function))]
    return found[0] if len(found) == 1 else None


type _Node = Callee | Class | Constant


def _reach(program: Program, start: Start, begin: Sequence[Callee]) -> Reach:
    """Breadth first, where a step within a module is free (0-1 breadth-first search)."""
    distances: dict[_Node, int] = dict.fromkeys(begin, 0)
    waiting: deque[_Node] = deque(begin)
    followed: dict[_Node, tuple[_Node, ...]] = {}
    while waiting:
        node = waiting.popleft()
        if node in followed:
            continue
        followed[node] = tuple(_named_by(program, node))
        for named in followed[node]:
            same = _module_of(named) == _module_of(node)
            distance = distances[node] + (not same)
            if distance < distances.get(named, distance + 1):
                distances[named] = distance
                (waiting.appendleft if same else waiting.append)(named)
    hops: dict[str, int] = {}
    for node in followed:
        if not isinstance(node, Constant) or any(not isinstance(named, Constant) for named in followed[node]):
            hops[_module_of(node)] = min(distances[node], hops.get(_module_of(node), distances[node]))
    functions = {node.function for node in followed if isinstance(node, Callee)}
    return Reach(start=start, hops=dict(sorted(hops.items())), functions=len(functions))


def _module_of(node: _Node) -> str:
    return (node.function if isinstance(node, Callee) else node).module.name


def _named_by(program: Program, node: _Node) -> Iterator[_Node]:
    """The functions, constructed classes and constants that a node's own code names."""
    match node:
        case Callee():
            for statement in node.function.node.body:
                yield from _named_in(program, statement, program.scope(node))
        case Class():
            yield from program.methods(node, *_MADE)
        case Constant() if node.value is not None:
            yield from _named_in(program, node.value, Scope(node.module))


def _named_in(program: Program, code: ast.AST, scope: Scope) -> Iterator[_Node]:
    for node in ast.walk(code):
        match node:
            case ast.Name(ctx=ast.Load()):
                yield from _named(program, node, scope)
            case ast.Attribute(ctx=ast.Load()):
                yield from _named(program, node, scope)
                yield from _property(program, node, scope)
            case ast.Call():
                made = program.value(program.infer(node.func, scope))
                if isinstance(made, Class):
                    yield made
            case ast.withitem():
                entered = program.value(program.infer(node.context_expr, scope))
                if isinstance(entered, Instance):
                    yield from program.methods(entered.of, *_ENTERED)


def _named(program: Program, node: ast.expr, scope: Scope) -> Iterator[_Node]:
    thing = program.infer(node, scope)
    if isinstance(thing, Constant):
        yield thing
    elif isinstance(thing, Callee):
        yield from (thing, *program.implementations(thing))


def _property(program: Program, node: ast.Attribute, scope: Scope) -> Iterator[Callee]:
    on = program.value(program.infer(node.value, scope))
    if isinstance(on, Instance):
        for found in program.methods(on.of, node.attr):
            if found.function.is_property:
                yield from (found, *program.implementations(found))
