"""Modules that stand in for others: any name can be imported from them, and whoever really uses one is told why not."""

import importlib.abc
import importlib.machinery
import sys
from collections.abc import Callable, Collection, Sequence
from types import ModuleType
from typing import Any, NoReturn

Refuse = Callable[[str], Exception]
"""The error for someone who asked for a name."""


class _Name(type):
    """The metaclass of a name such as `tf.keras.layers.Dense`: any attribute is another name, calls are refused."""

    _refuse: Refuse

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _name(f"{cls.__module__}.{cls.__qualname__}", name, cls._refuse)

    def __call__(cls, *args: Any, **kwargs: Any) -> NoReturn:
        raise cls._refuse(f"{cls.__module__}.{cls.__qualname__}")


def _decorator(*args: Any, **kwargs: Any) -> Any:
    """Stands in for `tf.function`, which decorates methods while modules are read, with and without arguments."""
    return args[0] if len(args) == 1 and callable(args[0]) and not kwargs else lambda decorated: decorated


def _name(module: str, name: str, refuse: Refuse) -> Any:
    return (
        _decorator if name == "function" else _Name(name, (), {"__module__": module, "_refuse": staticmethod(refuse)})
    )


class _Module(ModuleType):
    """A module in which every name exists."""

    def __init__(self, name: str, refuse: Refuse) -> None:
        super().__init__(name)
        self._refuse = refuse

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        value = _name(self.__name__, name, self._refuse)
        setattr(self, name, value)
        return value


class StandIn(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds and makes the empty modules: those named, and all below them."""

    def __init__(self, names: Collection[str], refuse: Refuse) -> None:
        self.names = frozenset(names)
        self._refuse = refuse

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        parts = fullname.split(".")
        if not any(".".join(parts[: length + 1]) in self.names for length in range(len(parts))):
            return None
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        return _Module(spec.name, self._refuse)

    def exec_module(self, module: ModuleType) -> None:
        """There is nothing to run."""


def standing_in() -> list[StandIn]:
    """Those in use in this process."""
    return [finder for finder in sys.meta_path if isinstance(finder, StandIn)]
