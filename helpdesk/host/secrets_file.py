"""The secrets of a one-machine installation: made at the first start and kept in a file only its owner can read."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

FILE = "secrets.env"
NAMES = ("STAFFEL_BOT_SECRET", "STAFFEL_SECRET_KEY")
MIN_LENGTH = 32
HEADING = """\
# Made by `staffel up`. Keep a copy with your backup: STAFFEL_SECRET_KEY is needed to read what was encrypted with it.
# A value in the environment or in .env takes the place of the one here.
"""


class SecretTooShort(ValueError):
    """A secret that somebody set by hand and that could be guessed."""


def parse(text: str) -> dict[str, str]:
    """The `NAME=value` lines; comments and names that are not ours are left out."""
    pairs = (line.split("=", 1) for line in text.splitlines() if "=" in line and not line.lstrip().startswith("#"))
    values = {name.strip(): value.strip() for name, value in pairs}
    return {name: values[name] for name in NAMES if values.get(name)}


def form(values: Mapping[str, str]) -> str:
    """The file's text."""
    return HEADING + "".join(f"{name}={value}\n" for name, value in values.items())


def complete(known: Mapping[str, str]) -> dict[str, str]:
    """What is known, and a new random value (256 bits) for every name that has none."""
    values = {name: known.get(name) or secrets.token_urlsafe(32) for name in NAMES}
    for name, value in values.items():
        if len(value) < MIN_LENGTH:
            raise SecretTooShort(f"{name} has {len(value)} characters; it needs at least {MIN_LENGTH}.")
    return values


def read(home: Path) -> dict[str, str]:
    """The secrets in `home`; empty before the first start."""
    path = home / FILE
    return parse(path.read_text(encoding="utf-8")) if path.exists() else {}


def ensure(home: Path, given: Mapping[str, str]) -> dict[str, str]:
    """All secrets: from `given` (the environment) first, else from the file, which gets what it lacks."""
    stored = read(home)
    from_environment = {name: given[name] for name in NAMES if given.get(name)}
    values = complete({**stored, **from_environment})
    made = {name: value for name, value in values.items() if name not in stored and name not in from_environment}
    if made:
        keep(home, {**stored, **made})
    return values


def keep(home: Path, values: Mapping[str, str]) -> None:
    """Whole or not at all, and never readable by others, not even for a moment."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = home / f".{FILE}.{os.getpid()}"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(form(values))
        file.flush()
        os.fsync(file.fileno())
    draft.replace(home / FILE)
