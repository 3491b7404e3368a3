"""What `staffel doctor` looks at on this machine. Every check says what it found and, if need be, what to do.

Nothing found may be a secret or a customer's word: people send this to support.
"""

import shutil
import stat
import subprocess
import sys
import time
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from connectors.contract.findings import Finding, FindingLevel
from helpdesk.host import secrets_file

GIGABYTE = 1024**3
MIN_SPACE = 1 * GIGABYTE
WANTED_PYTHON = {"helpdesk": "3.12 or newer", "bot": "3.10"}
ASK_MODEL = """
from pathlib import Path
from bot import model_file
complaint = model_file.complaint_about_model(model_file.MODEL)
outdated = "trained from other files than those here now"
print(complaint or ("" if model_file.is_up_to_date(Path(".")) else outdated))
"""


class CheckStatus(StrEnum):
    """How a check ended."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One line of the report."""

    name: str
    status: CheckStatus
    found: str
    remedy: str = ""


_STATUSES = {
    FindingLevel.OK: CheckStatus.OK,
    FindingLevel.NOTE: CheckStatus.WARNING,
    FindingLevel.FAILED: CheckStatus.FAILED,
}


def check_of(finding: Finding) -> Check:
    """What a connector found, as a line of the report."""
    return Check(name=finding.name, status=_STATUSES[finding.level], found=finding.found, remedy=finding.remedy)


def ok(name: str, found: str) -> Check:
    """As it should be."""
    return Check(name=name, status=CheckStatus.OK, found=found)


def failed(name: str, found: str, remedy: str) -> Check:
    """Does not work like this."""
    return Check(name=name, status=CheckStatus.FAILED, found=found, remedy=remedy)


def warning(name: str, found: str, remedy: str) -> Check:
    """Works, and yet somebody should look."""
    return Check(name=name, status=CheckStatus.WARNING, found=found, remedy=remedy)


def check_address(origin: str, proxy_problem: str) -> Check:
    """Whether limits by address hold behind a proxy."""
    if proxy_problem:
        return failed("public address", origin, proxy_problem)
    return ok("public address", origin)


def skipped(name: str, found: str) -> Check:
    """Not in use here, or not running now."""
    return Check(name=name, status=CheckStatus.SKIPPED, found=found)


def check_environment(root: Path, name: str) -> Check:
    """The Python of `helpdesk` or `bot`, and whether its libraries are the locked ones."""
    label = f"{name} environment"
    folder, requirements = _folder_of(root, name)
    version = python_version(folder / "bin" / "python")
    if version is None:
        return failed(label, f"{folder.relative_to(root)} is missing or broken", "make setup")
    if not _is_wanted(name, version):
        return failed(label, f"Python {version}, but it has to be {WANTED_PYTHON[name]}", "make clean setup")
    if _stamp(folder / f"staffel-{name}") != cksum(requirements):
        return failed(label, f"Python {version}, libraries other than the locked ones", "make setup")
    return ok(label, f"Python {version}, libraries as locked")


def _folder_of(root: Path, name: str) -> tuple[Path, Path]:
    base = root if name == "helpdesk" else root / name
    return base / ".venv", base / "requirements.txt"


def _is_wanted(name: str, version: str) -> bool:
    major, minor = (int(part) for part in version.split(".")[:2])
    return (major, minor) == (3, 10) if name == "bot" else (major, minor) >= (3, 12)


def python_version(python: Path) -> str | None:
    """`3.12.1`; None when it can not be run."""
    if python == Path(sys.executable):
        return ".".join(map(str, sys.version_info[:3]))
    try:
        ran = subprocess.run([python, "--version"], capture_output=True, text=True, timeout=20, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return ran.stdout.strip().removeprefix("Python ")


def cksum(path: Path) -> str:
    """What POSIX `cksum` prints for the file, with which setup/environments.sh stamps an environment."""
    try:
        with path.open("rb") as file:
            ran = subprocess.run(["cksum"], stdin=file, capture_output=True, text=True, check=True)  # noqa: S607
    except (OSError, subprocess.SubprocessError):
        return ""
    return ran.stdout.strip()


def _stamp(path: Path) -> str | None:
    return path.read_text(encoding="utf-8").strip() if path.exists() else None


def check_model(root: Path) -> Check:
    """The bot's trained model. The bot's own code is asked, in its own environment, for it alone knows the rules."""
    try:
        command = [str(root / "bot" / ".venv" / "bin" / "python"), "-c", ASK_MODEL]
        ran = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=60, check=True)
    except (OSError, subprocess.SubprocessError):
        return skipped("model", "the bot's environment has to work first")
    complaint = ran.stdout.strip()
    return failed("model", complaint, "./staffel train") if complaint else ok("model", "as trained, and up to date")


def check_home(home: Path) -> Check:
    """The folder with the embedded database and the secrets belongs to us alone."""
    if not home.is_dir():
        return skipped("home", f"{home} is not there yet; ./staffel up makes it")
    mode = stat.S_IMODE(home.stat().st_mode)
    if mode & 0o077:
        return warning("home", f"{home} may be entered by others (mode {mode:o})", f"chmod 700 {home}")
    return ok("home", f"{home}, closed to others")


def check_space(home: Path) -> Check:
    """A full disk stops every answer."""
    existing = next(folder for folder in (home, *home.parents) if folder.exists())
    free = shutil.disk_usage(existing).free
    found = f"{free / GIGABYTE:.1f} GB free at {existing}"
    if free < MIN_SPACE:
        return failed("disk", found, "Free some space; below 1 GB the database may soon refuse to store messages.")
    return ok("disk", found)


def check_secrets(home: Path, lengths: dict[str, int]) -> Check:
    """Both secrets are set and long enough, and their file is closed to others. Only lengths come in here."""
    short = [name for name in secrets_file.NAMES if lengths.get(name, 0) < secrets_file.MIN_LENGTH]
    path = home / secrets_file.FILE
    if short and not path.exists():
        return skipped("secrets", "not made yet; ./staffel up makes them")
    if short:
        least = secrets_file.MIN_LENGTH
        return failed(
            "secrets", f"too short or missing: {', '.join(short)}", f"Set them to at least {least} characters."
        )
    if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
        return failed("secrets", f"{path} can be read by others", f"chmod 600 {path}")
    return ok("secrets", "set" + (f", {path.name} closed to others" if path.exists() else " by the environment"))


def check_clock(root: Path) -> Check:
    """A clock that lags behind our own files breaks sessions, links and the order of messages."""
    lag = (root / "requirements.txt").stat().st_mtime - time.time()
    if lag > 60:
        return failed("clock", f"{lag / 3600:.1f} hours behind Staffel's own files", "Set the clock (timedatectl).")
    return ok("clock", time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime()))
