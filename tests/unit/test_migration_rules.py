"""A migration may only add what the version before ignores: both run side by side while instances are replaced."""

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

import store.migrations

VERSIONS = Path(store.migrations.__file__).parent / "versions"
#: Up to here the rule was not yet written down.
FREE = "0036"
#: What takes something away all the same, and why the version before doesn't miss it.
CONTRACTED: Mapping[str, str] = {}
_TAKING = frozenset({
    "alter_column", "create_check_constraint", "create_foreign_key", "create_primary_key", "drop_column",
    "drop_constraint", "drop_table", "rename_table",
})  # fmt: skip
_TAKING_SQL = re.compile(
    r"\bDROP\s+(TABLE|COLUMN|CONSTRAINT)\b|\bRENAME\b|\bSET\s+NOT\s+NULL\b|\bDELETE\s+FROM\b", re.I
)


def find_breaks(migration: str) -> list[str]:
    """What in a migration's source the version before would stumble over."""
    tree = ast.parse(migration)
    forward = [part for part in tree.body if not (isinstance(part, ast.FunctionDef) and part.name == "downgrade")]
    nodes = [node for part in forward for node in ast.walk(part)]
    calls = [node for node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
    own = {str(_first(call)) for call in calls if _name(call) == "create_table"}
    return [problem for call in calls for problem in _breaks_of(call, own)] + [
        f"SQL: {node.value.strip()[:60]}"
        for node in nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _TAKING_SQL.search(node.value)
    ]


def _breaks_of(call: ast.Call, own_tables: set[str]) -> Iterator[str]:
    name, given = _name(call), {one.arg: one.value for one in call.keywords}
    if name in _TAKING:
        yield f"{name} on line {call.lineno}"
    if name == "add_column":
        yield from _forced_columns(call)
    is_unique = name == "create_unique_constraint" or (name == "create_index" and _is(given.get("unique"), True))
    if is_unique and not own_tables & {str(one.value) for one in call.args if isinstance(one, ast.Constant)}:
        yield f"unique on a table that there was, on line {call.lineno}"


def _forced_columns(call: ast.Call) -> Iterator[str]:
    for part in ast.walk(call):
        if isinstance(part, ast.Call) and isinstance(part.func, ast.Attribute) and part.func.attr == "Column":
            given = {one.arg: one.value for one in part.keywords}
            if _is(given.get("nullable"), False) and "server_default" not in given:
                yield f"a column that rows of the version before lack, on line {part.lineno}"


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else ""


def _first(call: ast.Call) -> object:
    return call.args[0].value if call.args and isinstance(call.args[0], ast.Constant) else None


def _is(node: ast.expr | None, value: object) -> bool:
    return isinstance(node, ast.Constant) and node.value is value


def newer() -> list[Path]:
    return sorted(path for path in VERSIONS.glob("[0-9]*_*.py") if path.name[:4] > FREE)


@pytest.mark.parametrize("path", newer(), ids=lambda path: path.stem)
def test_a_migration_only_adds_what_the_version_before_ignores(path: Path) -> None:
    if path.name[:4] not in CONTRACTED:
        assert find_breaks(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "statement",
    [
        'op.drop_table("agents")',
        'op.rename_table("agents", "people")',
        'op.add_column("agents", sa.Column("town", sa.String(80), nullable=False))',
        'op.create_index("uq_town", "agents", ["town"], unique=True)',
        'op.execute("ALTER TABLE agents RENAME COLUMN name TO title")',
        'with op.batch_alter_table("agents") as table:\n        table.drop_column("name")',
        'with op.batch_alter_table("agents") as table:\n        table.alter_column("name", nullable=False)',
    ],
)
def test_what_the_version_before_would_stumble_over_is_found(statement: str) -> None:
    assert find_breaks(f"def upgrade() -> None:\n    {statement}\n")


@pytest.mark.parametrize(
    "statement",
    [
        'op.add_column("agents", sa.Column("town", sa.String(80), nullable=False, server_default=""))',
        'op.add_column("agents", sa.Column("town", sa.String(80)))',
        'op.create_table("towns", sa.Column("name", sa.String(80), nullable=False))\n'
        '    op.create_index("uq_towns", "towns", ["name"], unique=True)',
        "pass\n\ndef downgrade() -> None:\n    op.drop_table('towns')",
    ],
)
def test_what_only_adds_is_left_alone(statement: str) -> None:
    assert find_breaks(f"def upgrade() -> None:\n    {statement}\n") == []


def test_an_earlier_migration_shows_what_is_meant() -> None:
    assert find_breaks((VERSIONS / "0012_files.py").read_text(encoding="utf-8"))
