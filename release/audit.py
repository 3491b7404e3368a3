"""Compares the lock files with the advisory services of PyPI and npm."""

import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

import click

JUDGEMENT = Path("docs/bot-libraries.md")
ADVISORY = re.compile(r"\b(?:CVE-\d{4}-\d{4,}|GHSA(?:-[0-9a-z]{4}){3}|PYSEC-\d{4}-\d+)\b")
#: Where `make audit` puts pip-audit, by setup/audit.txt.
PIP_AUDIT = ".tmp/audit/bin/pip-audit"


def judged_advisories(page: str) -> list[str]:
    """The advisories that rows of the judgement's table name."""
    return [name for line in page.splitlines() if line.startswith("| ") for name in ADVISORY.findall(line)]


def audits(page: str) -> dict[str, list[str]]:
    """What is compared, and the command that does it. A library that can't be looked up is a failure (`--strict`)."""
    command = [PIP_AUDIT, "--strict", "--disable-pip", "--require-hashes", "--progress-spinner=off", "-r"]
    ignored = [f"--ignore-vuln={name}" for name in judged_advisories(page)]
    return {
        "helpdesk": [*command, "requirements.txt"],
        "tests and checks": [*command, "requirements-dev.txt"],
        "the bot": [*command, "bot/requirements.txt", *ignored],
        "browser scripts": ["npm", "audit", "--package-lock-only"],
    }


def failed_audits(root: Path) -> Sequence[str]:
    """Runs all of them, whatever becomes of the first, and names those that found something or could not be done."""
    page = (root / JUDGEMENT).read_text(encoding="utf-8")
    return [name for name, command in audits(page).items() if _fails(name, command, root)]


def _fails(name: str, command: list[str], root: Path) -> bool:
    click.echo(f"\n== {name}")
    try:
        return subprocess.run(command, cwd=root, check=False).returncode != 0
    except FileNotFoundError:
        click.echo(f"{command[0]} is not on this machine.")
        return True
