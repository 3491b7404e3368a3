"""Names that mean several things, types that are participles, modules that are gerunds. Words are judged by endings.

The lists hold what the endings get wrong. A gerund is left out where the field itself calls the activity so, and a noun
that only ends like one.
"""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from benchmarks.source.revision import Module

#: Participles without a regular ending.
IRREGULAR = frozenset(
    """
    begun bound broken brought built caught chosen done drawn driven dropt fallen felt forgotten found given gone
    heard held hidden kept known learnt left lost made meant met paid read said seen sent shown sold spent spoken
    sworn taken taught thought told understood undone woken won worn written
    """.split()  # noqa: SIM905 - sixty words, not sixty lines
)
#: Nouns and terms that end like a participle.
NOUNS = frozenset(
    """
    bed breed deed embed feed need seed shed speed weed
    building embedding ending finding greeting heading listing meeting opening rating rewording setting spelling string
    thing timing warning wording
    """.split()  # noqa: SIM905 - sixty words, not sixty lines
)
#: Activities that the field calls by their gerund.
ACTIVITIES = frozenset(
    """
    batching billing caching hashing learning logging masking parsing polling pricing ranking rendering routing sampling
    signing stemming streaming testing throttling tracing training typing
    """.split()  # noqa: SIM905 - sixty words, not sixty lines
)

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Gerunds:
    """Modules and packages named by a gerund: those that need not be, and those that the field calls so."""

    avoidable: tuple[str, ...]
    usual: tuple[str, ...]


def class_places(modules: Iterable[Module]) -> dict[str, list[str]]:
    """Every class name with the modules that define it, one entry for each definition."""
    found: dict[str, list[str]] = {}
    for module in modules:
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ClassDef):
                found.setdefault(node.name, []).append(module.name)
    return found


def repeated(places: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """The public names that more than one class has, the most frequent first."""
    several = {name: where for name, where in places.items() if len(where) > 1 and not name.startswith("_")}
    return dict(sorted(several.items(), key=lambda each: (-len(each[1]), each[0])))


def participles(names: Iterable[str]) -> list[str]:
    """The type names that are a participle alone. `LinkExpired` isn't: the field names errors and events so."""
    return sorted(name for name in names if len(words := _words(name)) == 1 and _is_participle(words[0]))


def gerunds(modules: Iterable[Module]) -> Gerunds:
    """The modules whose last word is a gerund; migrations, which are named by sentences, aside."""
    found = [(name, _words(name.rpartition(".")[2])[-1]) for name in _named(modules)]
    ending = [(name, word) for name, word in found if word.endswith("ing") and word not in NOUNS]
    return Gerunds(
        avoidable=tuple(sorted(name for name, word in ending if word not in ACTIVITIES)),
        usual=tuple(sorted(name for name, word in ending if word in ACTIVITIES)),
    )


def _named(modules: Iterable[Module]) -> Iterator[str]:
    return (module.name for module in modules if ".migrations." not in module.name)


def _words(name: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(name)]


def _is_participle(word: str) -> bool:
    if word in NOUNS or word in ACTIVITIES:
        return False
    return word.endswith(("ed", "ing")) or word in IRREGULAR or word.removeprefix("un") in IRREGULAR
