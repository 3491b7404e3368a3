"""The judgement of old libraries is about the versions that are locked, and the audit leaves out what it judges."""

import re
import sys
from datetime import date
from pathlib import Path

import pytest

from release import audit
from release.locks import python_packages

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / audit.JUDGEMENT).read_text(encoding="utf-8")
ROW = re.compile(r"^\| ([\w-]+) ([\d.]+) \| ((?:(?:CVE|GHSA|PYSEC)-[\w-]+ ?)+) \| .* \| .* \| .* ?\|$", re.MULTILINE)


def test_each_judgement_is_about_the_version_that_is_locked() -> None:
    locked = {package.name: package.version for package in python_packages(ROOT / "bot/requirements.txt")}
    rows = ROW.findall(PAGE)
    assert len(rows) > 10
    assert [name for name, version, _ in rows if locked.get(name) != version] == [], "judge them anew"


def test_the_audit_leaves_out_for_the_bot_what_is_judged_and_nothing_else() -> None:
    judged = {name for _, _, names in ROW.findall(PAGE) for name in names.split()}
    commands = audit.audits(PAGE)
    ignored = {name: {part for part in command if "ignore" in part} for name, command in commands.items()}
    assert ignored["the bot"] == {f"--ignore-vuln={name}" for name in judged}
    assert ignored["helpdesk"] == ignored["tests and checks"] == ignored["browser scripts"] == set()
    assert "CVE-2024-49375" not in judged


def test_the_judgement_has_a_day() -> None:
    found = re.search(r"\*\*Judged on (\d{4}-\d\d-\d\d)\*\*", PAGE)
    assert found
    assert date.fromisoformat(found[1]) >= date(2026, 11, 30)


def test_all_is_compared_and_each_failure_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    (tmp_path / "docs").mkdir()
    (tmp_path / audit.JUDGEMENT).write_text("| x 1 | CVE-2024-12345 | | | |\n", encoding="utf-8")
    tool = tmp_path / audit.PIP_AUDIT
    tool.parent.mkdir(parents=True)
    said = tmp_path / "said"
    tool.write_text(
        f'#!{sys.executable}\nimport sys\nprint(" ".join(sys.argv[1:]), file=open("said", "a"))\n'
        'sys.exit("bot/requirements.txt" in sys.argv)\n',
        encoding="utf-8",
    )
    tool.chmod(0o755)

    failed = audit.failed_audits(tmp_path)

    assert failed == ["the bot", "browser scripts"]
    lines = said.read_text(encoding="utf-8").splitlines()
    assert [line.rpartition("-r ")[2] for line in lines] == [
        "requirements.txt",
        "requirements-dev.txt",
        "bot/requirements.txt --ignore-vuln=CVE-2024-12345",
    ]
