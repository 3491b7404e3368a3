"""SQL that is compiled once in a process instead of once in every test, which was a quarter of their processor time.

SQLAlchemy keeps what it has compiled by engine and by dialect object, and each test has both of its own. Objects of
mappers kept it too, a hundred statements each, for dialects that were gone: hundreds of megabytes by the end of a run.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache

#: Statements kept; one test runs a few hundred different ones.
KEPT = 1_000


@contextmanager
def shared_compilation() -> Iterator[None]:
    """Have all engines take one another's compiled statements, and count dialects of one kind as one."""
    kept = LRUCache[object, object](KEPT)

    def share(connection: Connection) -> None:
        connection.execution_options(compiled_cache=kept)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DefaultDialect, "__eq__", _is_same_kind)
        patch.setattr(DefaultDialect, "__hash__", _hash_of_kind)
        event.listen(Engine, "engine_connect", share)
        yield
        event.remove(Engine, "engine_connect", share)


def _is_same_kind(one: DefaultDialect, other: object) -> bool:
    return type(one) is type(other)


def _hash_of_kind(dialect: DefaultDialect) -> int:
    return hash(type(dialect))
