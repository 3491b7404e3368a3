"""Every fault of the list has a test that bears its number, or a sentence in docs/operations.md that says why not."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
FAULTS = frozenset({*range(1, 44), *range(66, 88)})
ROW = re.compile(r"^\| F(\d+) \| ([^|]+) \| ([^|]*?) ?\|$", re.MULTILINE)
PYTHON_NAME = re.compile(r"^ *(?:async )?def test_((?:f\d+_)+)", re.MULTILINE)
SCRIPT_NAME = re.compile(r"^test\(\"(F\d+): ", re.MULTILINE)
NUMBER = re.compile(r"\d+")


def numbers_in(names: list[str]) -> set[int]:
    return {int(number) for name in names for number in NUMBER.findall(name)}


def tried() -> set[int]:
    """The numbers that tests bear in their names."""
    python = [name for path in ROOT.glob("tests/**/test_*.py") for name in PYTHON_NAME.findall(path.read_text("utf-8"))]
    script = [
        name for path in ROOT.glob("tests/web/*.test.js") for name in SCRIPT_NAME.findall(path.read_text("utf-8"))
    ]
    return numbers_in(python) | numbers_in(script)


def rows() -> dict[int, str]:
    """What the table says is not tried, by number."""
    found = ROW.findall((ROOT / "docs" / "operations.md").read_text("utf-8"))
    assert len(found) == len({number for number, _, _ in found}), "a number stands twice"
    return {int(number): gap for number, _, gap in found}


def test_the_table_has_each_fault() -> None:
    assert rows().keys() == FAULTS


def test_each_fault_has_a_test_with_its_number_or_a_sentence_why_not() -> None:
    explained = {number for number, gap in rows().items() if gap}
    assert sorted(FAULTS - tried() - explained) == []


def test_a_gap_is_a_sentence() -> None:
    assert [number for number, gap in rows().items() if gap and not gap.endswith(".")] == []
