"""Names and types of our own code, as far as they can be read without running it.

`Program` follows a name through imports to what defines it, and `Program.infer` tells what an expression is: a module,
a class, a function, an instance of one of our classes, or a container of such. It reads annotations of parameters,
fields and results, what methods keep in `self`, and what `with`, `for` and `await` make of a type. It knows no flow: a
local name that is bound twice keeps the first type that is known. What it doesn't know is `None`.
"""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from benchmarks.source.names import Binding, Import, local_names, module_names
from benchmarks.source.revision import Module
from benchmarks.source.types import (
    Callee,
    Class,
    Constant,
    Container,
    Function,
    Instance,
    ModuleRef,
    Thing,
    element_of,
    first_known,
    item_of,
    result_of,
)

_SEEN_THROUGH = {"Mapped", "Annotated", "Final", "ClassVar", "Optional", "Awaitable", "Required", "NotRequired"}
_CONTEXTS = ("Iterator", "Generator", "ContextManager")
_SAME_TYPE = {"replace", "copy", "deepcopy", "list", "sorted", "tuple", "reversed", "set", "iter"}
_ONE_OF = {"next", "min", "max"}


@dataclass(eq=False)
class Scope:
    """Where an expression stands: its module, and in a function the receiver and the local names."""

    module: Module
    receiver: Class | None = None
    function: Function | None = None
    bindings: dict[str, list[Binding]] = field(default_factory=dict)
    known: dict[str, Thing | None] = field(default_factory=dict)


