"""Lets Rasa start without TensorFlow.

Rasa 3.6 imports TensorFlow at the top of a dozen modules, also when no component of the pipeline uses it. This module
answers those imports with empty classes, so that modules can be read and classes derived; whoever then really asks for
a TensorFlow component is told in one sentence what is missing and how to get it.

It stands at the very end of the import path and steps aside as soon as a real TensorFlow is installed.
See docs/decisions/0002-rasa-without-tensorflow.md.
"""

import importlib.abc
import importlib.machinery
import importlib.util
import sys
from collections.abc import Sequence
from types import ModuleType
from typing import Any, NoReturn

from bot.stand_in import StandIn, standing_in

STANDS_IN_FOR = ("tensorflow", "tensorflow_hub", "tensorflow_text", "keras")
NEEDS_TENSORFLOW = {
    "rasa.nlu.classifiers.diet_classifier": "DIETClassifier",
    "rasa.nlu.featurizers.dense_featurizer.convert_featurizer": "ConveRTFeaturizer",
    "rasa.nlu.featurizers.dense_featurizer.lm_featurizer": "LanguageModelFeaturizer",
    "rasa.core.policies.ted_policy": "TEDPolicy",
}
REMEDY = (
    "TensorFlow is not installed here, because Staffel's own pipeline does not need it. "
    "To use it, install the extra into the bot's environment: "
    "uv pip sync --python bot/.venv/bin/python bot/requirements-diet.txt"
)


def missing(wanted: str) -> Exception:
    """The error for someone who asked for `wanted`. Of a RasaException, Rasa's command line prints only the text."""
    from rasa.shared.exceptions import RasaException

    class TensorFlowMissing(RasaException):
        """A TensorFlow component was asked for in an environment without TensorFlow."""

    return TensorFlowMissing(f"{wanted} needs TensorFlow. {REMEDY}")


class _Marker(importlib.abc.MetaPathFinder):
    """Makes Rasa's graph validation refuse the TensorFlow components, before any training or loading has begun."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        component = NEEDS_TENSORFLOW.get(fullname)
        spec = importlib.machinery.PathFinder.find_spec(fullname, path) if component else None
        if spec is None or spec.loader is None:
            return None
        spec.loader = _MarkingLoader(spec.loader, str(component))
        return spec


class _MarkingLoader(importlib.abc.Loader):
    def __init__(self, loader: Any, component: str) -> None:
        self._loader = loader
        self._component = component

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        self._loader.exec_module(module)
        getattr(module, self._component).required_packages = classmethod(_refuse)


def _refuse(component: type) -> NoReturn:
    """Takes the place of `required_packages`, which Rasa asks every component for when it validates a graph."""
    raise missing(component.__name__)


def is_installed() -> bool:
    """Whether this process runs on the stand-in."""
    return any(finder.names == frozenset(STANDS_IN_FOR) for finder in standing_in())


def install() -> bool:
    """Puts the stand-in in place unless there is a real TensorFlow; True if it is in use."""
    if is_installed():
        return True
    if importlib.util.find_spec("tensorflow") is not None:
        return False
    sys.meta_path.insert(0, _Marker())
    sys.meta_path.append(StandIn(STANDS_IN_FOR, missing))
    return True
