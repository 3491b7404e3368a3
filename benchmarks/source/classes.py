"""How deep our classes inherit, and which columns of the models hold JSON without a type."""

import ast
from collections.abc import Iterable, Iterator

from benchmarks.source.program import Program
from benchmarks.source.revision import Module
from benchmarks.source.types import Class

_UNTYPED = {"Any", "object"}
_COLLECTIONS = {"dict", "list", "Mapping", "Sequence", "MutableMapping"}


def longest_chain(program: Program) -> list[str]:
    """The longest way from a class up its bases of ours, the class itself first."""
    chains = (_chain(program, each) for each in program.classes())
    return [each.node.name for each in max(chains, key=len, default=[])]


def untyped_columns(modules: Iterable[Module]) -> list[str]:
    """Columns (`Class.column`) mapped to a dict or list of anything, directly or through an alias."""
    modules = tuple(modules)
    aliases = {name for module in modules for name in _aliases(module)}
    return sorted(column for module in modules for column in _columns(module, aliases))


def _chain(program: Program, of: Class) -> list[Class]:
    return [of, *max((_chain(program, base) for base in program.bases(of)), key=len, default=[])]


def _columns(module: Module, aliases: set[str]) -> Iterator[str]:
    for owner in ast.walk(module.tree):
        if isinstance(owner, ast.ClassDef):
            for node in owner.body:
                if isinstance(node, ast.AnnAssign) and _is_untyped(node.annotation, aliases):
                    yield f"{owner.name}.{ast.unparse(node.target)}"


def _aliases(module: Module) -> Iterator[str]:
    for node in module.tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Subscript() as value) if _holds_any(value, set()):
                yield name
            case ast.TypeAlias(name=ast.Name(id=name), value=value) if _holds_any(value, set()):
                yield name


def _is_untyped(annotation: ast.expr, aliases: set[str]) -> bool:
    mapped = isinstance(annotation, ast.Subscript) and _last(annotation.value) == "Mapped"
    return mapped and _holds_any(annotation, aliases)


def _holds_any(annotation: ast.expr, aliases: set[str]) -> bool:
    """Whether somewhere in a type is a dict or list of `Any` or `object`, or one without parameters."""
    nodes = list(ast.walk(annotation))
    subscripts = [node for node in nodes if isinstance(node, ast.Subscript)]
    parametrised = {node.value for node in subscripts}
    bare = {node.id for node in nodes if isinstance(node, ast.Name) and node not in parametrised}
    return bool(bare & (aliases | _COLLECTIONS)) or any(map(_is_of_anything, subscripts))


def _is_of_anything(node: ast.Subscript) -> bool:
    inside = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    return _last(node.value) in _COLLECTIONS and _last(inside[-1]) in _UNTYPED


def _last(node: ast.expr) -> str:
    return ast.unparse(node).rpartition(".")[2]
