"""The import rules of docs/architecture.md that import-linter can not see; `make check` runs import-linter itself."""

import ast
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OURS = {
    "actions",
    "bot",
    "bot_protocol",
    "connectors",
    "helpdesk",
    "i18n",
    "identifiers",
    "knowledge",
    "store",
    "tracing",
}
OUTSIDE = {"benchmarks", "bot", "release", "tests"}  # nothing of ours imports them
CONCRETE = {"connectors.webchat", "connectors.telegram", "connectors.slack", "connectors.email"}


def modules(*packages: str) -> list[Path]:
    return [
        path
        for package in packages
        for path in sorted((ROOT / package).rglob("*.py"))
        if not any(part.startswith(".") for part in path.relative_to(ROOT).parts)
    ]


def imports(path: Path) -> Iterator[str]:
    """The full name of every module that a file imports, also inside functions."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)


def top(name: str) -> str:
    return name.partition(".")[0]


def offenders(paths: list[Path], forbidden: set[str]) -> list[str]:
    found = [(path, name) for path in paths for name in imports(path) if name in forbidden or top(name) in forbidden]
    return [f"{path.relative_to(ROOT)} imports {name}" for path, name in found]


def test_the_bot_imports_nothing_of_ours_but_its_protocol_the_identifiers_and_tracing() -> None:
    paths = modules("bot")
    assert paths
    assert offenders(paths, OURS - {"bot", "bot_protocol", "identifiers", "tracing"}) == []


@pytest.mark.parametrize("package", ["identifiers", "tracing"])
def test_what_both_programs_use_imports_nothing_of_ours(package: str) -> None:
    paths = modules(package)
    assert paths
    assert offenders(paths, OURS - {package}) == []


def test_the_bots_protocol_stands_on_the_standard_library() -> None:
    paths = modules("bot_protocol")
    assert paths
    foreign = {name for path in paths for name in imports(path) if top(name) not in sys.stdlib_module_names}
    assert {top(name) for name in foreign} == {"bot_protocol"}


def test_nothing_of_ours_imports_the_bot() -> None:
    assert (
        offenders(
            modules("actions", "bot_protocol", "connectors", "helpdesk", "i18n", "identifiers", "knowledge", "store"),
            {"bot"},
        )
        == []
    )


def test_only_the_app_and_the_commands_that_connect_name_concrete_connectors() -> None:
    allowed = {ROOT / "helpdesk/app/channels.py", *(ROOT / "helpdesk/host/cli").glob("*connect*.py")}
    allowed |= {ROOT / "helpdesk/host/cli" / f"{channel}_probe.py" for channel in ("mail", "telegram", "slack")}
    paths = [path for path in modules("actions", "helpdesk", "knowledge") if path not in allowed]
    assert offenders(paths, CONCRETE) == []
    assert offenders([ROOT / "helpdesk/app/channels.py"], CONCRETE)


def test_no_connector_knows_another() -> None:
    for path in modules("connectors"):
        own = f"connectors.{path.relative_to(ROOT / 'connectors').parts[0].removesuffix('.py')}"
        assert offenders([path], CONCRETE - {own}) == []


def test_the_rules_of_handoff_are_pure() -> None:
    paths = modules("helpdesk/handoff")
    assert paths
    allowed = {*sys.stdlib_module_names}
    nouns = ("helpdesk.handoff", "store.status", "store.errors", "store.triggers")  # pure themselves
    foreign = {
        f"{path.name}: {name}"
        for path in paths
        for name in imports(path)
        if top(name) not in allowed and not name.startswith(nouns)
    }
    assert foreign == set()


@pytest.mark.parametrize("statement", ["import bot", "from bot import channel", "def f():\n    from bot.text import x"])
def test_the_rule_sees_every_form_of_import(tmp_path: Path, statement: str) -> None:
    path = tmp_path / "module.py"
    path.write_text(statement, encoding="utf-8")
    assert {top(name) for name in imports(path)} == {"bot"}


def test_import_linter_reads_every_package_of_ours() -> None:
    """The contract on rooms is exhaustive inside a package; this holds it exhaustive on the top level as well."""
    configured = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert set(configured["tool"]["importlinter"]["root_packages"]) == packages - OUTSIDE
