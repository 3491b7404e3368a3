"""Where this installation is, and the environment that all its programs share."""

import os
from collections.abc import MutableMapping
from pathlib import Path
from typing import TYPE_CHECKING

from helpdesk.host import secrets_file

if TYPE_CHECKING:
    from store.settings import Settings

ROOT = Path(__file__).resolve().parents[3]
PREFIX = "STAFFEL_"
DEFAULT_HOME = "var"


def prepare_environment(environ: MutableMapping[str, str] | None = None, root: Path = ROOT) -> None:
    """Puts `.env`, the home folder and the stored secrets into the environment, from whatever folder we were called.

    Everything that runs later, in this process or started by it, then sees the same settings.
    """
    environ = os.environ if environ is None else environ
    typed = environ.get("STAFFEL_HOME")
    _take_over(environ, _read_env_file(root / ".env"))
    home = Path.cwd() / typed if typed else root / (environ.get("STAFFEL_HOME") or DEFAULT_HOME)
    environ["STAFFEL_HOME"] = str(home)
    _take_over(environ, secrets_file.read(home) if os.access(home, os.X_OK) else {})


def version() -> str:
    """Staffel's version, from pyproject.toml."""
    import tomllib

    found: str = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    return found


def make_home() -> Path:
    """The home folder, closed to others: it holds the embedded database and the secrets."""
    home = Path(os.environ["STAFFEL_HOME"])
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    return home


def settings() -> "Settings":
    """The settings, checked. Raises pydantic's `ValidationError`."""
    from store.settings import Settings

    return Settings()


def _read_env_file(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    from dotenv import dotenv_values

    values = dotenv_values(path, interpolate=False)
    return {name: value for name, value in values.items() if name.startswith(PREFIX) and value is not None}


def _take_over(environ: MutableMapping[str, str], values: dict[str, str]) -> None:
    for name, value in values.items():
        environ.setdefault(name, value)
