"""The judgement of old libraries is about the versions that are locked, and the audit leaves out what it judges."""

import re
import sys
from datetime import date
from pathlib import Path

import pytest

from release import audit
from release.audit import AuditResult
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

    results = audit.run_audits(tmp_path)

    assert results == {
        "helpdesk": AuditResult.NOTHING_KNOWN,
        "tests and checks": AuditResult.NOTHING_KNOWN,
        "the bot": AuditResult.FOUND,
        "browser scripts": AuditResult.NOT_LOOKED_UP,
    }
    assert "said above of: the bot." in audit.what_to_do(results)
    lines = said.read_text(encoding="utf-8").splitlines()
    assert [line.rpartition("-r ")[2] for line in lines] == [
        "requirements.txt",
        "requirements-dev.txt",
        "bot/requirements.txt --ignore-vuln=CVE-2024-12345",
    ]


#: As pip-audit 2 and npm 10 print them, here and without a network.
AWAY = "requests.exceptions.ConnectionError: HTTPSConnectionPool(host='…', port=443): Max retries exceeded"
UNKNOWN = "ERROR:pip_audit._cli:x: Dependency not found on PyPI and could not be audited: x (1.0)"
REFUSED = "npm warn audit 405 Method Not Allowed - POST\nnpm error audit endpoint returned an error"
FOUND = "Found 1 known vulnerability in 1 package\nx 1.0 GHSA-aaaa-bbbb-cccc ConnectionError in retries"


@pytest.mark.parametrize(
    ("printed", "status", "result"),
    [
        (AWAY, 1, AuditResult.NOT_LOOKED_UP),
        (UNKNOWN, 1, AuditResult.NOT_LOOKED_UP),
        (REFUSED, 1, AuditResult.NOT_LOOKED_UP),
        (FOUND, 1, AuditResult.FOUND),
        ("3 high severity vulnerabilities", 1, AuditResult.FOUND),
        ("pip-audit: error: unrecognized arguments", 2, AuditResult.FOUND),
        ("No known vulnerabilities found", 0, AuditResult.NOTHING_KNOWN),
    ],
)
def test_a_service_that_does_not_answer_is_no_finding_and_no_silence(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    printed: str,
    status: int,
    result: AuditResult,
) -> None:
    said = f"import sys; print({printed!r}); sys.exit({status})"
    monkeypatch.setattr(audit, "audits", lambda page: {"helpdesk": [sys.executable, "-c", said]})
    (tmp_path / "docs").mkdir()
    (tmp_path / audit.JUDGEMENT).touch()

    results = audit.run_audits(tmp_path)

    assert results == {"helpdesk": result}
    left = audit.what_to_do(results)
    assert ("on a machine that reaches them" in left) == (result is AuditResult.NOT_LOOKED_UP)
    assert bool(left) == (result is not AuditResult.NOTHING_KNOWN)
    assert (printed in capsys.readouterr().out) == (result is not AuditResult.NOT_LOOKED_UP), "no traceback is shown"
