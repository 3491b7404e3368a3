"""What an expression of our code can be, and what loops and subscripts make of it."""

import ast
from collections.abc import Iterable
from dataclasses import dataclass

from benchmarks.source.revision import Module

type FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class ModuleRef:
    """A module of ours, by its dotted name."""

    name: str


@dataclass(frozen=True, eq=False)
class Class:
    """A class of ours."""

    module: Module
    node: ast.ClassDef

    @property
    def is_protocol(self) -> bool:
        """Whether it only says what other classes must have."""
        return any(ast.unparse(base).partition("[")[0].rpartition(".")[2] == "Protocol" for base in self.node.bases)


@dataclass(frozen=True, eq=False)
class Function:
    """A function or method of ours; `owner` is the class whose body it stands in."""

    module: Module
    node: FunctionNode
    owner: Class | None = None

    @property
    def is_property(self) -> bool:
        """Whether reading the attribute calls it."""
        return any(ast.unparse(each).endswith("property") for each in self.node.decorator_list)

    @property
    def parameters(self) -> set[str]:
        """The names of its parameters but for `*` and `**`."""
        arguments = self.node.args
        return {each.arg for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)}


@dataclass(frozen=True, eq=False)
class Constant:
    """A name of a module that is neither function nor class nor import."""

    module: Module
    value: ast.expr | None
    annotation: ast.expr | None = None


@dataclass(frozen=True)
class Callee:
    """A function together with the class of the object it is called on, so that `self` is that class in it."""

    function: Function
    receiver: Class | None = None


@dataclass(frozen=True)
class Instance:
    """An object of a class of ours; `after`: as `super()` sees it from that class."""

    of: Class
    after: Class | None = None


@dataclass(frozen=True)
class Container:
    """A type of somebody else with types inside (`dict[str, Rule]`), or with a leading dot a method of such a one."""

    head: str
    inside: tuple["Thing | None", ...]


type Thing = ModuleRef | Class | Callee | Constant | Instance | Container

_MAPPINGS = {"dict", "Mapping", "MutableMapping", "defaultdict"}
_PICKING = {".get", ".pop", ".popleft", ".setdefault"}


def first_known(things: Iterable[Thing | None]) -> Thing | None:
    """The first of them that could be told."""
    return next((thing for thing in things if thing is not None), None)


def item_of(thing: Thing | None, index: int = 0) -> Thing | None:
    """What a subscript gives: the value of a mapping, a tuple's part by its place, else the element."""
    if not isinstance(thing, Container) or not thing.inside:
        return None
    if thing.head in _MAPPINGS:
        return thing.inside[-1]
    return thing.inside[index] if thing.head == "tuple" and index < len(thing.inside) else thing.inside[0]


def element_of(thing: Thing | None) -> Thing | None:
    """What a loop gives: the first known part of a tuple, a mapping's key, else the element.

    A list of functions gives none, since only the first would be known; whoever names the list names them all.
    """
    if not isinstance(thing, Container) or not thing.inside:
        return None
    element = first_known(thing.inside) if thing.head == "tuple" else thing.inside[0]
    return None if isinstance(element, Callee) else element


def result_of(method: str, whole: Container) -> Thing | None:
    """What a container's method (`.values`) gives."""
    if method == ".values":
        return Container("list", (item_of(whole),))
    if method == ".items":
        return Container("list", (Container("tuple", whole.inside),))
    return item_of(whole) if method in _PICKING else None
