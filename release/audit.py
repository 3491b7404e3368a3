"""Compares the lock files with the advisory services of PyPI and npm."""

import re
import subprocess
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path

import click

JUDGEMENT = Path("docs/bot-libraries.md")
ADVISORY = re.compile(r"\b(?:CVE-\d{4}-\d{4,}|GHSA(?:-[0-9a-z]{4}){3}|PYSEC-\d{4}-\d+)\b")
#: Where `make audit` puts pip-audit, by setup/audit.txt.
PIP_AUDIT = ".tmp/audit/bin/pip-audit"
#: What pip-audit and npm print when a service did not answer, or knows nothing of what it was asked.
_UNANSWERED = re.compile(
    r"ConnectionError|ConnectTimeout|ReadTimeout|ServiceError|Max retries exceeded|could not be audited"
    r"|audit endpoint returned an error|EAI_AGAIN|ENOTFOUND|ECONNREFUSED|ETIMEDOUT"
)
_FOUND = re.compile(r"\d+ (?:\w+ )*vulnerabilit", re.IGNORECASE)


class AuditResult(StrEnum):
    """How one comparison ended."""

    NOTHING_KNOWN = "nothing known"
    FOUND = "something found"
    NOT_LOOKED_UP = "not looked up"


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


def run_audits(root: Path) -> Mapping[str, AuditResult]:
    """Runs all of them, whatever becomes of the first; how each ended, by name."""
    page = (root / JUDGEMENT).read_text(encoding="utf-8")
    return {name: _run(name, command, root) for name, command in audits(page).items()}


def what_to_do(results: Mapping[str, AuditResult]) -> str:
    """What is left to be done after these, as a sentence for each kind; empty when there is nothing."""
    found = [name for name, result in results.items() if result is AuditResult.FOUND]
    missed = [name for name, result in results.items() if result is AuditResult.NOT_LOOKED_UP]
    told = []
    if found:
        told.append(f"Look at what is said above of: {', '.join(found)}. What is judged: {JUDGEMENT}.")
    if missed:
        told.append(
            f"Not looked up: {', '.join(missed)}. The advisory services of PyPI and npm don't answer here, so nothing "
            "is known of these: run `make audit` of this commit on a machine that reaches them, before it is released."
        )
    return " ".join(told)


def _run(name: str, command: Sequence[str], root: Path) -> AuditResult:
    click.echo(f"\n== {name}")
    try:
        ran = subprocess.run(
            command, cwd=root, check=False, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
    except FileNotFoundError:
        click.echo(f"{command[0]} is not on this machine.")
        return AuditResult.NOT_LOOKED_UP
    if ran.returncode and _UNANSWERED.search(ran.stdout) and not _FOUND.search(ran.stdout):
        click.echo("The service doesn't answer, or not for all.")
        return AuditResult.NOT_LOOKED_UP
    click.echo(ran.stdout.rstrip())
    return AuditResult.FOUND if ran.returncode else AuditResult.NOTHING_KNOWN
