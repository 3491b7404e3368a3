"""The rooms of the house, and who imports whom.

A room is what stands on the top of a package: a file or a folder. An arrow leads from a room to one that it imports,
wherever the import stands, in a function or only for the types.
"""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from benchmarks.source.names import origin_of
from benchmarks.source.revision import Module, Snapshot

type Arrows = set[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rooms:
    """What stands on the top of a package, `__init__.py` aside."""

    files: frozenset[str]
    folders: frozenset[str]


def rooms_of(snapshot: Snapshot, package: str) -> Rooms:
    """The files and folders on the top of a package; folders without Python too."""
    inside = [path.split("/")[1:] for path in snapshot.files if path.startswith(f"{package}/")]
    return Rooms(
        files=frozenset(parts[0] for parts in inside if len(parts) == 1 and parts[0] != "__init__.py"),
        folders=frozenset(parts[0] for parts in inside if len(parts) > 1),
    )


def arrows_between(modules: Iterable[Module], *divided: str) -> Arrows:
    """Who imports whom: rooms of the `divided` packages (`helpdesk.web`), and each other package as a whole."""
    modules = tuple(modules)
    names = {module.name for module in modules}
    found = (
        (_room(module.name, divided), _room(target, divided))
        for module in modules
        for target in _imports(module, names)
    )
    return {(importer, imported) for importer, imported in found if importer != imported}


def circles(arrows: Arrows) -> list[list[str]]:
    """Groups in which each reaches each other along the arrows, the largest first."""
    targets: dict[str, set[str]] = {}
    for importer, imported in arrows:
        targets.setdefault(importer, set()).add(imported)
    reached = {start: _reached(start, targets) for start in targets}
    groups = {
        frozenset(other for other in reached[start] if start in reached.get(other, ()))
        for start in targets
        if start in reached[start]
    }
    return sorted((sorted(group) for group in groups), key=lambda group: (-len(group), group))


def _reached(start: str, targets: dict[str, set[str]]) -> set[str]:
    reached: set[str] = set()
    waiting = [start]
    while waiting:
        new = targets.get(waiting.pop(), set()) - reached
        reached |= new
        waiting += new
    return reached


def _imports(module: Module, names: set[str]) -> Iterator[str]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names if name.name in names)
        elif isinstance(node, ast.ImportFrom):
            origin = origin_of(node, module)
            found = (f"{origin}.{name.name}" for name in node.names)
            yield from (name if name in names else origin for name in found if name in names or origin in names)


def _room(module: str, divided: tuple[str, ...]) -> str:
    top, _, rest = module.partition(".")
    return f"{top}.{rest.partition('.')[0]}" if top in divided and rest else top