class Program:
    """All modules of the product, and what their names mean."""

    def __init__(self, modules: Iterable[Module]) -> None:
        self.modules = {module.name: module for module in modules}
        self._names = {name: module_names(module) for name, module in self.modules.items()}
        self._methods: dict[Class, dict[str, Function]] = {}
        self._lineages: dict[Class, tuple[Class, ...]] = {}
        self._implementations: dict[Class, list[Class]] = {}
        self._scopes: dict[Callee, Scope] = {}
        self._attributes: dict[tuple[Class, str], Thing | None] = {}
        self._values: dict[Constant, Thing | None] = {}
        self._aliases: dict[Constant, Thing | None] = {}

    def resolve(self, module: str, name: str, seen: frozenset[tuple[str, str]] = frozenset()) -> Thing | None:
        """What `name` means in `module`, through imports and re-exports; `None` when it isn't ours."""
        entry = None if (module, name) in seen else self._names.get(module, {}).get(name)
        if isinstance(entry, Function):
            return Callee(entry)
        if isinstance(entry, Import):
            if entry.name is None:
                return ModuleRef(entry.module) if entry.module in self.modules else None
            return self.resolve(entry.module, entry.name, seen | {(module, name)})
        if entry is not None:
            return entry
        return ModuleRef(f"{module}.{name}") if f"{module}.{name}" in self.modules else None

    def find(self, module: str, path: str) -> Callee | None:
        """The function `path` (`name`, or `Class.method`, also an inherited one) of what a module itself defines."""
        first, _, rest = path.partition(".")
        entry = self._names[module].get(first)
        if isinstance(entry, Class) and rest:
            return next(iter(self.methods(entry, rest)), None)
        return Callee(entry) if isinstance(entry, Function) and not rest else None

    def classes(self) -> Iterator[Class]:
        """Every class at the top of a module."""
        for names in self._names.values():
            yield from (entry for entry in names.values() if isinstance(entry, Class))

    def bases(self, of: Class) -> list[Class]:
        """The direct bases that are ours."""
        named = (base.value if isinstance(base, ast.Subscript) else base for base in of.node.bases)
        found = (self.infer(base, Scope(of.module)) for base in named)
        return [base for base in found if isinstance(base, Class) and base is not of]

    def lineage(self, of: Class) -> tuple[Class, ...]:
        """The class and all its bases of ours in the order in which Python looks for a method."""
        if of not in self._lineages:
            found = [each for base in self.bases(of) for each in self.lineage(base)]
            last = dict.fromkeys(reversed(found))  # a base that is inherited twice comes after both that inherit it
            self._lineages[of] = (of, *reversed(last))
        return self._lineages[of]

    def methods(self, of: Class, *names: str) -> list[Callee]:
        """Those of these methods that the class or a base of ours defines."""
        found = (self._method(of, name) for name in names)
        return [Callee(method, of) for method in found if method]

    def implementations(self, callee: Callee) -> list[Callee]:
        """For a method of a protocol, that method of every class that has all methods of the protocol."""
        owner = callee.function.owner
        if owner is None or not owner.is_protocol:
            return []
        if owner not in self._implementations:
            self._implementations[owner] = [each for each in self.classes() if self._keeps(each, owner)]
        name = callee.function.node.name
        return [found for each in self._implementations[owner] for found in self.methods(each, name)]

    def scope(self, callee: Callee) -> Scope:
        """The names inside a function that is called on such a receiver."""
        if callee not in self._scopes:
            function = callee.function
            self._scopes[callee] = Scope(
                module=function.module,
                receiver=callee.receiver or function.owner,
                function=function,
                bindings=local_names(function.node),
            )
        return self._scopes[callee]

    def infer(self, expression: ast.expr | None, scope: Scope) -> Thing | None:
        """What an expression is, as far as that can be told."""
        match expression:
            case ast.Name():
                return self._named(expression.id, scope)
            case ast.Attribute():
                return self._attribute(self.infer(expression.value, scope), expression.attr)
            case ast.Call():
                return self._called(expression, scope)
            case ast.Await() | ast.Starred() | ast.NamedExpr():
                return self.infer(expression.value, scope)
            case ast.BoolOp():
                return first_known(self.infer(value, scope) for value in expression.values)
            case ast.IfExp():
                return self.infer(expression.body, scope) or self.infer(expression.orelse, scope)
            case ast.Subscript():
                return item_of(self.value(self.infer(expression.value, scope)))
            case ast.List() | ast.Set():
                return Container("list", (self.infer(next(iter(expression.elts), None), scope),))
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp():
                return Container("list", (self.infer(expression.elt, scope),))
            case ast.Tuple():
                return Container("tuple", tuple(self.infer(each, scope) for each in expression.elts))
            case ast.Dict():
                return Container("dict", (None, self.infer(next(iter(expression.values), None), scope)))
        return None

    def typed(self, annotation: ast.expr | None, scope: Scope) -> Thing | None:
        """What has this annotation; of a union the first type that is ours."""
        match annotation:
            case ast.Constant(value=str(text)):
                return self.typed(ast.parse(text.strip(), mode="eval").body, scope)
            case ast.BinOp(op=ast.BitOr()):
                return self.typed(annotation.left, scope) or self.typed(annotation.right, scope)
            case ast.Subscript():
                return self._subscripted(annotation, scope)
            case ast.Name(id="Self"):
                return Instance(scope.receiver) if scope.receiver else None
            case ast.Name() | ast.Attribute():
                found = self.infer(annotation, Scope(scope.module))
                if isinstance(found, Constant):
                    return self._alias(found)
                return Instance(found) if isinstance(found, Class) else None
        return None

    def value(self, thing: Thing | None) -> Thing | None:
        """The thing itself, or what a constant holds."""
        if not isinstance(thing, Constant):
            return thing
        if thing not in self._values:
            self._values[thing] = None  # while it is being looked for
            scope = Scope(thing.module)
            self._values[thing] = self.typed(thing.annotation, scope) or self.infer(thing.value, scope)
        return self._values[thing]

    def entered(self, thing: Thing | None) -> Thing | None:
        """What `with` binds."""
        if isinstance(thing, Container) and thing.head.endswith(_CONTEXTS) and thing.inside:
            return thing.inside[0]
        if isinstance(thing, Instance):
            return next(map(self._result, self.methods(thing.of, "__aenter__", "__enter__")), None)
        return None

    def _alias(self, constant: Constant) -> Thing | None:
        if constant not in self._aliases:
            self._aliases[constant] = None  # while it is being looked for
            self._aliases[constant] = self.typed(constant.value, Scope(constant.module))
        return self._aliases[constant]

    def _named(self, name: str, scope: Scope) -> Thing | None:
        if name in scope.known:
            return scope.known[name]
        if name in scope.bindings:
            scope.known[name] = None  # while it is being looked for
            found = (self._bound(binding, scope) for binding in scope.bindings[name])
            scope.known[name] = first_known(found)
            return scope.known[name]
        if scope.function and scope.receiver and name in {"self", "cls"}:
            return Instance(scope.receiver) if name == "self" else scope.receiver
        return self.resolve(scope.module.name, name)

    def _bound(self, binding: Binding, scope: Scope) -> Thing | None:
        if binding.how == "annotation":
            return self.typed(binding.expression, scope)
        thing = self.value(self.infer(binding.expression, scope))
        if binding.how == "element":
            thing = element_of(thing)
        elif binding.how == "entered":
            thing = self.entered(thing)
        for index in binding.path:
            thing = item_of(thing, index)
        return thing

    def _attribute(self, thing: Thing | None, name: str) -> Thing | None:
        thing = self.value(thing)
        match thing:
            case ModuleRef():
                return self.resolve(thing.name, name)
            case Class():
                return next(iter(self.methods(thing, name)), None)
            case Instance():
                return self._member(thing, name)
            case Container():
                return Container(f".{name}", (thing,))
        return None

    def _member(self, instance: Instance, name: str) -> Thing | None:
        method = self._method(instance.of, name, after=instance.after)
        if method is not None:
            callee = Callee(method, instance.of)
            return self._result(callee) if method.is_property else callee
        key = (instance.of, name)
        if key not in self._attributes:
            self._attributes[key] = None  # while it is being looked for
            found = (self._field(base, name, instance.of) for base in self.lineage(instance.of))
            self._attributes[key] = first_known(found)
        return self._attributes[key]

    def _field(self, base: Class, name: str, receiver: Class) -> Thing | None:
        """What a class declares as `name: T` or `name = …`, or keeps as `self.name` in one of its methods."""
        for node in base.node.body:
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id == name:
                return self.typed(node.annotation, Scope(base.module, receiver))
            if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == name for t in node.targets):
                return self.infer(node.value, Scope(base.module, receiver))
        scopes = (self.scope(Callee(method, receiver)) for method in self._own_methods(base).values())
        return first_known(self._kept(name, scope) for scope in scopes)

    def _kept(self, name: str, scope: Scope) -> Thing | None:
        for node in ast.walk(scope.function.node) if scope.function else ():
            if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == f"self.{name}":
                return self.typed(node.annotation, scope)
            if isinstance(node, ast.Assign) and any(ast.unparse(target) == f"self.{name}" for target in node.targets):
                return self.infer(node.value, scope)
        return None

    def _called(self, call: ast.Call, scope: Scope) -> Thing | None:
        match call:
            case ast.Call(func=ast.Name(id="super")):
                owner = scope.function.owner if scope.function else None
                return Instance(scope.receiver, after=owner) if scope.receiver else None
            case ast.Call(func=ast.Name(id="cast"), args=[annotation, _]):
                return self.typed(annotation, scope)
            case ast.Call(func=ast.Name(id=name), args=[first, *_]) if name in _SAME_TYPE:
                return self.infer(first, scope)
            case ast.Call(func=ast.Name(id=name), args=[first, *_]) if name in _ONE_OF:
                return element_of(self.infer(first, scope))
        called = self.value(self.infer(call.func, scope))
        match called:
            case Class():
                return Instance(called)
            case Callee():
                return self._result(called)
            case Instance():
                return next(map(self._result, self.methods(called.of, "__call__")), None)
            case Container(head="Callable"):
                return called.inside[-1]
            case Container(inside=(Container() as whole,)):
                return result_of(called.head, whole)
        return None

    def _result(self, callee: Callee) -> Thing | None:
        function = callee.function
        return self.typed(function.node.returns, Scope(function.module, callee.receiver or function.owner))

    def _subscripted(self, annotation: ast.Subscript, scope: Scope) -> Thing | None:
        head = ast.unparse(annotation.value).rpartition(".")[2]
        inside = annotation.slice.elts if isinstance(annotation.slice, ast.Tuple) else [annotation.slice]
        if head in _SEEN_THROUGH:
            return self.typed(inside[0], scope)
        if head == "Coroutine":
            return self.typed(inside[-1], scope)
        if head == "type":
            found = self.typed(inside[0], scope)
            return found.of if isinstance(found, Instance) else None
        generic = self.typed(annotation.value, scope)
        if generic is not None:
            return generic
        parts = (each for each in inside if not (isinstance(each, ast.Constant) and each.value is ...))
        return Container(head, tuple(self.typed(each, scope) for each in parts))

    def _keeps(self, of: Class, protocol: Class) -> bool:
        """Whether a class has the protocol's methods, with parameters of the same names."""
        wanted = self._own_methods(protocol)
        had = ((method, self._method(of, name)) for name, method in wanted.items())
        return (
            not of.is_protocol
            and bool(wanted)
            and all(own is not None and method.parameters <= own.parameters for method, own in had)
        )

    def _method(self, of: Class, name: str, *, after: Class | None = None) -> Function | None:
        lineage = self.lineage(of)
        searched = lineage[lineage.index(after) + 1 :] if after in lineage else lineage
        return next((methods[name] for base in searched if name in (methods := self._own_methods(base))), None)

    def _own_methods(self, of: Class) -> dict[str, Function]:
        if of not in self._methods:
            nodes = (node for node in of.node.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
            self._methods[of] = {node.name: Function(of.module, node, of) for node in nodes}
        return self._methods[of]
