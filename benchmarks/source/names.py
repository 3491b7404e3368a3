"""The names that a module or a function binds, and what to."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from benchmarks.source.revision import Module
from benchmarks.source.types import Class, Constant, Function, FunctionNode


@dataclass(frozen=True, eq=False)
class Import:
    """A name that stands for a module (`name` is `None`) or for a name in it."""

    module: str
    name: str | None


type Entry = Import | Class | Function | Constant


@dataclass(frozen=True, eq=False)
class Binding:
    """How a local name gets its value; `path` are the places in nested tuples that are unpacked.

    `value`: it is the expression's. `element`: a loop over the expression. `entered`: `with` the expression.
    `annotation`: the expression is its type.
    """

    how: Literal["value", "element", "entered", "annotation"]
    expression: ast.expr
    path: tuple[int, ...] = ()


def module_names(module: Module) -> dict[str, Entry]:
    """What the names at the top of a module stand for. Imports inside functions count as the module's."""
    return dict(_imports(module)) | dict(_definitions(module))


def local_names(function: FunctionNode) -> dict[str, list[Binding]]:
    """Every name that a function binds; functions inside count as part of the one around them."""
    found: dict[str, list[Binding]] = {}
    for name, binding in _bindings(function):
        found.setdefault(name, []).append(binding)
    return found


def origin_of(node: ast.ImportFrom, module: Module) -> str:
    """The full name of the module that a `from … import` names, also with leading dots."""
    if not node.level:
        return node.module or ""
    parts = module.name.split(".")
    base = parts[: len(parts) - node.level + module.is_package]
    return ".".join([*base, *([node.module] if node.module else [])])


def _imports(module: Module) -> Iterator[tuple[str, Entry]]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            for name in node.names:
                top = name.name.partition(".")[0]
                yield (name.asname, Import(name.name, None)) if name.asname else (top, Import(top, None))
        elif isinstance(node, ast.ImportFrom):
            origin = origin_of(node, module)
            yield from ((name.asname or name.name, Import(origin, name.name)) for name in node.names)


def _definitions(module: Module) -> Iterator[tuple[str, Entry]]:
    for node in _statements(module.tree.body):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                yield node.name, Function(module, node)
            case ast.ClassDef():
                yield node.name, Class(module, node)
            case ast.Assign():
                yield from ((t.id, Constant(module, node.value)) for t in node.targets if isinstance(t, ast.Name))
            case ast.AnnAssign(target=ast.Name(id=name)):
                yield name, Constant(module, node.value, node.annotation)
            case ast.TypeAlias(name=ast.Name(id=name)):
                yield name, Constant(module, node.value)


def _statements(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements at the top of a module, those under `if` and `try` too."""
    for node in body:
        yield node
        if isinstance(node, ast.If | ast.Try):
            yield from _statements([*node.body, *node.orelse])


def _bindings(function: FunctionNode) -> Iterator[tuple[str, Binding]]:
    for node in ast.walk(function):
        match node:
            case ast.arguments():
                for argument in (*node.posonlyargs, *node.args, *node.kwonlyargs):
                    if argument.annotation:
                        yield argument.arg, Binding("annotation", argument.annotation)
            case ast.Assign():
                for target in node.targets:
                    yield from _unpacked(target, Binding("value", node.value))
            case ast.AnnAssign(target=ast.Name(id=name)):
                yield name, Binding("annotation", node.annotation)
            case ast.NamedExpr():
                yield from _unpacked(node.target, Binding("value", node.value))
            case ast.For() | ast.AsyncFor() | ast.comprehension():
                yield from _unpacked(node.target, Binding("element", node.iter))
            case ast.withitem() if node.optional_vars:
                yield from _unpacked(node.optional_vars, Binding("entered", node.context_expr))


def _unpacked(target: ast.expr, binding: Binding) -> Iterator[tuple[str, Binding]]:
    if isinstance(target, ast.Name):
        yield target.id, binding
    elif isinstance(target, ast.Tuple | ast.List):
        for index, each in enumerate(target.elts):
            yield from _unpacked(each, Binding(binding.how, binding.expression, (*binding.path, index)))
